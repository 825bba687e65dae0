// Where the session log may be: the sessions of a repository are in that repository.
import { chmod, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeAccessRepository, sampleInventory, sampleRoles } from "./access-repository.ts";
import { runCli } from "./run-cli.ts";

const files = { "access/inventory.csv": sampleInventory, "access/roles.csv": sampleRoles, "outside/x": "" };
const sid = "986e35ce-f3fc-4f79-b136-512eada7b850";

const commands: readonly (readonly string[])[] = [
  ["plan"],
  ["plan", "status", sid],
  ["apply", "analytics", "--sid", sid],
  ["status"],
  ["sessions", "list"],
  ["sessions", "show", sid],
  ["sessions", "verify"],
];

test.each(commands.map((words) => [words.join(" "), words] as const))(
  "%s refuses sessions/ that is a symbolic link out of the repository",
  async (_, words) => {
    await using root = await makeAccessRepository(files);
    const repository = join(root.directory, "access");
    await symlink("../outside", join(repository, "sessions"));
    const { exitCode, stdout, stderr } = await runCli(["-C", repository, ...words]);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^error: .*\/sessions lies behind a symbolic link; the session log follows none: replace it by a folder$/mu);
    expect(await readdir(join(root.directory, "outside"))).toEqual(["x"]);
  },
);

test("--sessions may name a symbolic link: whoever runs the command has chosen it", async () => {
  await using root = await makeAccessRepository(files);
  const repository = join(root.directory, "access");
  await symlink("../outside", join(repository, "log"));
  const { exitCode, stderr } = await runCli(["-C", repository, "--sessions", join(repository, "log"), "sessions", "list"]);
  expect([exitCode, stderr]).toEqual([0, "no session matches\n"]);
});

test.each([["plan"], ["apply -f result.yaml"]])(
  "%s says of a log that it cannot write what to do, before it asks any server",
  async (words) => {
    await using root = await makeAccessRepository(files);
    const repository = join(root.directory, "access");
    await chmod(root.directory, 0o755);
    await mkdir(join(repository, "sessions"));
    await chmod(join(repository, "sessions"), 0o555);
    const { exitCode, stdout, stderr } = await runCli(["-C", repository, ...words.split(" ")], { unprivileged: true });
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /error: the session log .*\/sessions cannot be written \(EACCES\): make it writable, or name another folder with --sessions DIR\n/u,
    );
  },
);

test("says of a log that cannot be made, or is a file, why", async () => {
  await using root = await makeAccessRepository(files);
  const repository = join(root.directory, "access");
  await chmod(root.directory, 0o755);
  await chmod(repository, 0o555);
  const cannotBeMade = await runCli(["-C", repository, "plan"], { unprivileged: true });
  expect([cannotBeMade.exitCode, cannotBeMade.stderr]).toEqual([
    1,
    expect.stringMatching(/the session log .*\/access\/sessions, in .*\/access, cannot be written \(EACCES\)/u),
  ]);
  await chmod(repository, 0o755);
  await writeFile(join(repository, "sessions"), "text");
  const file = await runCli(["-C", repository, "plan"]);
  expect([file.exitCode, file.stderr]).toEqual([1, expect.stringMatching(/\/sessions is not a folder/u)]);
});
