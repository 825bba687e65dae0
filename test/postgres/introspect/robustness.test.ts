import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { introspectDatabase } from "../../../src/introspect/database.ts";
import type { DatabaseCatalog } from "../../../src/model/observed.ts";
import { resetCluster, startServer, type Server } from "../../support/server.ts";
import { catalogOf, readCatalog, type Wishes } from "./catalog-of.ts";
import { inSession } from "./session.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => resetCluster(server));

const rw = { schemas: "all", privileges: ["SELECT", "INSERT", "EXECUTE"], futureObjects: true } as const;

test("brings hostile names of every kind of object through as they are", async () => {
  const name = `a"b'c\\d\n\t$1 é😀\u202e__proto__`;
  const q = `"${name.replaceAll('"', '""')}"`;
  const catalog = await catalogOf({
    server,
    before: `CREATE ROLE ${q}; CREATE ROLE owner; CREATE SCHEMA ${q}; CREATE TABLE ${q}.${q} (${q} serial); CREATE TABLE ${q}.held (); CREATE TYPE ${q}.color AS ENUM ('red');
      CREATE FUNCTION ${q}.${q}(${q}.color) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION ${q}.held() RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE POLICY ${q} ON ${q}.${q} TO ${q}; GRANT SELECT (${q}) ON ${q}.${q} TO ${q}; GRANT SELECT ON ${q}.held TO ${q}; GRANT EXECUTE ON FUNCTION ${q}.held() TO ${q};
      ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA ${q} GRANT SELECT ON TABLES TO ${q}`,
    wishes: { [name]: { schemas: [name], privileges: ["SELECT", "EXECUTE", "INSERT"] } },
  });
  const exceptions = catalog.exceptions.map(({ role, schema, kind, names }) => ({ role, schema, kind, names }));
  expect(exceptions).toEqual([
    { role: name, schema: name, kind: "routines", names: [`${q}.${q}(${q}.color)`] },
    { role: name, schema: name, kind: "tables", names: [name] },
  ]);
  expect(catalog.grants).toMatchObject([{ role: name, object: { kind: "column", schema: name, table: name, name } }]);
  expect(catalog.policies).toEqual([{ role: name, schema: name, table: name, policy: name, others: [], isRestrictive: false }]);
  expect(catalog.defaultPrivileges).toMatchObject([{ role: name, schema: name, forRole: "owner" }]);
  expect(catalog.neededSequences).toEqual([{ role: name, schema: name, needed: 1, missing: 1 }]);
  // The signature is SQL: PostgreSQL reads it back as the same routine.
  await server.run("app", `GRANT EXECUTE ON ROUTINE ${exceptions[0]?.names[0]} TO ${q}`);
  expect(
    (await readCatalog(server, { [name]: { schemas: [name], privileges: ["EXECUTE"] } })).exceptions.filter(
      (row) => row.which === "missing",
    ),
  ).toEqual([]);
});

/** Superusers can break catalogs, and forks of PostgreSQL ship odd ones. */
const broken: Readonly<Record<string, string>> = {
  "an owner that is gone":
    "UPDATE pg_class SET relowner = 999999 WHERE relname = 'odd'; UPDATE pg_proc SET proowner = 999999 WHERE proname = 'odd'; UPDATE pg_namespace SET nspowner = 999999 WHERE nspname = 'o'; UPDATE pg_type SET typowner = 999999 WHERE typname = 'odd_type'",
  "a grantee and a grantor that are gone":
    "UPDATE pg_class SET relacl = array_append(relacl, makeaclitem(999998, 999997, 'SELECT', true)) WHERE relname = 'odd'; UPDATE pg_attribute SET attacl = ARRAY[makeaclitem('rw'::regrole, 999997, 'SELECT', false)] WHERE attname = 'odd_column'",
  "a schema that is gone":
    "UPDATE pg_class SET relnamespace = 999996 WHERE relname = 'odd'; UPDATE pg_type SET typnamespace = 999996 WHERE typname = 'odd_type'; UPDATE pg_proc SET pronamespace = 999996 WHERE proname = 'odd'",
  "a type and a language that are gone":
    "UPDATE pg_proc SET proargtypes = '999995' WHERE proname = 'odd'; UPDATE pg_proc SET prolang = 999994 WHERE proname = 'odd'",
  "an ACL on a dropped column":
    "ALTER TABLE o.other DROP COLUMN dropped; UPDATE pg_attribute SET attacl = ARRAY[makeaclitem('rw'::regrole, 10, 'SELECT', false)] WHERE attrelid = 'o.other'::regclass AND attisdropped",
  "a default privilege and a policy that lost their object":
    "UPDATE pg_default_acl SET defaclnamespace = 999993; UPDATE pg_policy SET polrelid = 999992",
  "a sequence default that lost its table": "UPDATE pg_attrdef SET adrelid = 999991",
};

test.each(Object.entries(broken))("F63 reads on around %s", async (_title, damage) => {
  const catalog = await catalogOf({
    server,
    before: `CREATE ROLE rw; CREATE SCHEMA o; CREATE SCHEMA s; CREATE TABLE s.fine (); GRANT SELECT ON s.fine TO rw; CREATE TABLE s.missing ();
      CREATE TABLE o.odd (odd_column serial); GRANT SELECT ON o.odd TO rw; CREATE TABLE o.other (dropped int); CREATE TYPE o.odd_type AS ENUM ('x'); GRANT USAGE ON TYPE o.odd_type TO rw;
      CREATE FUNCTION o.odd(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION o.odd(int) TO rw; CREATE FUNCTION o.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE POLICY p ON o.odd TO rw; ALTER DEFAULT PRIVILEGES IN SCHEMA o GRANT SELECT ON TABLES TO rw; SET allow_system_table_mods = on; ${damage}`,
    wishes: { rw },
  });
  expect(catalog.bulkGrants).toContainEqual({
    role: "rw",
    schema: "s",
    kind: "tables",
    privilege: "SELECT",
    held: 1,
    heldByOwner: 1,
    heldPartitions: 0,
    heldPartitionsByOwner: 0,
  });
  expect(catalog.exceptions).toContainEqual(
    expect.objectContaining({ schema: "s", privilege: "SELECT", which: "missing", names: ["missing"] }),
  );
  expect(catalog.grants.map((grant) => JSON.stringify(grant.object))).not.toContainEqual(expect.stringContaining("pg.dropped"));
});

test("F71 asks the same number of queries for one role and for fifty, and for one table and for hundreds", async () => {
  const roles = Array.from({ length: 50 }, (_, index) => `r${index}`);
  const wishes: Wishes = Object.fromEntries(roles.map((role) => [role, rw]));
  await catalogOf({
    server,
    before: `${roles.map((role) => `CREATE ROLE ${role}`).join("; ")}; CREATE TABLE public.a (id serial); CREATE TABLE public.b (); CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION public.g() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT SELECT ON public.a TO ${roles.join()} WITH GRANT OPTION; GRANT EXECUTE ON FUNCTION public.f() TO ${roles.join()}`,
    wishes,
  });
  const one = await queriesFor({ r0: rw });
  expect(one.count).toBe(9);
  const fifty = await queriesFor(wishes);
  expect(fifty.count).toBe(one.count);
  expect(fifty.catalog.exceptions).toHaveLength(50 * one.catalog.exceptions.length);
  await server.run("app", "DO $$ BEGIN FOR i IN 1..300 LOOP EXECUTE format('CREATE TABLE public.t%s (id serial)', i); END LOOP; END $$");
  expect((await queriesFor(wishes)).count).toBe(one.count);
});

function queriesFor(wishes: Wishes): Promise<{ readonly count: number; readonly catalog: DatabaseCatalog }> {
  const roles = Object.keys(wishes).map((role) => ({
    role,
    schemas: "all" as const,
    privileges: { tables: ["SELECT", "INSERT"], schemas: ["USAGE"], routines: ["EXECUTE"] } as const,
    futureObjects: true,
  }));
  return inSession(server, { database: "app" }, async (db) => {
    const catalog = await introspectDatabase(db, { database: "app", roles });
    return { count: db.count(), catalog };
  });
}

test("sees one state, whatever others commit while it reads", async () => {
  const before = await catalogOf({
    server,
    before: "CREATE ROLE rw; CREATE TABLE public.a (); CREATE TABLE public.b (); GRANT SELECT ON public.a TO rw",
    wishes: { rw },
  });
  const roles = [
    {
      role: "rw",
      schemas: "all",
      privileges: { tables: ["SELECT", "INSERT"], schemas: ["USAGE"], routines: ["EXECUTE"] },
      futureObjects: true,
    },
  ] as const;
  const during = await inSession(server, { database: "app" }, async (db) => {
    let isFirst = true;
    const disturbed = {
      query: async <Row extends object>(sql: string, parameters?: readonly unknown[]) => {
        const result = await db.query<Row>(sql, parameters);
        if (isFirst) await server.run("app", "GRANT SELECT ON public.b TO rw; CREATE TABLE public.c (); ALTER TABLE public.a RENAME TO z");
        isFirst = false;
        return result;
      },
    };
    return introspectDatabase(disturbed, { database: "app", roles });
  });
  expect(during).toEqual(before);
});

test("refuses a connection to another database, and one whose search path is not pinned", async () => {
  await inSession(server, { database: "postgres" }, async (db) => {
    await expect(introspectDatabase(db, { database: "app", roles: [] })).rejects.toThrow(
      'asked for the catalogs of database "app" on a connection to "postgres"',
    );
    await db.query("SET LOCAL search_path = public, pg_catalog");
    await expect(introspectDatabase(db, { database: "postgres", roles: [] })).rejects.toThrow("search_path");
  });
});

test("reads a database in another encoding, with names that UTF-8 does not know", async () => {
  await server.run("postgres", "CREATE ROLE rw");
  await server.run("postgres", "CREATE DATABASE app TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
  await server.run("postgres", "CREATE ROLE planner LOGIN PASSWORD 'planner'");
  await server.run("app", `CREATE TABLE public."Größe" (); CREATE TABLE public.b (); GRANT SELECT ON public.b TO rw`);
  const catalog = await readCatalog(server, { rw });
  expect(catalog.exceptions).toMatchObject([{ names: ["Größe"] }]);
});
