import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { commitAll, readGitFacts } from "../../../src/io/git.ts";
import { readOwnSource } from "../../../src/io/own-source.ts";

const emptyHome = mkdtempSync(join(tmpdir(), "rolewright-home-"));
const env = { PATH: process.env["PATH"], HOME: emptyHome, XDG_CONFIG_HOME: emptyHome };

function git(directory: string, ...words: readonly string[]): string {
  return execFileSync("git", words, { cwd: directory, encoding: "utf8" }).trim();
}

it("says what is committed, what is not, where it comes from and who works on it", async () => {
  const directory = mkdtempSync(join(tmpdir(), "rolewright-git-"));
  expect(await readGitFacts(directory, env)).toEqual({ commit: "", isDirty: false, repositoryName: null, hostedName: null, user: "" });
  git(directory, "init", "--quiet");
  expect(await readGitFacts(directory, env)).toMatchObject({ commit: "", isDirty: false });
  // A name that git quotes, and one that looks like a heading of its answer.
  writeFileSync(join(directory, "# branch.oid 123"), "");
  expect(await readGitFacts(directory, env)).toMatchObject({ commit: "", isDirty: true });
  await commitAll(directory, "first");
  git(directory, "remote", "add", "origin", "git@github.com:acme/access.git");
  git(directory, "config", "user.name", "Maria  M. Email");
  git(directory, "config", "--add", "user.email", "old@example.com");
  git(directory, "config", "--add", "user.email", "maria@example.com");
  expect(await readGitFacts(directory, env)).toEqual({
    commit: git(directory, "rev-parse", "HEAD"),
    isDirty: false,
    repositoryName: "acme/access",
    hostedName: "acme/access",
    user: "Maria  M. Email <maria@example.com>",
  });
  writeFileSync(join(directory, "# branch.oid 123"), "changed");
  expect(await readGitFacts(directory, env)).toMatchObject({ isDirty: true });
});

function cloneOf(origin: string): string {
  const directory = mkdtempSync(join(tmpdir(), "rolewright-clone-"));
  git(directory, "init", "--quiet");
  git(directory, "config", "user.name", "ada");
  git(directory, "config", "user.email", "ada@example.com");
  git(directory, "commit", "--quiet", "--allow-empty", "--message", "first");
  git(directory, "remote", "add", "origin", origin);
  return directory;
}

it.each([
  ["https://github.com/acme/rolewright", "acme/rolewright"],
  ["https://github.com/acme/rolewright.git/", "acme/rolewright"],
  ["https://ada:secret@git.example.com:8443/acme/rolewright.git", "acme/rolewright"],
  ["ssh://git@git.example.com:2222/acme/rolewright.git", "acme/rolewright"],
  ["git@github.com:acme/rolewright.git", "acme/rolewright"],
  ["github.com:acme/rolewright", "acme/rolewright"],
  ["/srv/git/rolewright.git", null],
  ["../acme/rolewright", null],
  ["acme/rolewright", null],
  ["./with:colon/acme/rolewright", null],
  ["file:///srv/git/rolewright.git", null],
  ["C:/git/rolewright", null],
  [String.raw`C:\git\acme/rolewright`, null],
  ["https://github.com/rolewright", null],
])("a clone of %s is of the repository %s on a host", async (origin, expected) => {
  const directory = cloneOf(origin);
  expect((await readGitFacts(directory, env)).hostedName).toBe(expected);
  const commit = git(directory, "rev-parse", "HEAD");
  expect(await readOwnSource(env, directory)).toEqual(expected === null ? null : { repository: expected, commit });
});
