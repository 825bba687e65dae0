// The rules of DESIGN §3 and §4 that the files alone can break, each at its value.
import { expect, test } from "vitest";
import { loadRepository } from "../../../src/load/load-repository.ts";
import { check, inventory, load, summary, withRepository, type Files } from "./repository-on-disk.ts";

const header = "resource_name,type,role,scopes,permissions,source_role";
const longName = "é".repeat(32);

test.each<[name: string, row: string, expected: readonly string[]]>([
  ["F50 a scope with three parts", "analytics,managed,ro,shop.public.orders,SELECT,", ["bad-scope roles.csv:2:22"]],
  ["F50 a scope with four parts", "analytics,managed,ro,a.b.c.d,SELECT,", ["bad-scope roles.csv:2:22"]],
  ["F50 a scope with an empty schema", "analytics,managed,ro,shop.,SELECT,", ["bad-scope roles.csv:2:22"]],
  ["F50 a scope with an empty database", "analytics,managed,ro,.public,SELECT,", ["bad-scope roles.csv:2:22"]],
  ["F50 a scope of a dot", "analytics,managed,ro,.,SELECT,", ["bad-scope roles.csv:2:22"]],
  ["F50 a scope with a quote left open", 'analytics,managed,ro,"""my.db",SELECT,', ["bad-scope roles.csv:2:22"]],
  ["a scope in a system schema", "analytics,managed,ro,shop.pg_catalog,SELECT,", ["system-schema roles.csv:2:22"]],
  ["a database past 63 bytes", `analytics,managed,ro,${longName},SELECT,`, ["name-too-long roles.csv:2:22"]],
  ["a schema past 63 bytes", `analytics,managed,ro,app.${longName},SELECT,`, ["name-too-long roles.csv:2:22"]],
  ["a source role past 63 bytes", `analytics,external,ro,,,${longName}`, ["name-too-long roles.csv:2:25"]],
  ["an unknown privilege", "analytics,managed,ro,a,SELECT;SELCT,", ["unknown-privilege roles.csv:2:31"]],
  ["a privilege that comes by itself", "analytics,managed,ro,a,SELECT;USAGE,", ["unknown-privilege roles.csv:2:31"]],
  ["a privilege twice", "analytics,managed,ro,a,SELECT;select,", ["~redundant-privilege roles.csv:2:31"]],
  ["a scope twice", 'analytics,managed,ro,"a;""a""",SELECT,', ["~redundant-scope roles.csv:2:22"]],
  ["a scope inside another", "analytics,managed,ro,analytics.public;analytics,SELECT,", ["~redundant-scope roles.csv:2:22"]],
  ["a managed role without scopes", "analytics,managed,ro,,SELECT,", ["missing-scopes roles.csv:2:22"]],
  ["a managed role without privileges", "analytics,managed,ro,a,,", ["missing-privileges roles.csv:2:24"]],
  ["a managed role with a source role", "analytics,managed,ro,a,SELECT,other", ["source-role-on-managed roles.csv:2:31"]],
  ["an external role with scopes", "analytics,external,ro,a,,other", ["scopes-on-external roles.csv:2:23"]],
  ["an external role with privileges", "analytics,external,ro,,SELECT,other", ["privileges-on-external roles.csv:2:24"]],
  ["an external role without a source role", "analytics,external,ro,,,", ["missing-source-role roles.csv:2:25"]],
  ["PUBLIC as source role", "analytics,external,ro,,,PUBLIC", ["bad-source-role roles.csv:2:25"]],
  ["none as source role", "analytics,external,ro,,,none", ["bad-source-role roles.csv:2:25"]],
  ["itself as source role", "analytics,external,ro,,,hoopdev_analytics_ro_6075a443", ["bad-source-role roles.csv:2:25"]],
  ["an unknown resource", "analitics,managed,ro,a,SELECT,", ["unknown-resource roles.csv:2:1"]],
  ["a label without a letter of a-z", "analytics,managed,ы,a,SELECT,", ["bad-role-name roles.csv:2:19"]],
  ["a label with other characters", "analytics,managed,r/o,a,SELECT,", ["bad-value roles.csv:2:19"]],
  ["a label that is too long", `analytics,managed,${"x".repeat(51)},a,SELECT,`, ["bad-role-name roles.csv:2:19"]],
  [
    "several problems of one row",
    "analitics,managed,r/o,a.b.c,SELCT,x",
    [
      "unknown-resource roles.csv:2:1",
      "bad-value roles.csv:2:19",
      "bad-scope roles.csv:2:23",
      "unknown-privilege roles.csv:2:29",
      "source-role-on-managed roles.csv:2:35",
    ],
  ],
])("reports %s", async (_, row, expected) => {
  await check({ "roles.csv": `${header}\n${row}\n` }, expected);
});

test.each<[name: string, row: string, expected: readonly string[]]>([
  ["port 0", "db,0", ["out-of-range inventory.csv:2:6"]],
  ["port 65536", "db,65536", ["out-of-range inventory.csv:2:6"]],
  ["a port with letters", "db,54x", ["wrong-type inventory.csv:2:6"]],
  ["a negative port", "db,-5432", ["out-of-range inventory.csv:2:6"]],
  ["a port with a fraction", "db,5432.5", ["wrong-type inventory.csv:2:6"]],
  ["a host with a scheme", "postgres://db,", ["bad-host inventory.csv:2:3"]],
  ["a host with a user", "admin@db,", ["bad-host inventory.csv:2:3"]],
  ["a host with a port", "db:5432,", ["bad-host inventory.csv:2:3"]],
  ["a host with a space", "d b,", ["bad-host inventory.csv:2:3"]],
  ["two hosts", '"a,b",', ["bad-host inventory.csv:2:3"]],
  ["a socket", "/var/run,", ["bad-host inventory.csv:2:3"]],
  ["no host", ",5432", ["missing-value inventory.csv:2:3"]],
])("reports %s", async (_, cells, expected) => {
  await check({ "inventory.csv": `name,host,port\na,${cells}\n`, "roles.csv": `${header}\n` }, expected);
});

test.each<[name: string, line: string, expected: readonly string[]]>([
  ["another type than PostgreSQL", "type: MySQL", ["bad-value inventory.yaml:4:11"]],
  ["an unknown TLS mode", "sslmode: prefer", ["unknown-value inventory.yaml:4:14"]],
  ["a maintenance database past 63 bytes", `maintenance_database: ${longName}`, ["name-too-long inventory.yaml:4:27"]],
  ["a tag twice", "tags: [eu, eu]", ["repeated-value inventory.yaml:4:11"]],
  ["an unknown key with the nearest known one", "sslmod: require", ["unknown-key inventory.yaml:4:5"]],
])("reports %s", async (_, line, expected) => {
  const text = `resources:\n  - name: analytics\n    host: db\n    ${line}\n`;
  await check({ "inventory.yaml": text }, expected);
});

test.each(["a/b", "a:b", " a", "a ", "-a", "x".repeat(101)])("refuses the resource name %j", async (name) => {
  const { diagnostics } = await load({
    "inventory.yaml": `items: [{ name: ${JSON.stringify(name)}, host: db }]\n`,
    "roles.csv": `${header}\n`,
  });
  expect(diagnostics.map(({ code }) => code)).toEqual([name.length > 100 ? "too-long" : "bad-value"]);
});

test.each([["analytics"], ["My DB-2_x.y"], ["Ünïcode 数据"]])("takes the resource name %s", async (name) => {
  const { desired, diagnostics } = await load({ "inventory.csv": `name,host\n${name},db\n`, "roles.csv": `${header}\n` });
  expect(diagnostics).toEqual([]);
  expect(desired.resources[0]?.name).toBe(name);
});

test.each([
  ["::1", "::1"],
  ["[2001:db8::54]", "2001:db8::54"],
  ["db-1.internal_net.example.", "db-1.internal_net.example."],
])("takes the host %s", async (host, read) => {
  const { desired, diagnostics } = await load({ "inventory.csv": `name,host\na,${host}\n`, "roles.csv": `${header}\n` });
  expect(diagnostics).toEqual([]);
  expect(desired.resources[0]?.host).toBe(read);
});

test.each([
  ["2030-01-31", "2030-01-31T00:00:00Z"],
  ["2030-01-31T18:00:00Z", "2030-01-31T18:00:00Z"],
  ["2030-01-31t18:00:00.999z", "2030-01-31T18:00:00Z"],
  ["2030-01-01T00:30:00+01:00", "2029-12-31T23:30:00Z"],
  ["2028-02-29", "2028-02-29T00:00:00Z"],
])("reads the expiry %s as %s", async (text, instant) => {
  const { desired, diagnostics } = await load({
    "inventory.csv": "name,host\na,db\n",
    "roles.csv": `resource_name,role,scopes,permissions,expires_at\na,ro,a,SELECT,${text}\n`,
  });
  expect(diagnostics).toEqual([]);
  expect(desired.roles[0]?.expiresAt).toBe(instant);
});

test.each([
  "2030-02-30",
  "2030-1-31",
  "31.01.2030",
  "2030-01-31T18:00:00",
  "2030-01-31 18:00:00Z",
  "2030-01-31T24:00:00Z",
  "2030-01-31T18:00:00+25:00",
  "9999-12-31T23:59:59-01:00",
  "infinity",
])("refuses the expiry %s", async (text) => {
  await check({ "roles.csv": `resource_name,role,scopes,permissions,expires_at\nanalytics,ro,a,SELECT,${text}\n` }, [
    "bad-date roles.csv:2:23",
  ]);
});

test("what belongs to the other type of role is an error in YAML, too, but the hub's empty values are not", async () => {
  const text = `items:
  - { resource_name: analytics, role: a, source_role: "", scopes: [x], privileges: [SELECT], acknowledge_hazards: [createrole] }
  - { resource_name: analytics, role: b, type: external, source_role: pg_monitor, scopes: [], privileges: [], future_objects: true }
`;
  await check({ "roles.yaml": text }, ["hazards-on-managed roles.yaml:2:115", "future-objects-on-external roles.yaml:3:127"]);
});

test("a whole database covers its schemas, and lists are sorted", async () => {
  const { desired } = await load({
    "inventory.csv": "name,host\na,db\n",
    "roles.csv": "resource_name,role,scopes,permissions\na,ro,b.y;b.x;a.z;a,execute;insert;Select\n",
  });
  expect(desired.roles[0]?.scopes).toEqual([
    { database: "a", schema: null },
    { database: "b", schema: "x" },
    { database: "b", schema: "y" },
  ]);
  expect(desired.roles[0]?.privileges).toEqual(["SELECT", "INSERT", "EXECUTE"]);
});

test("names of exactly 63 bytes are fine", async () => {
  const { diagnostics } = await load({
    "inventory.csv": "name,host\na,db\n",
    "roles.csv": `resource_name,type,role,source_role\na,external,ro,${"x".repeat(63)}\n`,
  });
  expect(diagnostics).toEqual([]);
});

test.each<[row: string, hint: string]>([
  ["analitics,managed,ro,a,SELECT,", 'did you mean "analytics"?'],
  ["analytics,managed,ro,a,selct,", 'did you mean "SELECT"?'],
  ["analytics,extern,ro,,,x", 'did you mean "external"?'],
])("names what is meant in %s", async (row, hint) => {
  const { diagnostics } = await load({ "inventory.csv": "name,host\nanalytics,db\n", "roles.csv": `${header}\n${row}\n` });
  expect(diagnostics.map((diagnostic) => diagnostic.hint)).toEqual([hint]);
});

test.each<[code: string, hint: string]>([
  ["CREATEROLE", 'did you mean "createrole"?'],
  ["pg_server_file", 'did you mean "pg_server_files"?'],
  ["by-pass-rls", 'did you mean "bypassrls"?'],
  [
    "dangerous-source-role",
    "write superuser, createrole, replication, bypassrls, pg_execute_server_program, pg_server_files or reads-password-verifiers",
  ],
])("acknowledges no hazard that is not known: %s", async (code, hint) => {
  const { diagnostics } = await load({
    "inventory.csv": "name,host\nanalytics,db\n",
    "roles.csv": `resource_name,type,role,source_role,acknowledge_hazards\nanalytics,external,ro,staff,superuser;${code}\n`,
  });
  expect(diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.at?.column, diagnostic.hint])).toEqual([["unknown-value", 39, hint]]);
});

test.each<[host: string, hint: string]>([
  ["postgres://db", "without scheme"],
  ["admin@db", "under admin"],
  ["db:5432", "under port"],
  ["/var/run", "sockets"],
  ['"a,b"', "several resources"],
])("says what to do about the host %s", async (host, hint) => {
  const { diagnostics } = await load({ "inventory.csv": `name,host\na,${host}\n`, "roles.csv": `${header}\n` });
  expect(diagnostics.map((diagnostic) => diagnostic.hint)).toEqual([expect.stringContaining(hint)]);
});

test("resources and roles come in the order of their names, whatever the order in the files", async () => {
  const { desired } = await load({
    "inventory.csv": "name,host\nb,h\na,h\nB,h\n",
    "roles.csv": "resource_name,role,scopes,permissions\nb,x,d,SELECT\na,y,d,SELECT\na,x,d,SELECT\nB,x,d,SELECT\n",
  });
  expect(desired.resources.map(({ name }) => name)).toEqual(["B", "a", "b"]);
  expect(desired.roles.map(({ resource, label }) => `${resource}/${label}`)).toEqual(["B/x", "a/x", "a/y", "b/x"]);
});

test("warns of an expires_at that lies in the past, at its place, and only who asks for the time", async () => {
  const row = (time: string): Files => ({
    "inventory.csv": inventory,
    "roles.csv": `resource_name,role,scopes,permissions,expires_at\nanalytics,ro,a,SELECT,${time}\n`,
  });
  const warned = (time: string, now?: Date): Promise<readonly string[]> =>
    withRepository(row(time), async (directory) =>
      (await loadRepository({ directory, repositoryName: "acme/access", ...(now === undefined ? {} : { now }) })).diagnostics.map(summary),
    );
  const noon = new Date("2026-11-21T12:00:00Z");
  expect(await warned("2026-11-21T12:00:00Z", noon)).toEqual(["~expired roles.csv:2:23"]);
  expect(await warned("2026-11-21", noon)).toEqual(["~expired roles.csv:2:23"]);
  expect(await warned("2026-11-21T12:00:01Z", noon)).toEqual([]);
  expect(await warned("2026-11-21")).toEqual([]);
});
