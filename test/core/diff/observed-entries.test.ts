// What an entry is about can be read back from its line, whatever the names in it look like.
import { expect, it } from "vitest";
import { placeOf } from "../../../src/diff/observed-entries.ts";
import { isRead } from "../../../src/diff/role-context.ts";
import { isSystemSchema } from "../../../src/model/name.ts";
import { planObserved } from "../../../src/reconcile.ts";
import { readGolden } from "../../support/scenarios/goldens.ts";
import { parseObserved } from "../../support/scenarios/observed-json.ts";
import { listScenarios, readGoal } from "../../support/scenarios/scenario.ts";

const hostile = 'a"b\\: schema "x": } on {"kind":"schema","name":"y"}\n';
const name = JSON.stringify(hostile);

it.each([
  ["role does not exist", null, null],
  [`comment ${JSON.stringify('database "app": schema "s": all')}`, null, null],
  ['cluster: CONNECT on {"kind":"database","name":"app"} by "postgres"', null, null],
  [`database "app": schema ${name}: SELECT on 1 of 2 tables`, "app", hostile],
  [`database ${name}: schema "s": 3 tables (abc)`, hostile, "s"],
  [`database "app": USAGE on {"kind":"schema","name":${name}} by ${name} with grant option`, "app", hostile],
  [`database "app": SELECT on {"kind":"column","schema":"s","table":"t","name":${name}} by "postgres"`, "app", "s"],
  [`database "app": EXECUTE on {"kind":"routine","schema":"s","signature":${name}} by "postgres"`, "app", "s"],
  [`database "app": granted to ${name}: SELECT on {"kind":"table","schema":"s","name":"t"}`, "app", "s"],
  ['database "app": USAGE on {"kind":"language","name":"c"} by "postgres"', "app", null],
  ['database "app": default SELECT on tables of "owner" in "s" with grant option', "app", null],
  ['database "app": owns 3 objects', "app", null],
])("%s", (entry, database, schema) => {
  expect(placeOf(entry)).toEqual({ database, schema });
});

it("every entry of every scenario has a place that is in the catalogs", async () => {
  const places: (readonly [string | null, string | null])[] = [];
  for (const scenario of listScenarios()) {
    const observed = parseObserved(readGolden(scenario, "before.json") ?? "");
    const known = new Set(
      [...observed.databases.values()].filter(isRead).flatMap((catalog) => catalog.schemas.map(({ name: schema }) => schema)),
    );
    for (const entry of planObserved(await readGoal(scenario), observed).flatMap((plan) => plan.observed)) {
      const { database, schema } = placeOf(entry);
      places.push([database, schema]);
      expect(database !== null, entry).toBe(entry.startsWith("database "));
      if (database !== null) expect([...observed.databases.keys()], entry).toContain(database);
      if (schema !== null && !isSystemSchema(schema)) expect(known, entry).toContain(schema);
      expect(schema !== null, entry).toBe(/: schema "|"kind":"schema"|"schema":/u.test(entry));
    }
  }
  expect(places.filter(([, schema]) => schema !== null).length).toBeGreaterThan(100);
});
