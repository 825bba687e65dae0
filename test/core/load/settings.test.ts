// rolewright.yaml: every key, every default, every mistake.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadRepository } from "../../../src/load/load-repository.ts";
import { defaultSettings, type Settings } from "../../../src/model/settings.ts";
import { check, inventory, load, roles, summary, withRepository } from "./repository-on-disk.ts";

async function settingsOf(text: string | null): Promise<Settings> {
  const { desired, diagnostics } = await load({
    "inventory.csv": inventory,
    "roles.csv": roles,
    ...(text !== null && { "rolewright.yaml": text }),
  });
  expect(diagnostics).toEqual([]);
  return desired.settings;
}

test.each([[null], [""], ["# nothing yet\n"], ["{}\n"]])("without anything said the defaults stand, and Git's name: %j", async (text) => {
  expect(await settingsOf(text)).toEqual({ ...defaultSettings, repository: "acme/access" });
});

test("reads every key", async () => {
  const text = `
repository: other/name
prefix: rw
foreign_grants: report
credentials: { store: "file:/var/lib/credentials" }
concurrency: { total: 32, per_resource: 2 }
timeouts: { connect: 1, lock: 2, statement: 3 }
sslrootcert: ca.pem
sessions: log/sessions
`;
  expect(await settingsOf(text)).toEqual({
    repository: "other/name",
    prefix: "rw",
    orphans: { action: "report" },
    foreignGrants: "report",
    credentials: { store: "file:/var/lib/credentials" },
    concurrency: { total: 32, perResource: 2 },
    timeouts: { connectSeconds: 1, lockSeconds: 2, statementSeconds: 3 },
    sslrootcert: "ca.pem",
    sessions: "log/sessions",
  });
});

test.each<[text: string, orphans: Settings["orphans"]]>([
  ["report", { action: "report" }],
  ["disable", { action: "disable", terminateSessions: false }],
  ["{ disable: {} }", { action: "disable", terminateSessions: false }],
  ["{ disable: { terminate_sessions: true } }", { action: "disable", terminateSessions: true }],
  ["{ drop: { reassign_to: app } }", { action: "drop", reassignTo: "app", terminateSessions: false }],
  ["{ drop: { reassign_to: app, terminate_sessions: true } }", { action: "drop", reassignTo: "app", terminateSessions: true }],
])("reads orphans: %s", async (text, orphans) => {
  expect((await settingsOf(`orphans: ${text}\n`)).orphans).toEqual(orphans);
});

test.each<[text: string, expected: readonly string[]]>([
  ["orphans: delete", ["unknown-value rolewright.yaml:1:10"]],
  ["orphans: drop", ["unknown-value rolewright.yaml:1:10"]],
  ["orphans: 3", ["wrong-type rolewright.yaml:1:10"]],
  ["orphans: {}", ["missing-key rolewright.yaml:1:10"]],
  ["orphans: { drop: {} }", ["missing-key rolewright.yaml:1:18"]],
  ["orphans: { drop: { reassign_to: a }, disable: {} }", ["too-many-keys rolewright.yaml:1:10"]],
  ["orphans: { drop: { reasign_to: a } }", ["missing-key rolewright.yaml:1:18", "unknown-key rolewright.yaml:1:20"]],
  ["prefix: Hoop", ["bad-value rolewright.yaml:1:9"]],
  ["prefix: pg", ["bad-value rolewright.yaml:1:9"]],
  ["prefix: pg_x", ["bad-value rolewright.yaml:1:9"]],
  ["repository: a]b", ["bad-value rolewright.yaml:1:13"]],
  ["concurrency: { total: 0 }", ["out-of-range rolewright.yaml:1:23"]],
  ["timeouts: { lock: 3s }", ["wrong-type rolewright.yaml:1:19"]],
  ["timeouts: { lock: 0.5 }", ["wrong-type rolewright.yaml:1:19"]],
  ["credentials: { store: /var/lib }", ["bad-value rolewright.yaml:1:23"]],
  ["credentials: { store: 'file:credentials' }", ["store-inside-repository rolewright.yaml:1:23"]],
  ["credentials: { store: 'file:../x/../.' }", []],
  ["credentials: { store: 'file:~/credentials' }", []],
  ["credentials: { store: 'file:.' }", ["store-inside-repository rolewright.yaml:1:23"]],
  ["sessions: ../sessions", ["bad-sessions-folder rolewright.yaml:1:11"]],
  ["sessions: /var/log", ["bad-sessions-folder rolewright.yaml:1:11"]],
  ["foreign_grants: keep", ["unknown-value rolewright.yaml:1:17"]],
  ["concurency: {}", ["unknown-key rolewright.yaml:1:1"]],
])("checks %s", async (text, expected) => {
  await check({ "rolewright.yaml": `${text}\n` }, expected);
});

test.each([
  ["", null, "report", ["~unnamed-repository rolewright.yaml:1:10"]],
  ["repository: local", "acme/access", "report", ["~unnamed-repository rolewright.yaml:1:10"]],
  ["repository: acme/access", null, "disable", []],
  ["", "acme/access", "disable", []],
  // Nobody asked Git, because no marker is compared.
  ["", undefined, "report", []],
])("acts on orphans only in a repository with a name: %j, and %j by Git", async (setting, name, action, expected) => {
  await withRepository(
    { "inventory.csv": inventory, "roles.csv": roles, "rolewright.yaml": `orphans: disable\n${setting}\n` },
    async (directory) => {
      const { desired, diagnostics } = await loadRepository({ directory, ...(name === undefined ? {} : { repositoryName: name }) });
      expect([desired.settings.orphans.action, diagnostics.map(summary)]).toEqual([action, expected]);
    },
  );
});

test("the prefix changes the role names", async () => {
  const { desired } = await load({ "inventory.csv": inventory, "roles.csv": roles, "rolewright.yaml": "prefix: acme\n" });
  expect(desired.roles[0]?.roleName).toBe("acme_analytics_ro_6075a443");
});

test("an absolute path is no folder of the repository, even where it leads into it", async () => {
  await withRepository({ "inventory.csv": inventory, "roles.csv": roles }, async (directory) => {
    writeFileSync(join(directory, "rolewright.yaml"), `sessions: ${JSON.stringify(join(directory, "sessions"))}\n`);
    const { diagnostics } = await loadRepository({ directory, repositoryName: "x" });
    expect(diagnostics.map(summary)).toEqual(["bad-sessions-folder rolewright.yaml:1:11"]);
  });
});
