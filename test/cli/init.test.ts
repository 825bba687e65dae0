// init: what it writes, what it leaves alone, and what it refuses.
import { execFileSync } from "node:child_process";
import { mkdir, readFile, realpath, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeAccessRepository } from "./access-repository.ts";
import { runCli } from "./run-cli.ts";

const pin = `acme/rolewright@${"a1".repeat(20)}`;
const complete = ["--pin", pin, "--code-owners", "@acme/dba", "--runner", "self-hosted,pg-plan", "--apply-runner", "self-hosted,pg-apply"];

const written = [
  "README.md",
  "rolewright.yaml",
  "inventory.csv",
  "roles.csv",
  "access.yaml",
  ".gitignore",
  ".github/CODEOWNERS",
  ".github/workflows/rolewright-plan.yml",
  ".github/workflows/rolewright-apply.yml",
  ".github/workflows/rolewright-drift.yml",
  ".github/workflows/rolewright-dispatch.yml",
];

type Document = {
  readonly directory: string;
  readonly placeholders: readonly string[];
  readonly files: readonly { readonly path: string; readonly result: string }[];
};

async function init(directory: string, ...words: readonly string[]): Promise<Document> {
  const { exitCode, stdout, stderr } = await runCli(["init", directory, "--json", ...words]);
  expect([exitCode, stderr.includes("error")], stderr).toEqual([0, false]);
  return JSON.parse(stdout) as Document;
}

const resultOf = ({ files }: Document, path: string): string | undefined => files.find((file) => file.path === path)?.result;

test("writes a repository that is valid, with everything filled in that the options say", async () => {
  await using folder = await makeAccessRepository({});
  const directory = join(folder.directory, "new/access");
  const { files, placeholders } = await init(directory, ...complete, "--repository", "acme/access");
  expect(files).toEqual(written.map((path) => ({ path, result: "written" })));
  expect(placeholders).toEqual([]);
  expect(await runCli(["-C", directory, "validate"])).toEqual({ exitCode: 0, stdout: "valid: 0 resources, 0 roles\n", stderr: "" });
  const settings = await readFile(join(directory, "rolewright.yaml"), "utf8");
  expect(settings).toMatch(/^# yaml-language-server: \$schema=https:\/\/github\.com\/acme\/rolewright\/raw\/(?:a1){20}\/schemas\//u);
  expect(settings).toMatch(/^repository: acme\/access$/mu);
  for (const path of written)
    expect([path, await readFile(join(directory, path), "utf8")]).not.toEqual([path, expect.stringContaining("OWNER/")]);
  expect(await readFile(join(directory, ".github/CODEOWNERS"), "utf8")).toMatch(/^\* @acme\/dba$/mu);
});

test("says on a terminal what it wrote and what to do next", async () => {
  await using folder = await makeAccessRepository({});
  const { exitCode, stdout, stderr } = await runCli(["init"], { cwd: folder.directory });
  expect(exitCode).toBe(0);
  for (const path of written) expect(stdout).toMatch(new RegExp(`^written +${path.replaceAll(".", "\\.")}$`, "mu"));
  expect(stderr).toContain("@OWNER/database-admins");
  expect(stderr).toContain("ten steps in README.md, and rolewright doctor");
});

test("a second time says to fill in what the files still say, not what they would say by now", async () => {
  await using folder = await makeAccessRepository({});
  const open = ["--pin", `OWNER/rolewright@${"0".repeat(40)}`];
  expect((await init(folder.directory, ...open)).placeholders).toEqual([open[1], "@OWNER/database-admins"]);
  const owners = join(folder.directory, ".github/CODEOWNERS");
  await writeFile(owners, (await readFile(owners, "utf8")).replaceAll("@OWNER/database-admins", "@acme/dba"));
  expect((await init(folder.directory, ...open)).placeholders).toEqual([open[1]]);
  // What is kept is unfilled, whatever the options say.
  expect((await init(folder.directory, ...complete)).placeholders).toEqual([open[1]]);
  expect((await init(folder.directory, "--pin", pin, "--force")).placeholders).toEqual(["@OWNER/database-admins"]);
});

test.each([
  [
    "no Git repository",
    [],
    [
      "git init -b main && git add . && git commit -m 'Access to our databases'",
      "gh repo create acme/access --private --source . --push   # or: git remote add origin ADDRESS && git push -u origin main",
    ],
  ],
  [
    "no remote",
    [["init", "--quiet", "--initial-branch=main"]],
    [
      "git add . && git commit -m 'Access to our databases'",
      "gh repo create acme/access --private --source . --push   # or: git remote add origin ADDRESS && git push -u origin main",
    ],
  ],
  [
    "a remote",
    [
      ["init", "--quiet", "--initial-branch=main"],
      ["remote", "add", "origin", "git@github.com:acme/access.git"],
    ],
    ["git add . && git commit -m 'Access to our databases' && git push -u origin HEAD"],
  ],
] as const)("says how the files get onto GitHub: %s", async (_what, commands, expected) => {
  await using folder = await makeAccessRepository({});
  for (const command of commands) execFileSync("git", command, { cwd: folder.directory });
  const { stderr } = await runCli(["init", folder.directory, ...complete, "--repository", "acme/access"]);
  const lines = stderr.split("\n");
  expect(lines.slice(lines.findIndex((line) => line.startsWith("next, in ")))).toEqual([
    expect.stringMatching(/^next, in .+:$/u),
    ...expected.map((command) => `  ${command}`),
    "then the ten steps in README.md, and rolewright doctor",
    "",
  ]);
});

test("what applies runs elsewhere than plans, and delivers to a folder outside of every checkout", async () => {
  await using folder = await makeAccessRepository({});
  const { exitCode, stderr } = await runCli(["init", folder.directory, ...complete]);
  expect([exitCode, stderr.includes("--apply-runner")]).toEqual([0, false]);
  const read = (path: string): Promise<string> => readFile(join(folder.directory, path), "utf8");
  expect(await read(".github/workflows/rolewright-plan.yml")).toContain("runs-on: [self-hosted, pg-plan]");
  expect(await read(".github/workflows/rolewright-apply.yml")).toContain("runs-on: [self-hosted, pg-apply]");
  expect(await read(".github/workflows/rolewright-drift.yml")).toContain("runs-on: [self-hosted, pg-plan]");
  const dispatch = await read(".github/workflows/rolewright-dispatch.yml");
  expect(dispatch.match(/runs-on: \[.*?\]/gu)).toEqual(["runs-on: [self-hosted, pg-plan]", "runs-on: [self-hosted, pg-apply]"]);
  expect(await read("rolewright.yaml")).toMatch(/^ {2}store: file:\/var\/lib\/rolewright\/credentials$/mu);
  expect(await read("README.md")).toMatch(/^ +sudo install -d -m 0700 -o runner \/var\/lib\/rolewright\/credentials$/mu);
});

test("one runner of one's own for plans and applies is warned of", async () => {
  await using folder = await makeAccessRepository({});
  const { stderr } = await runCli(["init", folder.directory, "--pin", pin, "--runner", "self-hosted,pg-prod"]);
  expect(stderr).toContain("--apply-runner");
  const readme = await readFile(join(folder.directory, "README.md"), "utf8");
  expect(readme).toContain("the same runner");
});

test("a runner of GitHub's for plans and one of one's own for applies keeps the passwords", async () => {
  await using folder = await makeAccessRepository({});
  const { stderr } = await runCli(["init", folder.directory, "--pin", pin, "--apply-runner", "self-hosted,pg-apply"]);
  expect(stderr).not.toMatch(/--runner|forgets it/u);
});

test("says that the pin is still open, and how to fill it in", async () => {
  await using folder = await makeAccessRepository({});
  const open = await runCli(["init", folder.directory, "--pin", `OWNER/rolewright@${"0".repeat(40)}`]);
  expect(open.stderr).toContain("nothing says where the Action is: name it with --pin");
  const filled = await runCli(["init", folder.directory, "--force", ...complete]);
  expect([filled.exitCode, filled.stderr.includes("where the Action is")]).toEqual([0, false]);
});

test("a clone of a folder gives the repository no name, since nobody on a host knows it", async () => {
  await using folder = await makeAccessRepository({});
  execFileSync("git", ["init", "--quiet", "--initial-branch=main"], { cwd: folder.directory });
  execFileSync("git", ["remote", "add", "origin", "/srv/git/access"], { cwd: folder.directory });
  await init(folder.directory, ...complete);
  expect(await readFile(join(folder.directory, "rolewright.yaml"), "utf8")).toMatch(/^# repository: acme\/access$/mu);
});

test("a second time changes nothing, and other options change nothing without --force", async () => {
  await using folder = await makeAccessRepository({});
  await init(folder.directory, ...complete);
  expect((await init(folder.directory, ...complete)).files.every(({ result }) => result === "unchanged")).toBe(true);
  const before = await readFile(join(folder.directory, ".github/workflows/rolewright-apply.yml"), "utf8");
  const again = await init(folder.directory, ...complete, "--default-branch", "trunk");
  expect(resultOf(again, ".github/workflows/rolewright-apply.yml")).toBe("kept");
  expect(await readFile(join(folder.directory, ".github/workflows/rolewright-apply.yml"), "utf8")).toBe(before);
});

test("--force writes its own files again, and never people's data or files that it did not write", async () => {
  await using folder = await makeAccessRepository({
    "README.md": "# Ours\n",
    "roles.csv": "resource_name,type,role,scopes,permissions,source_role\nanalytics,managed,ro,app,SELECT,\n",
    "inventory.csv": "name,type,host,port\nanalytics,PostgreSQL,127.0.0.1,5432\n",
    "rolewright.yaml": "repository: acme/access\n",
  });
  await init(folder.directory, ...complete);
  const forced = await init(folder.directory, ...complete, "--default-branch", "trunk", "--force");
  for (const path of ["README.md", "roles.csv", "inventory.csv", "rolewright.yaml"])
    expect([path, resultOf(forced, path)]).toEqual([path, "kept"]);
  expect(resultOf(forced, ".github/workflows/rolewright-apply.yml")).toBe("rewritten");
  expect(await readFile(join(folder.directory, ".github/workflows/rolewright-apply.yml"), "utf8")).toContain("branches: [trunk]");
  expect(await readFile(join(folder.directory, "README.md"), "utf8")).toBe("# Ours\n");
});

test("in a folder of a Git repository, the workflows go to its root and name the folder", async () => {
  await using folder = await makeAccessRepository({});
  execFileSync("git", ["init", "--quiet", "--initial-branch=main"], { cwd: folder.directory });
  execFileSync("git", ["remote", "add", "origin", "git@github.com:acme/platform.git"], { cwd: folder.directory });
  const document = await init(join(folder.directory, "databases/access"), "--pin", pin, "--code-owners", "@acme/dba");
  expect(document.directory).toBe(await realpath(folder.directory));
  expect(document.files.map(({ path }) => path)).toContain("databases/access/inventory.csv");
  expect(await readFile(join(folder.directory, ".github/workflows/rolewright-plan.yml"), "utf8")).toContain(
    "directory: databases/access\n",
  );
  expect(await readFile(join(folder.directory, ".github/CODEOWNERS"), "utf8")).toMatch(/^\/databases\/access\/ @acme\/dba$/mu);
  const settings = await readFile(join(folder.directory, "databases/access/rolewright.yaml"), "utf8");
  expect(settings).toMatch(/^repository: acme\/platform$/mu);
  // Outside of the whole Git repository, not only of the folder.
  expect(settings).toMatch(/^ {2}store: file:\.\.\/\.\.\/\.\.\/credentials$/mu);
});

test("the default branch is the one that the clone knows of its origin", async () => {
  await using folder = await makeAccessRepository({});
  execFileSync("git", ["init", "--quiet", "--initial-branch=work"], { cwd: folder.directory });
  execFileSync("git", ["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk"], { cwd: folder.directory });
  await init(folder.directory, ...complete);
  expect(await readFile(join(folder.directory, ".github/workflows/rolewright-apply.yml"), "utf8")).toContain("branches: [trunk]");
});

test.each([
  ["--pin", "acme/rolewright@v1", "is not owner/name@commit"],
  ["--pin", "acme/rolewright", "is not owner/name@commit"],
  ["--default-branch", "main]\n  evil: [x", "is no name of a branch"],
  ["--default-branch", "a..b", "is no name of a branch"],
  ["--runner", "${{ secrets.X }}", "labels of a runner"],
  ["--apply-runner", "a b", "--apply-runner"],
  ["--code-owners", "ada", "people and teams"],
  ["--session-log", "branch:", "is none of artifact"],
  ["--session-log", "branch:x y", "is no name of a branch"],
  ["--repository", "acme", "is not owner/name"],
])("%s %j is refused before anything is written", async (option, value, message) => {
  await using folder = await makeAccessRepository({});
  const directory = join(folder.directory, "access");
  const { exitCode, stderr } = await runCli(["init", directory, option, value]);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(message)]);
  await expect(realpath(directory)).rejects.toThrow("ENOENT");
});

test("a folder that is a link is not written through", async () => {
  await using folder = await makeAccessRepository({});
  await mkdir(join(folder.directory, "access"));
  await mkdir(join(folder.directory, "elsewhere"));
  await symlink("../elsewhere", join(folder.directory, "access/.github"));
  const { exitCode, stderr } = await runCli(["init", join(folder.directory, "access")]);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(".github is a link")]);
  await expect(realpath(join(folder.directory, "elsewhere/CODEOWNERS"))).rejects.toThrow("ENOENT");
});

test("a file that leads elsewhere is left alone, and so is what it leads to", async () => {
  await using folder = await makeAccessRepository({ "other/README.md": "not yours\n" });
  await mkdir(join(folder.directory, "access"));
  await symlink("../other/README.md", join(folder.directory, "access/README.md"));
  expect(resultOf(await init(join(folder.directory, "access"), "--force"), "README.md")).toBe("kept");
  expect(await readFile(join(folder.directory, "other/README.md"), "utf8")).toBe("not yours\n");
});
