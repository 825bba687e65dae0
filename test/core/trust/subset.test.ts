// Whether a plan does only what was approved somewhere.
import { expect, test } from "vitest";
import type { RolePlan } from "../../../src/model/plan.ts";
import { statementDigest } from "../../../src/trust/statement-digest.ts";
import { isCovered } from "../../../src/trust/subset.ts";
import { evidence } from "./evidence.fixture.ts";

type Planned = Pick<RolePlan, "statements" | "target">;

const target: Planned["target"] = { resource: "analytics", host: "db", port: 5432, system_identifier: "7" };
const statement = (sql: string, part: Planned["statements"][number]["part"] = { phase: "database", database: "app" }) =>
  ({ part, sql }) as Planned["statements"][number];
const plan = (...statements: Planned["statements"]): Planned => ({ target, statements });
const approved = (...digests: readonly string[]) => ({
  ...evidence,
  roles: [{ resource: "analytics", role: "r", checksum: "", statements: digests }],
});

const select = statement('GRANT SELECT ON TABLE "public"."t" TO "r";');
const insert = statement('GRANT INSERT ON TABLE "public"."t" TO "r";');
const digestOf = (each: typeof select, where = target): string => statementDigest(where, each);

test("what was approved in one pull request or another is covered, and what is already done may be missing", () => {
  expect(isCovered([plan(select)], [approved(digestOf(select), digestOf(insert))])).toBe(true);
  expect(isCovered([plan(select, insert)], [approved(digestOf(select)), approved(digestOf(insert))])).toBe(true);
  expect(isCovered([plan()], [])).toBe(true);
});

test.each<[what: string, digest: string]>([
  ["another statement", digestOf(insert)],
  ["the same in another database", digestOf(statement(select.sql, { phase: "database", database: "other" }))],
  ["the same on another cluster", digestOf(select, { ...target, system_identifier: "8" })],
  ["the same on another resource", digestOf(select, { ...target, resource: "billing" })],
])("%s covers nothing", (_, digest) => {
  expect(isCovered([plan(select)], [approved(digest)])).toBe(false);
});

test("evidence whose roles did not fit covers nothing", () => {
  expect(isCovered([plan(select)], [{ ...evidence, roles: null }])).toBe(false);
});
