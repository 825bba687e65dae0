import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ObjectGrant } from "../../../src/model/observed.ts";
import { resetCluster, startServer, type Server } from "../../support/server.ts";
import { catalogOf } from "./catalog-of.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => resetCluster(server));

/** `role: privilege on object by grantor`, with `*` for a grant option and `!` where the grantor is not the owner. */
function line({ role, object, privilege, grantable, grantor, byOwner }: ObjectGrant): string {
  const { kind, ...rest } = object;
  return `${role}: ${privilege}${grantable ? "*" : ""} on ${kind} ${Object.values(rest).join(" ")} by ${grantor}${byOwner ? "" : "!"}`;
}

const nothing = {};

test("reads grants on every kind of object that is neither a relation nor a routine", async () => {
  const catalog = await catalogOf({
    server,
    before: `CREATE ROLE x; CREATE SCHEMA s; CREATE TYPE s.color AS ENUM ('red'); CREATE DOMAIN s.positive AS int; CREATE FOREIGN DATA WRAPPER w;
      CREATE SERVER srv FOREIGN DATA WRAPPER w; SELECT lo_create(4711);
      GRANT USAGE, CREATE ON SCHEMA s TO x WITH GRANT OPTION; GRANT USAGE ON TYPE s.color TO x; GRANT USAGE ON DOMAIN s.positive TO x; GRANT USAGE ON LANGUAGE sql TO x;
      GRANT USAGE ON FOREIGN DATA WRAPPER w TO x; GRANT USAGE ON FOREIGN SERVER srv TO x; GRANT SELECT, UPDATE ON LARGE OBJECT 4711 TO x`,
    wishes: { x: nothing },
  });
  expect(catalog.grants.map(line)).toEqual([
    "x: USAGE on foreignDataWrapper w by postgres",
    "x: USAGE on foreignServer srv by postgres",
    "x: USAGE on language sql by postgres",
    "x: SELECT on largeObject 4711 by postgres",
    "x: UPDATE on largeObject 4711 by postgres",
    "x: CREATE* on schema s by postgres",
    "x: USAGE* on schema s by postgres",
    "x: USAGE on type s color by postgres",
    "x: USAGE on type s positive by postgres",
  ]);
});

test("reads grants on columns, system columns and sequence columns, and none on columns that were dropped", async () => {
  const catalog = await catalogOf({
    server,
    before: `CREATE ROLE x; CREATE SCHEMA s; CREATE TABLE s.t (a int, b int, gone int); CREATE SEQUENCE s.q; CREATE VIEW s.v AS SELECT 1 AS a;
      GRANT SELECT (a, ctid), UPDATE (gone) ON s.t TO x; GRANT SELECT (last_value) ON s.q TO x; GRANT REFERENCES (a) ON s.v TO x; ALTER TABLE s.t DROP COLUMN gone`,
    wishes: { x: nothing },
  });
  expect(catalog.grants.map(line)).toEqual([
    "x: SELECT on column s q last_value by postgres",
    "x: SELECT on column s t a by postgres",
    "x: SELECT on column s t ctid by postgres",
    "x: REFERENCES on column s v a by postgres",
  ]);
});

test("reads what targets granted to others, to PUBLIC, too, and not what owners granted", async () => {
  const catalog = await catalogOf({
    server,
    before: `CREATE ROLE x; CREATE ROLE y; CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO x WITH GRANT OPTION; CREATE TABLE s.t (a int); CREATE TABLE s.own (); ALTER TABLE s.own OWNER TO x;
      CREATE TYPE s.color AS ENUM ('red'); REVOKE USAGE ON TYPE s.color FROM PUBLIC; GRANT USAGE ON TYPE s.color TO x WITH GRANT OPTION;
      GRANT SELECT ON s.t TO x WITH GRANT OPTION; GRANT UPDATE (a) ON s.t TO x WITH GRANT OPTION;
      CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION s.f() TO x WITH GRANT OPTION;
      SET ROLE x; GRANT USAGE ON SCHEMA s TO y; GRANT SELECT ON s.t TO y, PUBLIC; GRANT UPDATE (a) ON s.t TO y; GRANT EXECUTE ON FUNCTION s.f() TO y;
      GRANT USAGE ON TYPE s.color TO y; GRANT SELECT ON s.own TO y`,
    wishes: { x: nothing },
  });
  expect(catalog.grantsByTargets.map(line)).toEqual([
    "y: USAGE on schema s by x!",
    "y: USAGE on type s color by x!",
    "y: EXECUTE on routine s s.f() by x!",
    "public: SELECT on table s t by x!",
    "y: SELECT on table s t by x!",
    "y: UPDATE on column s t a by x!",
  ]);
});

test("gives at most a hundred of the grants that each target made", async () => {
  const catalog = await catalogOf({
    server,
    before: `CREATE ROLE x; CREATE ROLE y; CREATE ROLE z; CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO x, z; DO $$ BEGIN FOR i IN 1..60 LOOP EXECUTE format('CREATE TABLE s.t%s (a int)', i);
      EXECUTE format('GRANT SELECT, UPDATE (a) ON s.t%s TO x WITH GRANT OPTION', i); EXECUTE 'SET ROLE x';
      EXECUTE format('GRANT SELECT, UPDATE (a) ON s.t%s TO y', i); EXECUTE 'RESET ROLE'; END LOOP; END $$;
      CREATE TABLE s.zz (); GRANT SELECT ON s.zz TO z WITH GRANT OPTION; SET ROLE z; GRANT SELECT ON s.zz TO y; RESET ROLE`,
    wishes: { x: nothing, z: nothing },
  });
  expect(catalog.grantsByTargets.filter(({ grantor }) => grantor === "x")).toHaveLength(100);
  expect(catalog.grantsByTargets.filter(({ grantor }) => grantor === "z")).toHaveLength(1);
});

test("counts everything that a target owns, and names the policies that name it", async () => {
  const catalog = await catalogOf({
    server,
    before: `CREATE ROLE x; CREATE ROLE y; CREATE SCHEMA s AUTHORIZATION x; CREATE FOREIGN DATA WRAPPER w; CREATE SERVER srv FOREIGN DATA WRAPPER w; SELECT lo_create(1); ALTER LARGE OBJECT 1 OWNER TO x;
      CREATE TABLE s.t (id serial PRIMARY KEY, a text); ALTER TABLE s.t OWNER TO x; CREATE TYPE s.pair AS (a int, b int); ALTER TYPE s.pair OWNER TO x;
      CREATE TYPE s.color AS ENUM ('red'); ALTER TYPE s.color OWNER TO x; CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION s.f() OWNER TO x;
      CREATE USER MAPPING FOR x SERVER srv; ALTER DEFAULT PRIVILEGES FOR ROLE x GRANT SELECT ON TABLES TO y;
      CREATE TABLE s.r (); CREATE POLICY "a ""policy""" ON s.r TO y, x; CREATE POLICY other ON s.r TO PUBLIC`,
    wishes: { x: nothing, y: nothing },
  });
  // The schema, the large object, the table and its sequence, two types, the function, the user mapping, the default privileges.
  expect(catalog.owns).toEqual([{ role: "x", count: 9 }]);
  expect(catalog.policies).toEqual([
    { role: "x", schema: "s", table: "r", policy: 'a "policy"', others: ["y"], isRestrictive: false },
    { role: "y", schema: "s", table: "r", policy: 'a "policy"', others: ["x"], isRestrictive: false },
  ]);
});
