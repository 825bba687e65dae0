import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { introspectCluster, type ClusterInterest } from "../../../src/introspect/cluster.ts";
import type { ClusterCatalog } from "../../../src/model/observed.ts";
import { resetCluster, startServer, suppliesContainers, type Server } from "../../support/server.ts";
import { createPlanner, inSession, planner } from "./session.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  await server.run("postgres", createPlanner);
});

/** Reads as the superuser and as a login with CONNECT alone, which differ in `currentUser` only. */
async function clusterOf(interest: Partial<ClusterInterest>): Promise<ClusterCatalog> {
  const read = (user: string): Promise<ClusterCatalog> =>
    inSession(server, { database: "postgres", user }, async (db) => {
      const catalog = await introspectCluster(db, {
        targets: [],
        sources: [],
        declaredDatabases: [],
        markers: ["[rolewright test]", "[rolewright test, undeclared]"],
        ...interest,
      });
      expect(db.count()).toBeLessThanOrEqual(3);
      return catalog;
    });
  const catalog = await read(server.user);
  const { currentUser } = (await read(planner)).server;
  expect(currentUser).toEqual({ name: planner, superuser: false, createRole: false });
  const seen = await read(planner);
  expect({ ...seen, server: { ...seen.server, currentUser: catalog.server.currentUser } }).toEqual(catalog);
  return catalog;
}

test("identifies the server and who looks", async () => {
  const { server: info } = await clusterOf({});
  const [row] = await server.run(
    "postgres",
    "SELECT system_identifier::text AS id, current_setting('server_version_num')::int AS version FROM pg_control_system()",
  );
  expect(info).toEqual({
    version: row?.["version"],
    systemIdentifier: row?.["id"],
    isInRecovery: false,
    currentUser: { name: "postgres", superuser: true, createRole: true },
  });
});

test("reads declared roles and those that carry our marker, and no others", async () => {
  await server.run(
    "postgres",
    `CREATE ROLE plain; CREATE ROLE ours; COMMENT ON ROLE ours IS 'by hand [rolewright test]'; CREATE ROLE theirs; COMMENT ON ROLE theirs IS '[rolewright other]'; CREATE ROLE nobody;
     CREATE ROLE full_house LOGIN NOINHERIT SUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS CONNECTION LIMIT 5 VALID UNTIL '2031-05-06 07:08:09.25+02'`,
  );
  const { roles } = await clusterOf({ targets: ["plain", "full_house", "missing"] });
  const none = {
    login: false,
    inherit: true,
    superuser: false,
    createDb: false,
    createRole: false,
    replication: false,
    bypassRls: false,
    connectionLimit: -1,
    validUntil: null,
  };
  expect([...roles.values()]).toEqual([
    {
      name: "full_house",
      comment: null,
      attributes: {
        login: true,
        inherit: false,
        superuser: true,
        createDb: true,
        createRole: true,
        replication: true,
        bypassRls: true,
        connectionLimit: 5,
        validUntil: "2031-05-06T05:08:09.25Z",
      },
    },
    { name: "ours", comment: "by hand [rolewright test]", attributes: none },
    { name: "plain", comment: null, attributes: none },
  ]);
});

test("without a marker no role is a target", async () => {
  await server.run("postgres", "CREATE ROLE other; COMMENT ON ROLE other IS 'something'");
  expect((await clusterOf({ markers: [] })).roles.size).toBe(0);
});

test.each([
  ["infinity", null],
  ["-infinity", "0001-01-01T00:00:00Z"],
  ["2030-01-01 00:00:00+00", "2030-01-01T00:00:00Z"],
  ["2030-01-01 00:00:10.000100+00", "2030-01-01T00:00:10.0001Z"],
  ["0044-03-15 BC", "0001-01-01T00:00:00Z"],
  ["20000-01-01", "9999-12-31T23:59:59Z"],
])("reads VALID UNTIL %s as %s", async (written, read) => {
  await server.run("postgres", `CREATE ROLE r VALID UNTIL '${written}'`);
  const { roles } = await clusterOf({ targets: ["r"] });
  expect(roles.get("r")?.attributes.validUntil).toBe(read);
});

test("does not cut a name of more than 63 bytes down to another role's", async () => {
  const name = "r".repeat(63);
  await server.run("postgres", `CREATE ROLE ${name}`);
  expect((await clusterOf({ targets: [`${name}s`], sources: [`${name}s`] })).roles.size).toBe(0);
});

test("F29 reads a membership once per grantor where the server keeps them apart", async () => {
  await server.run(
    "postgres",
    `CREATE ROLE x; CREATE ROLE team; CREATE ROLE deputy; GRANT team TO deputy WITH ADMIN OPTION; GRANT team TO x; ${server.version >= 16 ? "GRANT team TO x WITH ADMIN TRUE, INHERIT FALSE, SET FALSE GRANTED BY deputy" : ""}`,
  );
  const { memberships, membershipsGrantedByTargets } = await clusterOf({ targets: ["x"] });
  const row = { role: "team", member: "x" };
  expect(memberships).toEqual(
    server.version >= 16
      ? [
          { ...row, grantor: "deputy", admin: true, inherit: false, set: false },
          { ...row, grantor: "postgres", admin: false, inherit: true, set: true },
        ]
      : [{ ...row, grantor: "postgres", admin: false, inherit: null, set: null }],
  );
  expect(membershipsGrantedByTargets).toEqual([]);
});

test("reads memberships that a target granted to others, where they would stand in the way", async () => {
  await server.run(
    "postgres",
    `CREATE ROLE x; CREATE ROLE y; CREATE ROLE team; GRANT team TO x WITH ADMIN OPTION; SET ROLE x; GRANT team TO y`,
  );
  const { membershipsGrantedByTargets } = await clusterOf({ targets: ["x"] });
  expect(membershipsGrantedByTargets).toEqual(
    server.version >= 16 ? [{ role: "team", member: "y", grantor: "x", admin: false, inherit: true, set: true }] : [],
  );
});

test("reads who is a member of a target, whoever made it one, and what such a member may do", async () => {
  await server.run(
    "postgres",
    `CREATE ROLE x; CREATE ROLE plain; CREATE ROLE deputy; CREATE ROLE other; GRANT x TO plain; GRANT x TO deputy WITH ADMIN OPTION; GRANT other TO plain;
     ${
       server.version >= 16
         ? `CREATE ROLE maker; GRANT x TO maker WITH ADMIN TRUE, INHERIT FALSE, SET FALSE; CREATE ROLE idle; GRANT x TO idle WITH INHERIT FALSE, SET FALSE;
            CREATE ROLE setter; GRANT x TO setter WITH INHERIT FALSE, SET TRUE; SET ROLE deputy; GRANT x TO idle WITH INHERIT FALSE, SET FALSE, ADMIN TRUE`
         : ""
     }`,
  );
  const { roles } = await clusterOf({ targets: ["x", "plain"] });
  const since16 = server.version >= 16;
  expect(roles.get("x")?.members).toEqual([
    { name: "deputy", isUser: true, isAdmin: true },
    ...(since16
      ? [
          { name: "idle", isUser: false, isAdmin: true },
          { name: "maker", isUser: false, isAdmin: true },
        ]
      : []),
    { name: "plain", isUser: true, isAdmin: false },
    ...(since16 ? [{ name: "setter", isUser: true, isAdmin: false }] : []),
  ]);
  expect(roles.get("plain")).not.toHaveProperty("members");
});

test("reads the settings on a target, and of those that may hold a secret no value", async () => {
  await server.run("postgres", "CREATE ROLE x; CREATE ROLE y");
  await server.run("postgres", `CREATE DATABASE "a b"`);
  for (const setting of [
    "x SET statement_timeout = '5s'",
    "x SET myapp.key = 'hunter2=hunter3'",
    "x SET search_path = evil, 'a=b', public",
    `x SET role = '${"y".repeat(1000)}'`,
    `x IN DATABASE "a b" SET search_path = ''`,
    `ALL IN DATABASE "a b" SET work_mem = '1MB'`,
    "ALL SET work_mem = '2MB'",
  ])
    await server.run("postgres", `ALTER ROLE ${setting}`);
  await server.run("postgres", `ALTER DATABASE "a b" SET work_mem = '3MB'`);
  const { roles } = await clusterOf({ targets: ["x", "y"] });
  expect(roles.get("x")?.settings).toEqual([
    { name: "myapp.key", database: null, value: null },
    { name: "role", database: null, value: "y".repeat(200) },
    { name: "search_path", database: null, value: 'evil, "a=b", public' },
    { name: "search_path", database: "a b", value: '""' },
    { name: "statement_timeout", database: null, value: null },
  ]);
  expect(roles.get("y")).not.toHaveProperty("settings");
});

test("follows a source role to everything that its members reach", async () => {
  await server.run(
    "postgres",
    "CREATE ROLE source; CREATE ROLE middle CREATEROLE CREATEDB BYPASSRLS; GRANT middle TO source; GRANT pg_read_all_data TO middle; CREATE ROLE unrelated",
  );
  const { sources } = await clusterOf({ sources: ["source", "missing"] });
  const none = { superuser: false, createDb: false, createRole: false, replication: false, bypassRls: false };
  expect([...sources]).toEqual([
    [
      "source",
      {
        name: "source",
        reaches: [
          { ...none, name: "middle", createDb: true, createRole: true, bypassRls: true },
          { ...none, name: "pg_read_all_data" },
          { ...none, name: "source" },
        ],
      },
    ],
  ]);
});

test("F31 reads databases with PUBLIC's privileges, built-in ones included", async () => {
  await server.run("postgres", "CREATE ROLE owner");
  await server.run("postgres", `CREATE DATABASE "Open" OWNER owner`);
  await server.run("postgres", "CREATE DATABASE closed ALLOW_CONNECTIONS false");
  await server.run("postgres", "REVOKE ALL ON DATABASE closed FROM PUBLIC; GRANT CREATE ON DATABASE closed TO PUBLIC");
  const { databases } = await clusterOf({});
  expect(databases).toEqual([
    { name: "Open", owner: "owner", allowsConnections: true, isTemplate: false, publicPrivileges: ["CONNECT", "TEMPORARY"] },
    { name: "closed", owner: "postgres", allowsConnections: false, isTemplate: false, publicPrivileges: ["CREATE"] },
    { name: "postgres", owner: "postgres", allowsConnections: true, isTemplate: false, publicPrivileges: ["CONNECT", "TEMPORARY"] },
    { name: "template0", owner: "postgres", allowsConnections: false, isTemplate: true, publicPrivileges: ["CONNECT"] },
    { name: "template1", owner: "postgres", allowsConnections: true, isTemplate: true, publicPrivileges: ["CONNECT"] },
  ]);
});

test("reads grants on databases, tablespaces and parameters, and by whom", async () => {
  await server.run("postgres", "CREATE ROLE x; CREATE ROLE y; CREATE ROLE owner");
  await server.run("postgres", "CREATE DATABASE app OWNER owner");
  await server.run(
    "postgres",
    `GRANT CONNECT, TEMPORARY ON DATABASE app TO x WITH GRANT OPTION; GRANT ALL ON DATABASE app TO owner; GRANT CREATE ON TABLESPACE pg_default TO x; SET ROLE x; GRANT CONNECT ON DATABASE app TO y;
     RESET ROLE; ${server.version >= 15 ? "GRANT SET ON PARAMETER log_statement TO x" : ""}`,
  );
  const catalog = await clusterOf({ targets: ["x", "owner"] });
  const row = { role: "x", grantor: "owner", byOwner: true };
  expect(catalog.grants).toEqual([
    { ...row, object: { kind: "database", name: "app" }, privilege: "CONNECT", grantable: true, isUsed: true },
    { ...row, object: { kind: "database", name: "app" }, privilege: "TEMPORARY", grantable: true },
    ...(server.version >= 15
      ? [{ ...row, grantor: "postgres", object: { kind: "parameter", name: "log_statement" }, privilege: "SET", grantable: false }]
      : []),
    { ...row, grantor: "postgres", object: { kind: "tablespace", name: "pg_default" }, privilege: "CREATE", grantable: false },
  ]);
  expect(catalog.grantsByTargets).toEqual([
    {
      role: "y",
      object: { kind: "database", name: "app" },
      privilege: "CONNECT",
      grantable: false,
      grantor: "x",
      byOwner: false,
      owner: "owner",
    },
  ]);
});

test("finds the undeclared databases in which a target holds, owns or is named by something", async () => {
  await server.run("postgres", "CREATE ROLE x; CREATE ROLE y; CREATE ROLE bystander");
  const make: Readonly<Record<string, string>> = {
    declared: "GRANT USAGE ON SCHEMA public TO x",
    acl: "GRANT USAGE ON SCHEMA public TO x",
    owned: "CREATE TABLE t (); ALTER TABLE t OWNER TO y",
    policy: "CREATE TABLE t (); CREATE POLICY p ON t TO x",
    defaults: "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO y",
    empty: "GRANT USAGE ON SCHEMA public TO bystander",
  };
  for (const [name, sql] of Object.entries(make)) {
    await server.run("postgres", `CREATE DATABASE ${name}`);
    await server.run(name, sql);
  }
  await server.run("postgres", "GRANT CONNECT ON DATABASE empty TO x; ALTER DATABASE policy ALLOW_CONNECTIONS false");
  const { footprints } = await clusterOf({ targets: ["x", "y"], declaredDatabases: ["declared"] });
  expect(footprints).toEqual([
    { role: "x", database: "acl" },
    { role: "x", database: "policy" },
    { role: "y", database: "defaults" },
    { role: "y", database: "owned" },
  ]);
});

test.skipIf(suppliesContainers)("brings hostile names through as they are", async () => {
  const name = `a"b'c\\d\n\t$1 é😀\u202e`;
  const quoted = `"${name.replaceAll('"', '""')}"`;
  await server.run("postgres", `CREATE ROLE ${quoted}`);
  await server.run("postgres", `CREATE DATABASE ${quoted}`);
  await server.run(
    "postgres",
    `GRANT CONNECT ON DATABASE ${quoted} TO ${quoted}; COMMENT ON ROLE ${quoted} IS ${"$x$" + name + "$x$"}; GRANT pg_monitor TO ${quoted}`,
  );
  const catalog = await clusterOf({ targets: [name, "__proto__"], sources: [name] });
  expect(catalog.roles.get(name)?.comment).toBe(name);
  expect(catalog.memberships).toMatchObject([{ member: name, role: "pg_monitor" }]);
  expect(catalog.grants).toMatchObject([{ role: name, object: { kind: "database", name } }]);
  expect(catalog.sources.get(name)?.reaches.map((role) => role.name)).toContain(name);
});
