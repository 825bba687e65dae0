// What an observed entry says to people: no JSON of ours, and never more than a line.
import { expect, it } from "vitest";
import { planObserved } from "../../../src/reconcile.ts";
import { entryWords } from "../../../src/review/entry-words.ts";
import { readGolden } from "../../support/scenarios/goldens.ts";
import { parseObserved } from "../../support/scenarios/observed-json.ts";
import { listScenarios, readGoal } from "../../support/scenarios/scenario.ts";

const digest = "84ab60de2779e51d9f349e194f6ff065e69906ea899ccb076a4602a7130b69d9";
const attributes = { login: true, inherit: true, superuser: false, createDb: true, connectionLimit: -1, validUntil: null };

it.each([
  ["role does not exist", "role does not exist"],
  [`role exists with ${JSON.stringify(attributes)}`, "role exists with CREATEDB INHERIT LOGIN"],
  [
    `role exists with ${JSON.stringify({ login: false, connectionLimit: 3, validUntil: "2031-02-03T04:05:06Z" })}`,
    "role exists with CONNECTION LIMIT 3 VALID UNTIL 2031-02-03T04:05:06Z",
  ],
  [`role exists with ${JSON.stringify({ login: false, connectionLimit: -1, validUntil: null })}`, "role exists with no attribute"],
  ["comment null", "the role has no comment"],
  [String.raw`comment "it's \"x\"\n"`, String.raw`the role has the comment "it's \"x\"\n"`],
  ['member of "a" by "b" with {"admin":false,"inherit":true,"set":true}', 'member of "a", granted by "b", with INHERIT, SET'],
  ['member of "a" by "b" with {"admin":false,"inherit":false,"set":false}', 'member of "a", granted by "b"'],
  ['has the member "m" with {"use":true,"admin":true}', 'has the member "m", who may do what it may and may make others members'],
  ['has the member "m" with {"use":false,"admin":false}', 'has the member "m"'],
  [
    `database "app": leaves rule 2 ["r on s.t","r on s.u"] (${digest})`,
    `database "app": leaves rule (2): "r on s.t", "r on s.u" (${digest.slice(0, 12)}…)`,
  ],
  ['source role "a" reaches "b" with []', 'source role "a" reaches "b"'],
  ['source role "a" reaches "b" with ["CREATEDB","REPLICATION"]', 'source role "a" reaches "b", which has CREATEDB, REPLICATION'],
  ['setting "search_path" is "evil"', 'setting "search_path" is "evil"'],
  [
    'cluster: CREATE on {"kind":"database","name":"postgres"} by "postgres" with grant option',
    'CREATE on database "postgres", granted by "postgres" with grant option',
  ],
  [
    'database "app": ALTER SYSTEM on {"kind":"foreignDataWrapper","name":"w"} by "a"',
    'database "app": ALTER SYSTEM on foreign data wrapper "w", granted by "a"',
  ],
  ['database "app": SELECT on {"kind":"largeObject","oid":"42"} by "a"', 'database "app": SELECT on large object 42, granted by "a"'],
  [
    String.raw`database "app": SELECT on {"kind":"column","schema":"s","table":"t\n","name":"c"} by "a"`,
    String.raw`database "app": SELECT on column "c" of table "s".U&"t\000a", granted by "a"`,
  ],
  [
    String.raw`database "app": granted to "b": EXECUTE on {"kind":"routine","schema":"s","signature":"s.\"f\n\"(integer)"}`,
    String.raw`database "app": EXECUTE on routine s.U&"f\000a"(integer), granted onwards to "b"`,
  ],
  [
    `database "app": schema "s": missing SELECT on 2 tables ["a","b\\n"] (${digest})`,
    String.raw`database "app": schema "s": SELECT on 2 tables is missing: "a", U&"b\000a"`,
  ],
  [
    `database "app": schema "s": extra EXECUTE on 3 routines ["s.f()","s.\\"G\\"()"] (${digest})`,
    'database "app": schema "s": EXECUTE on 3 routines is too much: s.f(), s."G"() and 1 more (84ab60de2779…)',
  ],
  [`database "app": schema "s": 3 tables (${digest})`, 'database "app": schema "s": 3 tables (84ab60de2779…)'],
  ['database "app": default SELECT on TABLES of "o" in all schemas', 'database "app": default SELECT on TABLES of "o" in all schemas'],
  // What only a file that somebody has changed can say.
  ['database "app": SELECT on {"name":[]} by "a"', 'database "app": SELECT on {"name":[]} by "a"'],
  [String.raw`cluster: SELECT on {"kind":"x\n","name":"y"} by "a"`, String.raw`cluster: SELECT on {"kind":"x\n","name":"y"} by "a"`],
  [String.raw`database "app": SELECT on {"kind":"\q"} by "a"`, String.raw`database "app": SELECT on {"kind":"\q"} by "a"`],
])("%s", (entry, words) => {
  expect(entryWords(entry)).toBe(words);
});

it("every entry of every scenario is a line of its own, without JSON", async () => {
  for (const scenario of listScenarios()) {
    const observed = parseObserved(readGolden(scenario, "before.json") ?? "");
    for (const plan of planObserved(await readGoal(scenario), observed)) {
      const words = plan.observed.map(entryWords);
      expect(new Set(words).size, scenario.name).toBe(new Set(plan.observed).size);
      for (const line of words) expect(line, scenario.name).not.toMatch(/[{[]"|\n/u);
    }
  }
});
