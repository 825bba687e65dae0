// What is said of files and folders that are not there, cannot be read, or are something else.
import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeAccessRepository, sampleInventory, sampleRoles, sampleSettings, type AccessRepository } from "./access-repository.ts";
import { runCli, type Outcome } from "./run-cli.ts";

const sid = "986e35ce-f3fc-4f79-b136-512eada7b850";

/** The repository is a folder in another that anybody may enter. */
async function prepare(files: Readonly<Record<string, string>> = {}): Promise<AccessRepository & { readonly repository: string }> {
  const sample = { "access/inventory.csv": sampleInventory, "access/rolewright.yaml": sampleSettings, "access/roles.csv": sampleRoles };
  const root = await makeAccessRepository({ ...sample, ...files });
  await chmod(root.directory, 0o755);
  return { ...root, repository: join(root.directory, "access") };
}

function run(repository: string, ...words: readonly string[]): Promise<Outcome> {
  return runCli(["-C", repository, ...words], { unprivileged: true });
}

const commands: readonly (readonly string[])[] = [
  ["plan"],
  ["plan", "status", sid],
  ["apply", "analytics", "--sid", sid],
  ["validate"],
  ["status"],
  ["health"],
  ["sessions", "list"],
  ["sessions", "show", sid],
  ["sessions", "verify"],
  ["import", "roles", "roles.csv"],
];

test.each(commands.map((words) => [words.join(" "), words] as const))(
  "%s says what is wrong with the folder that -C names",
  async (_, words) => {
    await using root = await prepare();
    const missing = await run(join(root.directory, "missing"), ...words);
    expect([missing.exitCode, missing.stdout + missing.stderr]).toEqual([1, expect.stringMatching(/there is no folder \S+\/missing\n/u)]);
    const file = await run(join(root.repository, "roles.csv"), ...words);
    expect([file.exitCode, file.stdout + file.stderr]).toEqual([1, expect.stringMatching(/roles\.csv is not a folder\n/u)]);
    await chmod(root.repository, 0o000);
    const closed = await run(root.repository, ...words);
    await chmod(root.repository, 0o755);
    expect([closed.exitCode, closed.stdout + closed.stderr]).toEqual([
      1,
      expect.stringMatching(/the folder \S+\/access cannot be read \(EACCES\)\n/u),
    ]);
  },
);

describe("validate", () => {
  test("takes a folder that cannot be read for an error, and never for one without roles, which would orphan them all", async () => {
    for (const mode of [0o000, 0o444]) {
      await using root = await prepare({ "access/roles/more.csv": sampleRoles.replaceAll(",ro,", ",rx,").replaceAll(",rw,", ",ry,") });
      await rm(join(root.repository, "roles.csv"));
      await chmod(join(root.repository, "roles"), mode);
      const { exitCode, stdout } = await run(root.repository, "validate");
      await chmod(join(root.repository, "roles"), 0o755);
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(
        mode === 0o000
          ? /^roles:1:1: error\[unreadable-folder\] the folder cannot be read \(EACCES\), and what is in it would be missing$/mu
          : /^roles\/more\.csv:1:1: error\[unreadable-file\] the file cannot be reached \(EACCES\)$/mu,
      );
    }
  });

  test("takes a file that cannot be read, a folder in its place and a link to itself for errors at their place", async () => {
    await using root = await prepare();
    const file = join(root.repository, "roles.csv");
    await chmod(file, 0o000);
    expect((await run(root.repository, "validate")).stdout).toContain(
      "roles.csv:1:1: error[unreadable-file] the file cannot be read (EACCES)",
    );
    await rm(file);
    await mkdir(file);
    expect((await run(root.repository, "validate")).stdout).toContain("roles.csv:1:1: error[not-a-file] this is not a regular file");
    await rm(file, { recursive: true });
    await symlink("roles.csv", file);
    expect((await run(root.repository, "validate")).stdout).toContain("roles.csv:1:1: error[broken-link] the link leads back to itself");
  });

  test("takes a credential store that leads into the repository for an error, also behind a link that leads nowhere yet", async () => {
    for (const target of ["access", "access/later"]) {
      await using root = await prepare();
      await symlink(target, join(root.directory, "credentials"));
      const { exitCode, stdout } = await run(root.repository, "validate");
      expect([exitCode, stdout]).toEqual([
        1,
        expect.stringMatching(/error\[bad-credential-store\] the credential store \S+\/credentials leads into the access repository/u),
      ]);
    }
  });
});

test("status says that there is no credential store, and --quiet does not", async () => {
  await using root = await prepare({ "access/rolewright.yaml": "" });
  expect((await run(root.repository, "status")).stderr).toMatch(/^warning\[no-credential-store\]/u);
  expect((await run(root.repository, "status", "--quiet")).stderr).toBe("");
});

test("a file that a command is given and that cannot be read is named, with the reason", async () => {
  await using root = await prepare({ "closed.yaml": "" });
  await chmod(root.repository, 0o777);
  await chmod(join(root.directory, "closed.yaml"), 0o000);
  await symlink("loop.yaml", join(root.directory, "loop.yaml"));
  const reasons: readonly (readonly [string, RegExp])[] = [
    ["missing.yaml", /there is no such file/u],
    ["access", /this is not a regular file/u],
    ["closed.yaml", /the file cannot be read \(EACCES\)/u],
    ["loop.yaml", /the link leads back to itself/u],
  ];
  for (const [name, reason] of reasons) {
    for (const command of ["plan", "apply"]) {
      const { exitCode, stderr } = await run(root.repository, command, "-f", join(root.directory, name));
      expect([exitCode, stderr]).toEqual([1, expect.stringMatching(reason)]);
      expect(stderr).toContain(join(root.directory, name));
    }
  }
});

test("a result that cannot be written is named, with the reason", async () => {
  await using root = await prepare({ "result/x": "" });
  await chmod(root.repository, 0o777);
  await writeFile(join(root.repository, "roles.csv"), sampleRoles.split("\n").slice(0, 1).join("\n"));
  for (const [name, code] of [
    ["result", "EISDIR"],
    ["closed/result.yaml", "EACCES"],
  ] as const) {
    await chmod(root.directory, name === "result" ? 0o777 : 0o755);
    const { exitCode, stderr } = await run(root.repository, "plan", "-o", join(root.directory, name));
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining(`the result file ${join(root.directory, name)} cannot be written (${code})`),
    ]);
  }
});
