import { expect, it } from "vitest";
import type { AdminFacts } from "../../../src/apply/preflight/inquiry.ts";
import { remedySql, type Remedy } from "../../../src/apply/preflight/remedy.ts";

const admin: AdminFacts = {
  name: "rw_admin",
  version: 180_000,
  superuser: false,
  createRole: true,
  createDb: false,
  replication: false,
  bypassRls: false,
  inherit: true,
  selfGrant: null,
};

function usage(database: string, schema: string): Remedy {
  return {
    kind: "privilege",
    database,
    privileges: ["USAGE"],
    on: { kind: "schema", database, schema },
    to: "rw_admin",
    withGrantOption: true,
    unless: [],
  };
}

it("says the same statement once in each database that lacks it", () => {
  const grant = 'GRANT USAGE ON SCHEMA "s" TO "rw_admin" WITH GRANT OPTION;';
  const lacks = [usage("app", "s"), usage("app", "s"), usage("crm", "s"), usage("crm", "t"), usage("crm", "s")];
  expect(remedySql(lacks, admin, new Map())).toEqual([
    '\\connect "app"',
    grant,
    '\\connect "crm"',
    grant,
    'GRANT USAGE ON SCHEMA "t" TO "rw_admin" WITH GRANT OPTION;',
  ]);
});
