import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { resetCluster, startServer, type Server } from "../../support/server.ts";
import { catalogOf, type Wishes } from "./catalog-of.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => resetCluster(server));

test("F66 reads the global layer and the layer of each schema, and leaves out what creators keep for themselves", async () => {
  const catalog = await catalogOf({
    server,
    before: `CREATE ROLE x; CREATE ROLE maker; CREATE SCHEMA s;
      ALTER DEFAULT PRIVILEGES FOR ROLE maker GRANT SELECT ON TABLES TO x; ALTER DEFAULT PRIVILEGES FOR ROLE maker IN SCHEMA s GRANT INSERT, SELECT ON TABLES TO x WITH GRANT OPTION;
      ALTER DEFAULT PRIVILEGES FOR ROLE maker GRANT USAGE ON SCHEMAS TO x; ALTER DEFAULT PRIVILEGES FOR ROLE maker GRANT USAGE ON TYPES TO x;
      ALTER DEFAULT PRIVILEGES FOR ROLE maker IN SCHEMA s GRANT USAGE ON SEQUENCES TO x; ALTER DEFAULT PRIVILEGES FOR ROLE maker GRANT EXECUTE ON FUNCTIONS TO x;
      ALTER DEFAULT PRIVILEGES FOR ROLE x REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; ALTER DEFAULT PRIVILEGES FOR ROLE x IN SCHEMA s GRANT SELECT ON TABLES TO maker, x;
      ${server.version >= 18 ? "ALTER DEFAULT PRIVILEGES FOR ROLE maker GRANT SELECT ON LARGE OBJECTS TO x;" : ""}`,
    wishes: { x: {} },
  });
  const lines = catalog.defaultPrivileges.map(
    ({ role, forRole, schema, objects, privilege, grantable }) =>
      `${role} for ${forRole} in ${schema}: ${privilege}${grantable ? "*" : ""} on ${objects}`,
  );
  expect(lines).toEqual([
    ...(server.version >= 18 ? ["x for maker in null: SELECT on LARGE OBJECTS"] : []),
    "x for maker in null: USAGE on TYPES",
    "x for maker in null: EXECUTE on FUNCTIONS",
    "x for maker in null: USAGE on SCHEMAS",
    "x for maker in null: SELECT on TABLES",
    "x for maker in s: USAGE on SEQUENCES",
    "x for maker in s: INSERT* on TABLES",
    "x for maker in s: SELECT* on TABLES",
  ]);
});

async function check(before: string, wishes: Wishes, expected: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const { schemas } = await catalogOf({ server, before, wishes });
  expect(Object.fromEntries(schemas.map(({ name, creators }) => [name, creators]))).toEqual({ public: [], ...expected });
}

const future = { schemas: ["s"], privileges: ["SELECT"], futureObjects: true } as const;

test("finds creators by ownership, by CREATE and by inherited membership", async () => {
  await check(
    `CREATE ROLE x; CREATE ROLE schema_owner; CREATE ROLE table_owner; CREATE ROLE seq_owner; CREATE ROLE routine_owner; CREATE ROLE writer; CREATE ROLE team; CREATE ROLE "Ann ""A"""; CREATE ROLE outsider;
     CREATE ROLE boss SUPERUSER; CREATE ROLE lazy_boss SUPERUSER; GRANT writer TO team; GRANT team TO "Ann ""A""", lazy_boss;
     CREATE SCHEMA s AUTHORIZATION schema_owner; CREATE SCHEMA other AUTHORIZATION outsider;
     CREATE TABLE s.t (); ALTER TABLE s.t OWNER TO table_owner; CREATE TABLE s.u (); ALTER TABLE s.u OWNER TO boss; CREATE SEQUENCE s.q; ALTER SEQUENCE s.q OWNER TO seq_owner;
     CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION s.f() OWNER TO routine_owner;
     GRANT CREATE ON SCHEMA s TO writer, pg_monitor, lazy_boss; GRANT USAGE ON SCHEMA s TO outsider; GRANT pg_monitor TO outsider`,
    { x: future },
    { s: ['Ann "A"', "boss", "outsider", "routine_owner", "schema_owner", "seq_owner", "table_owner", "team", "writer"], other: [] },
  );
});

test("follows only memberships that inherit, as each version defines it", async () => {
  await check(
    `CREATE ROLE x; CREATE ROLE owner; CREATE ROLE heir; CREATE ROLE idle NOINHERIT; CREATE SCHEMA s AUTHORIZATION owner; GRANT owner TO heir, idle;
     ${server.version >= 16 ? "CREATE ROLE late NOINHERIT; GRANT owner TO late WITH INHERIT TRUE; CREATE ROLE early; GRANT owner TO early WITH INHERIT FALSE" : ""}`,
    { x: future },
    { s: server.version >= 16 ? ["heir", "late", "owner"] : ["heir", "owner"] },
  );
});

test("takes pg_database_owner for the owner of the database", async () => {
  await check(
    `CREATE ROLE x; CREATE ROLE app_owner; CREATE ROLE deployer; GRANT app_owner TO deployer; ALTER DATABASE app OWNER TO app_owner; CREATE SCHEMA s AUTHORIZATION pg_database_owner`,
    { x: future },
    { s: ["app_owner", "deployer"] },
  );
});

test("takes an orphan that is only reported for a creator where it holds CREATE, also through others", async () => {
  await check(
    `CREATE ROLE x; CREATE ROLE orphan; CREATE ROLE joined; CREATE ROLE boss SUPERUSER; CREATE SCHEMA s; GRANT CREATE ON SCHEMA s TO orphan, boss; GRANT orphan TO joined`,
    { x: future, orphan: { isLeftAlone: true }, joined: { isLeftAlone: true }, boss: { isLeftAlone: true } },
    { s: ["joined", "orphan", "postgres"] },
  );
});

test("takes a managed role for a creator where it owns something or is to hold CREATE, not where it merely holds it", async () => {
  await check(
    `CREATE ROLE x; CREATE ROLE owns; CREATE ROLE holds; CREATE ROLE joined; CREATE ROLE wants; CREATE ROLE owner; CREATE SCHEMA s AUTHORIZATION owner; GRANT owner TO joined;
     GRANT CREATE ON SCHEMA s TO holds; CREATE TABLE s.t (); ALTER TABLE s.t OWNER TO owns`,
    { x: future, owns: {}, holds: {}, joined: {}, wants: { schemas: ["s"], privileges: ["CREATE"] } },
    { s: ["owner", "owns", "wants"] },
  );
});

test("looks for creators only where somebody wants future objects", async () => {
  await check(
    "CREATE ROLE x; CREATE ROLE owner; CREATE SCHEMA s AUTHORIZATION owner",
    { x: { ...future, futureObjects: false } },
    { s: [] },
  );
});
