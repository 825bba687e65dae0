import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { DatabaseCatalog } from "../../../src/model/observed.ts";
import { resetCluster, startServer, type Server } from "../../support/server.ts";
import { catalogOf, readCatalog, type Wishes } from "./catalog-of.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => resetCluster(server));

type Rows = {
  /** `role schema kind privilege held/by owner`, with `+partitions/by owner` where there are any. */
  readonly bulk: readonly string[];
  /** `role schema kind privilege which: names`. */
  readonly exceptions?: readonly string[];
};

async function check(before: string, wishes: Wishes, expected: Rows): Promise<DatabaseCatalog> {
  const catalog = await catalogOf({ server, before, wishes });
  const bulk = catalog.bulkGrants.map((row) => {
    const partitions = row.heldPartitions > 0 ? `+${row.heldPartitions}/${row.heldPartitionsByOwner}` : "";
    return `${row.role} ${row.schema} ${row.kind} ${row.privilege} ${row.held}/${row.heldByOwner}${partitions}`;
  });
  const exceptions = catalog.exceptions.map((row) => {
    expect(row.digest).toMatch(/^[0-9a-f]{64}$/u);
    expect(row.total).toBe(row.names.length);
    return `${row.role} ${row.schema} ${row.kind} ${row.privilege} ${row.which}: ${row.names.join(", ")}`;
  });
  expect({ bulk, exceptions }).toEqual({ bulk: expected.bulk, exceptions: expected.exceptions ?? [] });
  return catalog;
}

test("F17 counts the five kinds of ON ALL TABLES, sequences apart, and nothing else", async () => {
  const catalog = await check(
    `CREATE ROLE ro; CREATE SCHEMA s;
     CREATE TABLE s.plain (id int PRIMARY KEY); CREATE UNLOGGED TABLE s.unlogged (); CREATE VIEW s.view AS SELECT 1 AS x;
     CREATE MATERIALIZED VIEW s.matview AS SELECT 1 AS x; CREATE TABLE s.parent (id int) PARTITION BY LIST (id);
     CREATE FOREIGN DATA WRAPPER w; CREATE SERVER srv FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE s.remote () SERVER srv;
     CREATE SEQUENCE s.seq; CREATE TYPE s.pair AS (a int, b int); CREATE TEMPORARY TABLE mine ();
     GRANT SELECT ON ALL TABLES IN SCHEMA s TO ro`,
    { ro: { schemas: ["s"], privileges: ["SELECT"] } },
    { bulk: ["ro s tables SELECT 6/6"] },
  );
  expect(catalog.schemas.find((schema) => schema.name === "s")).toMatchObject({
    tables: 6,
    partitions: 0,
    sequences: 1,
    routines: 0,
    owner: "postgres",
  });
});

test("F13 names the tables that miss a wanted privilege and those that hold an unwanted one", async () => {
  await check(
    `CREATE ROLE ro; CREATE SCHEMA s; CREATE TABLE s.a (); CREATE TABLE s.b (); CREATE TABLE s.c ();
     CREATE SCHEMA other; CREATE TABLE other.x (); CREATE TABLE other.y ();
     GRANT SELECT ON s.a, s.b TO ro; GRANT DELETE ON s.c TO ro; GRANT SELECT ON other.y TO ro`,
    { ro: { schemas: ["s"], privileges: ["SELECT"] } },
    {
      bulk: ["ro other tables SELECT 1/1", "ro s tables DELETE 1/1", "ro s tables SELECT 2/2"],
      exceptions: ["ro other tables SELECT extra: y", "ro s tables DELETE extra: c", "ro s tables SELECT missing: c"],
    },
  );
});

test("needs no names where a privilege is held on none or, unwanted, on all", async () => {
  await check(
    `CREATE ROLE ro; CREATE SCHEMA s; CREATE TABLE s.a (); CREATE TABLE s.b (); GRANT DELETE ON ALL TABLES IN SCHEMA s TO ro`,
    { ro: { schemas: ["s"], privileges: ["SELECT"] } },
    { bulk: ["ro s tables DELETE 2/2"] },
  );
});

test("F18 counts partitions apart: they are never missing, and what they hold unwanted is extra", async () => {
  const catalog = await check(
    `CREATE ROLE ro; CREATE ROLE rw; CREATE ROLE rx; CREATE SCHEMA s;
     CREATE TABLE s.p (id int) PARTITION BY RANGE (id); CREATE TABLE s.p1 PARTITION OF s.p FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id);
     CREATE TABLE s.p11 PARTITION OF s.p1 FOR VALUES FROM (0) TO (5); CREATE TABLE s.p2 PARTITION OF s.p FOR VALUES FROM (10) TO (20);
     CREATE TABLE s.plain (); CREATE TABLE s.child () INHERITS (s.plain);
     GRANT SELECT ON s.p, s.plain, s.child TO ro; GRANT DELETE ON s.p2 TO ro; GRANT SELECT ON ALL TABLES IN SCHEMA s TO rw; GRANT SELECT ON s.p, s.p1 TO rx`,
    {
      ro: { schemas: ["s"], privileges: ["SELECT"] },
      rw: { schemas: ["s"], privileges: ["SELECT"] },
      rx: { schemas: ["s"], privileges: ["SELECT"] },
    },
    {
      bulk: ["ro s tables DELETE 0/0+1/1", "ro s tables SELECT 3/3", "rw s tables SELECT 3/3+3/3", "rx s tables SELECT 1/1+1/1"],
      exceptions: ["ro s tables DELETE extra: p2", "rx s tables SELECT missing: child, plain"],
    },
  );
  expect(catalog.schemas.find((schema) => schema.name === "s")).toMatchObject({ tables: 3, partitions: 3 });
});

test("counts a table once that holds a privilege from two grantors, and tells which a plain REVOKE would leave", async () => {
  const catalog = await check(
    `CREATE ROLE ro; CREATE ROLE deputy; CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO deputy; CREATE TABLE s.both (); CREATE TABLE s.only (); CREATE TABLE s.wanted ();
     GRANT SELECT, DELETE ON ALL TABLES IN SCHEMA s TO deputy WITH GRANT OPTION; GRANT DELETE ON s.both TO ro;
     SET ROLE deputy; GRANT DELETE ON s.both, s.only TO ro; GRANT SELECT ON s.wanted TO ro`,
    { ro: { schemas: ["s"], privileges: ["SELECT"] } },
    {
      bulk: ["ro s tables DELETE 2/1", "ro s tables SELECT 1/0"],
      exceptions: ["ro s tables DELETE extra: both", "ro s tables SELECT missing: both, only"],
    },
  );
  const entry = { privilege: "DELETE", grantable: false, grantor: "deputy", byOwner: false, owner: "postgres", role: "ro" };
  expect(catalog.grants).toEqual([
    { ...entry, object: { kind: "table", schema: "s", name: "both" } },
    { ...entry, object: { kind: "table", schema: "s", name: "only" } },
  ]);
});

test("names entries with a grant option, wanted or not", async () => {
  const catalog = await check(
    `CREATE ROLE ro; CREATE SCHEMA s; CREATE TABLE s.a (); CREATE TABLE s.b (); GRANT SELECT ON s.a TO ro WITH GRANT OPTION; GRANT SELECT ON s.b TO ro;
     CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION s.f() TO ro WITH GRANT OPTION`,
    { ro: { schemas: ["s"], privileges: ["SELECT"] } },
    { bulk: ["ro s routines EXECUTE 1/1", "ro s tables SELECT 2/2"] },
  );
  expect(catalog.grants).toEqual([
    {
      role: "ro",
      object: { kind: "routine", schema: "s", signature: "s.f()" },
      privilege: "EXECUTE",
      grantable: true,
      grantor: "postgres",
      byOwner: true,
    },
    {
      role: "ro",
      object: { kind: "table", schema: "s", name: "a" },
      privilege: "SELECT",
      grantable: true,
      grantor: "postgres",
      byOwner: true,
    },
  ]);
});

test("F30 takes an owner's own privileges for no grant and lets it miss nothing", async () => {
  const catalog = await check(
    `CREATE ROLE rw; CREATE SCHEMA s AUTHORIZATION rw; CREATE TABLE s.theirs (); CREATE TABLE s.other (); CREATE TABLE s.own (x int); ALTER TABLE s.own OWNER TO rw;
     GRANT SELECT ON s.own TO rw; GRANT SELECT (x) ON s.own TO rw; GRANT SELECT ON s.theirs TO rw; REVOKE DELETE ON s.own FROM rw;
     CREATE SCHEMA mine; CREATE TABLE mine.all (); ALTER TABLE mine.all OWNER TO rw`,
    { rw: { schemas: ["s", "mine"], privileges: ["SELECT", "DELETE"] } },
    {
      bulk: ["rw mine tables DELETE 1/0", "rw mine tables SELECT 1/0", "rw s tables DELETE 1/0", "rw s tables SELECT 2/1"],
      exceptions: ["rw s tables DELETE missing: other, theirs", "rw s tables SELECT missing: other"],
    },
  );
  expect(catalog.grants).toEqual([]);
  expect(catalog.owns).toEqual([{ role: "rw", count: 3 }]);
});

test("F16 tells overloads apart, also with signatures longer than a name, and counts every kind of routine", async () => {
  const long = "a_type_with_a_name_that_is_long_indeed";
  const catalog = await check(
    `CREATE ROLE ro; CREATE SCHEMA s; CREATE TYPE s.${long} AS ENUM ('x');
     CREATE FUNCTION s.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION s.f(text, VARIADIC numeric[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
     CREATE FUNCTION s."f ""q"""(s.${long}, s.${long}) RETURNS int LANGUAGE sql AS 'SELECT 1';
     CREATE PROCEDURE s.p(INOUT int) LANGUAGE sql AS 'SELECT 1'; CREATE AGGREGATE s.total(int) (SFUNC = int4pl, STYPE = int);
     GRANT EXECUTE ON FUNCTION s.f(int) TO ro`,
    { ro: { schemas: ["s"], privileges: ["EXECUTE"] } },
    {
      bulk: ["ro s routines EXECUTE 1/1"],
      exceptions: [`ro s routines EXECUTE missing: s."f ""q"""(s.${long},s.${long}), s.f(text,numeric[]), s.p(integer), s.total(integer)`],
    },
  );
  expect(catalog.schemas.find((schema) => schema.name === "s")?.routines).toBe(5);
});

test("F16 writes signatures as regprocedure does, whatever the types", async () => {
  const types = [
    "char",
    "bpchar",
    '"char"',
    "bit",
    "bit varying",
    "varchar(3)",
    "name",
    "time",
    "timetz",
    "timestamptz",
    "interval",
    "numeric(3)",
    "int[]",
    "record",
    "anyelement",
    "s.odd",
    "s.odd[]",
    "regclass",
  ];
  const catalog = await catalogOf({
    server,
    before: `CREATE ROLE ro; CREATE SCHEMA s; CREATE TYPE s.odd AS ENUM (); CREATE FUNCTION s.held() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION s.held() TO ro;
      ${types.map((type, index) => `CREATE FUNCTION s."F${index}"(IN ${type}, OUT text) LANGUAGE plpgsql AS 'BEGIN END'`).join("; ")}`,
    wishes: { ro: { schemas: ["s"], privileges: ["EXECUTE"] } },
  });
  const rows = await server.run(
    "app",
    `SELECT oid::regprocedure::text COLLATE "C" AS signature FROM pg_proc WHERE pronamespace = 's'::regnamespace AND proname <> 'held' ORDER BY 1`,
  );
  expect(catalog.exceptions[0]?.names).toEqual(rows.map((row) => row["signature"]));
  expect(rows).toHaveLength(types.length);
});

test("F31 reads nothing into PUBLIC: built-in defaults and grants are told apart from the role's own", async () => {
  const catalog = await check(
    `CREATE ROLE ro; CREATE SCHEMA s; CREATE TABLE s.t (); CREATE SCHEMA closed; GRANT SELECT, INSERT ON s.t TO PUBLIC; GRANT USAGE, CREATE ON SCHEMA s TO PUBLIC;
     CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    { ro: { schemas: ["s"], privileges: ["SELECT"] } },
    { bulk: [] },
  );
  const published = catalog.schemas.map(({ name, publicPrivileges, publicTablePrivileges }) => ({
    name,
    publicPrivileges,
    publicTablePrivileges,
  }));
  expect(published).toEqual([
    { name: "closed", publicPrivileges: [], publicTablePrivileges: [] },
    { name: "public", publicPrivileges: server.version < 15 ? ["CREATE", "USAGE"] : ["USAGE"], publicTablePrivileges: [] },
    { name: "s", publicPrivileges: ["CREATE", "USAGE"], publicTablePrivileges: ["INSERT", "SELECT"] },
  ]);
});

test("names every entry in system schemas, and takes pgboss for a person's", async () => {
  const catalog = await check(
    `CREATE ROLE ro; CREATE SCHEMA pgboss; CREATE TABLE pgboss.job (); GRANT SELECT ON pg_authid, information_schema.tables, pgboss.job TO ro;
     GRANT EXECUTE ON FUNCTION pg_read_file(text) TO ro; GRANT SELECT (rolpassword) ON pg_authid TO ro; GRANT USAGE ON SCHEMA pg_toast TO ro`,
    { ro: { schemas: "all", privileges: ["SELECT"] } },
    { bulk: ["ro pgboss tables SELECT 1/1"] },
  );
  const entry = { privilege: "SELECT", grantable: false, grantor: "postgres", byOwner: true };
  expect(ofRoleRo(catalog)).toEqual([
    { ...entry, object: { kind: "schema", name: "pg_toast" }, privilege: "USAGE" },
    { ...entry, object: { kind: "routine", schema: "pg_catalog", signature: "pg_catalog.pg_read_file(text)" }, privilege: "EXECUTE" },
    { ...entry, object: { kind: "table", schema: "information_schema", name: "tables" } },
    { ...entry, object: { kind: "table", schema: "pg_catalog", name: "pg_authid" } },
    { ...entry, object: { kind: "column", schema: "pg_catalog", table: "pg_authid", name: "rolpassword" } },
  ]);
  expect(catalog.schemas.map((schema) => schema.name)).toEqual(["pgboss", "public"]);
});

test("caps a list of names at a thousand, and counts and hashes all of them", async () => {
  const catalog = await catalogOf({
    server,
    before: `CREATE ROLE ro; CREATE ROLE rx; CREATE SCHEMA s; DO $$ BEGIN FOR i IN 1..1002 LOOP EXECUTE format('CREATE TABLE s.t%s ()', i); END LOOP; END $$;
      GRANT SELECT ON s.t7 TO ro, rx`,
    wishes: { ro: { schemas: ["s"], privileges: ["SELECT"] }, rx: { schemas: ["s"], privileges: ["SELECT"] } },
  });
  const [first, second] = catalog.exceptions;
  expect(first).toMatchObject({ role: "ro", total: 1001 });
  expect(first?.names).toHaveLength(1000);
  expect(first?.names.slice(0, 3)).toEqual(["t1", "t10", "t100"]);
  expect(second?.digest).toBe(first?.digest);
  await server.run("app", "ALTER TABLE s.t999 RENAME TO t9999"); // the last name in both orders: it is not among the listed
  const changed = await readCatalog(server, { ro: { schemas: ["s"], privileges: ["SELECT"] } });
  expect(changed.exceptions[0]?.names).toEqual(first?.names);
  expect(changed.exceptions[0]?.digest).not.toBe(first?.digest);
});

test("a role that does not exist yet holds nothing and breaks nothing", async () => {
  const catalog = await check(
    `CREATE SCHEMA s; CREATE TABLE s.t (); GRANT SELECT ON s.t TO PUBLIC`,
    { later: { schemas: ["s"], privileges: ["SELECT", "INSERT"] } },
    { bulk: [] },
  );
  expect(catalog).toMatchObject({ grants: [], neededSequences: [], owns: [], policies: [] });
});

function ofRoleRo(catalog: DatabaseCatalog): readonly object[] {
  return catalog.grants.map(({ role, ...entry }) => {
    expect(role).toBe("ro");
    return entry;
  });
}
