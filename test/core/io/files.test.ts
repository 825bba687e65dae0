// Files on a real disk: whole or not at all, with the permissions that were asked for, within limits.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listFolder, readBounded, realPath, writeAtomically } from "../../../src/io/files.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rolewright-files-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([0o600, 0o644] as const)("writes a file with mode %o whatever the umask", async (mode) => {
  const before = process.umask(0o177);
  try {
    const path = join(folder, "x");
    await writeAtomically({ path, text: "ü\n", mode });
    expect(statSync(path).mode & 0o777).toBe(mode);
    expect(readFileSync(path, "utf8")).toBe("ü\n");
  } finally {
    process.umask(before);
  }
});

test("replaces a file whose permissions were wider", async () => {
  const path = join(folder, "x");
  writeFileSync(path, "old");
  chmodSync(path, 0o666);
  await writeAtomically({ path, text: "new", mode: 0o600 });
  expect([readFileSync(path, "utf8"), statSync(path).mode & 0o777]).toEqual(["new", 0o600]);
});

test("folders above a secret file are made for the owner alone", async () => {
  await writeAtomically({ path: join(folder, "a/b/x"), text: "", mode: 0o600 });
  expect(statSync(join(folder, "a")).mode & 0o777).toBe(0o700);
});

test("a write that fails leaves what was there, and nothing beside it", async () => {
  mkdirSync(join(folder, "x"));
  writeFileSync(join(folder, "x/kept"), "");
  await expect(writeAtomically({ path: join(folder, "x"), text: "new", mode: 0o644 })).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/u);
  expect(readdirSync(folder)).toEqual(["x"]);
  expect(existsSync(join(folder, "x/kept"))).toBe(true);
});

test("writers of one file do not disturb each other", async () => {
  const path = join(folder, "x");
  const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000));
  await Promise.all(texts.map((text) => writeAtomically({ path, text, mode: 0o644 })));
  expect(texts).toContain(readFileSync(path, "utf8"));
  expect(readdirSync(folder)).toEqual(["x"]);
});

test("reads up to the limit and not beyond", async () => {
  const path = join(folder, "x");
  writeFileSync(path, "12345");
  expect(await readBounded(path, 5)).toEqual({ bytes: Buffer.from("12345") });
  expect(await readBounded(path, 4)).toEqual({ problem: { kind: "too-large", bytes: 5 } });
});

test("a file that claims to be empty but is not is read within the limit, too", async () => {
  // Files of the kernel have a size of 0.
  const outcome = await readBounded("/proc/self/status", 1_000_000);
  expect("bytes" in outcome && outcome.bytes.length).toBeGreaterThan(100);
  expect(await readBounded("/proc/self/status", 10)).toMatchObject({ problem: { kind: "too-large" } });
});

test("what is no file is said so", async () => {
  expect(await readBounded(folder, 5)).toEqual({ problem: { kind: "not-a-file" } });
  expect(await readBounded("/dev/zero", 5)).toEqual({ problem: { kind: "not-a-file" } });
  expect(await readBounded(join(folder, "none"), 5)).toEqual({ problem: { kind: "missing" } });
});

test("lists a folder by name, and resolves links", async () => {
  writeFileSync(join(folder, "b"), "");
  mkdirSync(join(folder, "a"));
  symlinkSync("b", join(folder, "c"));
  expect(await listFolder(folder)).toEqual({
    entries: [
      { name: "a", kind: "folder" },
      { name: "b", kind: "file" },
      { name: "c", kind: "link" },
    ],
  });
  expect(await realPath(join(folder, "c"))).toEqual(await realPath(join(folder, "b")));
});

test("says in the system's word why a folder cannot be listed or a path not resolved", async () => {
  writeFileSync(join(folder, "file"), "");
  symlinkSync("loop", join(folder, "loop"));
  const paths = ["none", "file/below", "loop"].map((name) => join(folder, name));
  expect(await Promise.all(paths.map(realPath))).toEqual([{ problem: "ENOENT" }, { problem: "ENOTDIR" }, { problem: "ELOOP" }]);
  expect(await Promise.all([...paths, join(folder, "file")].map(listFolder))).toEqual([
    { problem: "ENOENT" },
    { problem: "ENOTDIR" },
    { problem: "ELOOP" },
    { problem: "ENOTDIR" },
  ]);
});
