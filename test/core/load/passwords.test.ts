// Logins never stand in a repository: a literal one is an error at its place, and no message repeats it.
import { expect, test } from "vitest";
import { check, load } from "./repository-on-disk.ts";

const canary = "hunter2-canary";

const resource = (...lines: readonly string[]): string =>
  `resources:\n  - name: analytics\n    host: db\n${lines.map((line) => `    ${line}\n`).join("")}`;

test.each<[name: string, line: string, expected: readonly string[]]>([
  ["a DSN under admin", `admin: postgres://root:${canary}@db/postgres`, ["literal-password inventory.yaml:4:12"]],
  ["a DSN with other words", `admin: postgresql://root:${canary}@db`, ["literal-password inventory.yaml:4:12"]],
  ["a login under admin", `admin: root:${canary}`, ["literal-password inventory.yaml:4:12"]],
  ["a login under planner", `planner: root:${canary}`, ["literal-password inventory.yaml:4:14"]],
  ["key and value pairs", `admin: host=db password=${canary}`, ["literal-password inventory.yaml:4:12"]],
  ["a password alone under admin", `admin: ${canary}`, ["bad-credential-reference inventory.yaml:4:12"]],
  ["a DSN behind env:", `admin: env:postgres://root:${canary}@db`, ["literal-password inventory.yaml:4:12"]],
  ["a password behind env:", `admin: env:${canary}`, ["bad-credential-reference inventory.yaml:4:12"]],
  ["an empty reference", "admin: 'env:'", ["bad-credential-reference inventory.yaml:4:12"]],
  ["an empty path", "admin: 'file:'", ["bad-credential-reference inventory.yaml:4:12"]],
  ["a scheme of a later version", "admin: vault:secret/analytics", ["unsupported-credential-scheme inventory.yaml:4:12"]],
  ["a control character in a reference", `admin: "env:${canary}\\n"`, ["control-character inventory.yaml:4:12"]],
  ["a password key", `password: ${canary}`, ["literal-password inventory.yaml:4:5"]],
  ["a username key", `username: ${canary}`, ["literal-password inventory.yaml:4:5"]],
  [
    "a dsn key in other letters",
    `DSN: postgres://root:${canary}@db`,
    ["literal-password inventory.yaml:4:5", "literal-password inventory.yaml:4:10"].slice(0, 1),
  ],
  [
    "a mapping of a login",
    `admin: { username: root, password: ${canary} }`,
    ["wrong-type inventory.yaml:4:12", "literal-password inventory.yaml:4:14", "literal-password inventory.yaml:4:30"],
  ],
  ["a DSN in any other value", `description: see postgres://root:${canary}@db/x`, ["literal-password inventory.yaml:4:18"]],
  ["a DSN in a list", `tags: [x, "postgres://root:${canary}@db"]`, ["literal-password inventory.yaml:4:15"]],
  ["a DSN with an @ in its password", `description: postgres://root:p@${canary}@db/x`, ["literal-password inventory.yaml:4:18"]],
])("refuses %s", async (_, line, expected) => {
  const found = await check({ "inventory.yaml": resource(line) }, expected);
  expect(JSON.stringify(found)).not.toContain(canary);
});

test("a DSN as host is refused without repeating it", async () => {
  const { diagnostics } = await load({
    "inventory.csv": `name,host\nanalytics,postgres://root:p@${canary}@db\n`,
    "roles.csv": "resource_name,role\n",
  });
  expect(diagnostics.map(({ code }) => code)).toEqual(["bad-host", "literal-password"]);
  expect(JSON.stringify(diagnostics)).not.toContain(canary);
});

test("columns for logins are refused at the header, and no cell is repeated", async () => {
  const found = await check({ "inventory.csv": `name,host,username,Password\nanalytics,db,root,${canary}\n` }, [
    "literal-password inventory.csv:1:11",
    "literal-password inventory.csv:1:20",
  ]);
  expect(JSON.stringify(found)).not.toContain(canary);
});

test("the hub's CSV of logins in the place of an inventory is refused for what it is", async () => {
  const found = await check({ "inventory.csv": `resource_name,username,password\nanalytics,root,${canary}\n` }, [
    "missing-column inventory.csv:1:1",
    "missing-column inventory.csv:1:1",
    "unknown-column inventory.csv:1:1",
    "literal-password inventory.csv:1:15",
    "literal-password inventory.csv:1:24",
  ]);
  expect(JSON.stringify(found)).not.toContain(canary);
});

test("syntax errors do not repeat what stands beside them", async () => {
  const files = [`name,host\na,"${canary}"x\n`, `name,host\na,b"${canary}"\n`, `name,host\na,"${canary}\n`];
  for (const text of files) expect(JSON.stringify((await load({ "inventory.csv": text })).diagnostics)).not.toContain(canary);
  for (const text of [`a: "${canary}`, `a: *${canary}`, `!${canary} a`, `a: {${canary}`, `${canary}: 1\n ${canary}: 2`]) {
    expect(JSON.stringify((await load({ "inventory.yaml": text })).diagnostics)).not.toContain(canary);
  }
});

test("references are taken as they are", async () => {
  const { desired, diagnostics } = await load({
    "inventory.csv": "name,host,admin,planner\nanalytics,db,env:ANALYTICS_ADMIN,file:/run/secrets/planner\n",
    "roles.csv": "resource_name,role\n",
  });
  expect(diagnostics).toEqual([]);
  expect(desired.resources[0]).toMatchObject({ admin: "env:ANALYTICS_ADMIN", planner: "file:/run/secrets/planner" });
});
