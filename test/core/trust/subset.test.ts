// Whether a plan does only what was approved somewhere.
import { expect, test } from "vitest";
import { planObserved } from "../../../src/reconcile.ts";
import type { RolePlan } from "../../../src/model/plan.ts";
import { statementDigest } from "../../../src/trust/statement-digest.ts";
import { isCovered } from "../../../src/trust/subset.ts";
import { readGolden } from "../../support/scenarios/goldens.ts";
import { parseObserved } from "../../support/scenarios/observed-json.ts";
import { listScenarios, readGoal } from "../../support/scenarios/scenario.ts";
import { evidence } from "./evidence.fixture.ts";

type Planned = Pick<RolePlan, "statements" | "target" | "observed">;
type Statement = Planned["statements"][number];

const target: Planned["target"] = { resource: "analytics", host: "db", port: 5432, system_identifier: "7" };
const inApp: Statement["part"] = { phase: "database", database: "app" };
const observed = (tables: string): readonly string[] => [
  'database "app": schema "other": 9 tables (999)',
  `database "app": schema "public": ${tables}`,
  "role does not exist",
];
const statement = (sql: string, part = inApp): Statement => ({
  sql,
  part,
  change: { kind: "grant", privileges: ["SELECT"], on: { kind: "allTables", database: "app", schema: "public" }, grantee: "r" },
  hazards: [],
});
const plan = (...statements: Planned["statements"]): Planned => ({ target, observed: observed("2 tables (abc)"), statements });
const approved = (...digests: readonly string[]) => ({
  ...evidence,
  roles: [{ resource: "analytics", role: "r", checksum: "", statements: digests }],
});

const select = statement('GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "r"');
const insert = statement('GRANT INSERT ON ALL TABLES IN SCHEMA "public" TO "r"');
const digestOf = (each: Statement, more: Partial<Planned> = {}): string => statementDigest({ ...plan(each), ...more }, each);

test("what was approved in one pull request or another is covered, and what is already done may be missing", () => {
  expect(isCovered([plan(select)], [approved(digestOf(select), digestOf(insert))])).toBe(true);
  expect(isCovered([plan(select, insert)], [approved(digestOf(select)), approved(digestOf(insert))])).toBe(true);
  expect(isCovered([plan()], [])).toBe(true);
});

test.each<[what: string, digest: string]>([
  ["another statement", digestOf(insert)],
  ["the same in another database", digestOf(statement(select.sql, { phase: "database", database: "other" }))],
  ["the same on another cluster", digestOf(select, { target: { ...target, system_identifier: "8" } })],
  ["the same on another resource", digestOf(select, { target: { ...target, resource: "billing" } })],
  ["the same where the schema had other tables", digestOf(select, { observed: observed("2 tables (abd)") })],
  ["the same where the schema had a table less", digestOf(select, { observed: observed("1 tables (ab)") })],
  ["the same where nobody says what the schema had", digestOf(select, { observed: [] })],
])("%s covers nothing", (_, digest) => {
  expect(isCovered([plan(select)], [approved(digest)])).toBe(false);
});

test("of the catalog around a statement, only the relations of its own schema count, and those only where it is about any", () => {
  const more = [...observed("2 tables (abc)"), 'database "app": schema "third": 1 tables (123)', 'member of "x" by "y" with {}'];
  expect(isCovered([plan(select)], [approved(digestOf(select, { observed: more }))])).toBe(true);
  const create: Statement = { ...select, sql: 'CREATE ROLE "r"', part: { phase: "cluster" }, change: { kind: "dropRole", role: "r" } };
  expect(isCovered([plan(create)], [approved(digestOf(create, { observed: [] }))])).toBe(true);
});

test("every bulk grant of every scenario depends on the relations that it covers", async () => {
  let grants = 0;
  for (const scenario of listScenarios()) {
    const catalogs = parseObserved(readGolden(scenario, "before.json") ?? "");
    for (const role of planObserved(await readGoal(scenario), catalogs)) {
      for (const each of role.statements) {
        if (each.change.kind !== "grant" || !each.change.on.kind.startsWith("all")) continue;
        const kind = each.change.on.kind.slice("all".length).toLowerCase();
        const without = role.observed.filter((entry) => !new RegExp(`: \\d+ ${kind} \\([^()]*\\)$`, "u").test(entry));
        expect(statementDigest(role, each), `${scenario.name}: ${each.sql}`).not.toBe(
          statementDigest({ ...role, observed: without }, each),
        );
        grants += 1;
      }
    }
  }
  expect(grants).toBeGreaterThan(50);
});

test("evidence whose roles did not fit covers nothing", () => {
  expect(isCovered([plan(select)], [{ ...evidence, roles: null }])).toBe(false);
});
