import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLogFiles } from "../../../src/io/log-files.ts";

let root: string;
let repository: string;
let outside: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "rolewright-log-"));
  [repository, outside] = [join(root, "access"), join(root, "outside")];
  await mkdir(repository);
  await mkdir(join(outside, "2026"), { recursive: true });
  await writeFile(join(outside, "head.yaml"), "theirs");
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe("a session log in a repository", () => {
  it.each([
    ["leads out of it", "../outside", "sessions"],
    ["leads somewhere else in it", "elsewhere", "sessions"],
    ["leads nowhere yet", "../later", "sessions"],
    ["leads to itself", "sessions", "sessions"],
    ["stands above it", "../outside", "log/sessions"],
  ])("is refused behind a symbolic link that %s, for reading and for writing", async (_, target, path) => {
    await mkdir(join(repository, "elsewhere"));
    await symlink(target, join(repository, path.split("/")[0] ?? ""));
    const before = await readdir(root, { recursive: true });
    const files = openLogFiles({ path: join(repository, path), within: repository });
    const words = /lies behind a symbolic link; the session log follows none: replace it by a folder/u;
    for (const attempt of [
      () => files.list(""),
      () => files.list("2026"),
      () => files.read("head.yaml", 100),
      () => files.scan("head.yaml", 100),
      () => files.ensureFolder("2026/11"),
      () => files.create("new"),
      () => files.write("new", "text"),
      () => files.rename("head.yaml", "moved"),
      () => files.remove("head.yaml"),
    ])
      await expect(attempt()).rejects.toThrow(words);
    expect(await readdir(root, { recursive: true })).toEqual(before);
  });

  it("is read as empty before the first write, which makes its folders", async () => {
    const files = openLogFiles({ path: join(repository, "log", "sessions"), within: repository });
    expect([await files.list(""), await files.read("head.yaml", 100)]).toEqual([[], null]);
    await files.ensureFolder("2026/11");
    expect(await readdir(join(repository, "log", "sessions", "2026"))).toEqual(["11"]);
  });

  it("may be reached by a link to the repository", async () => {
    await symlink(repository, join(root, "link"));
    const files = openLogFiles({ path: join(root, "link", "sessions"), within: join(root, "link") });
    await files.ensureFolder("2026");
    expect(await files.list("")).toEqual([{ name: "2026", kind: "folder" }]);
  });

  it("is never outside of it", () => {
    expect(() => openLogFiles({ path: outside, within: repository })).toThrow("is not in");
  });
});

it("a session log that was named for this run may be a symbolic link", async () => {
  await symlink(outside, join(repository, "sessions"));
  const files = openLogFiles({ path: join(repository, "sessions"), within: null });
  expect(await files.read("head.yaml", 100)).toBe("theirs");
});

it("says of a file in the place of the folder that it is none", async () => {
  await writeFile(join(repository, "sessions"), "text");
  const files = openLogFiles({ path: join(repository, "sessions"), within: repository });
  await expect(files.ensureFolder("2026")).rejects.toThrow(/sessions.* is not a folder/u);
});
