import * as fc from "fast-check";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  globSync,
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
import { safeFileName } from "../../../src/credentials/credential-file.ts";
import { openFileStore } from "../../../src/credentials/file-store.ts";
import { readLoginText } from "../../../src/credentials/login-text.ts";
import { type Credential, type CredentialStore, CredentialStoreError, formatDsn } from "../../../src/credentials/store.ts";

let root: string;
let directory: string;
let repositoryDirectory: string;
let store: CredentialStore;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "rolewright-store-"));
  directory = join(root, "credentials");
  repositoryDirectory = join(root, "access");
  mkdirSync(repositoryDirectory);
  store = await openFileStore({ directory, repositoryDirectory });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const key = { resource: "analytics", label: "ro" };

test("keeps a credential pending until it is promoted, for the owner's eyes only", async () => {
  expect(await store.current(key)).toBeNull();
  expect(await store.pending(key)).toEqual([]);
  const pending = await store.putPending(credential("first"));
  expect(await store.current(key)).toBeNull();
  expect(await store.pending(key)).toEqual([pending]);
  await store.promote(pending);
  expect(await store.current(key)).toEqual(credential("first"));
  expect(await store.pending(key)).toEqual([]);
  expect(store.describe(key)).toBe(join(directory, "analytics", "ro.json"));
  expect(statSync(store.describe(key)).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory, "analytics")).mode & 0o777).toBe(0o700);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

test("writes a file that people and scripts can use", async () => {
  await store.promote(await store.putPending(credential("s:e/c@r%t")));
  expect(JSON.parse(readFileSync(store.describe(key), "utf8"))).toEqual({
    role: "analytics/ro",
    resource: "analytics",
    label: "ro",
    host: "db.example.com",
    port: 5432,
    sslmode: "verify-full",
    user: "hoopdev_analytics_ro_6075a443",
    password: "s:e/c@r%t",
    databases: ["analytics", "my db"],
    groups: ["readers"],
    dsn: "postgres://hoopdev_analytics_ro_6075a443:s%3Ae%2Fc%40r%25t@db.example.com:5432/analytics?sslmode=verify-full",
    created_at: "2026-11-22T01:02:03Z",
  });
});

test("F40 never overwrites a pending credential, however many crashes left one", async () => {
  const stored = [];
  for (const password of ["one", "two", "three"]) stored.push(await store.putPending(credential(password)));
  const again = await openFileStore({ directory, repositoryDirectory });
  expect((await again.pending(key)).map((pending) => pending.credential.password)).toEqual(["three", "two", "one"]);
  const second = stored[1];
  if (second === undefined) throw new Error("unreachable");
  await again.promote(second);
  expect((await again.current(key))?.password).toBe("two");
  await again.discardPending(key);
  expect(await again.pending(key)).toEqual([]);
  expect((await again.current(key))?.password).toBe("two");
  expect(readdirSync(join(directory, "analytics"))).toEqual(["ro.json"]);
});

test("keeps all of many that are stored at once", async () => {
  await Promise.all(Array.from({ length: 20 }, (_, index) => store.putPending(credential(`password-${index}`))));
  const passwords = (await store.pending(key)).map((pending) => pending.credential.password);
  expect(new Set(passwords).size).toBe(20);
});

test("leaves what others are writing alone, and clears it away with what is pending", async () => {
  await store.putPending(credential("one"));
  const temporary = join(directory, "analytics", ".4efdbc37-98a6-4eee-85cd-50af7b10d1a2.tmp");
  writeFileSync(temporary, "half of a");
  await store.promote(await store.putPending(credential("two")));
  expect(existsSync(temporary)).toBe(true);
  await store.discardPending(key);
  expect(readdirSync(join(directory, "analytics"))).toEqual(["ro.json"]);
});

test("replaces the current credential in one step: a reader sees one or the other", async () => {
  await store.promote(await store.putPending(credential("old")));
  const reading = { seen: new Set<string>(), isDone: false };
  const reader = (async () => {
    while (!reading.isDone) reading.seen.add((await store.current(key))?.password ?? "nothing");
  })();
  for (let round = 0; round < 50; round += 1) await store.promote(await store.putPending(credential("new")));
  reading.isDone = true;
  await reader;
  expect([...reading.seen].filter((password) => !["old", "new"].includes(password))).toEqual([]);
});

test("F75 never stores an empty password, and never takes half a file for a credential", async () => {
  await expect(store.putPending(credential(""))).rejects.toBeInstanceOf(CredentialStoreError);
  expect(existsSync(directory)).toBe(false);
  await store.promote(await store.putPending(credential("whole-password")));
  const path = store.describe(key);
  const whole = readFileSync(path, "utf8");
  for (const broken of [
    "",
    "{}",
    "null",
    whole.slice(0, 200),
    whole.replaceAll('"whole-password"', '""'),
    whole.replace("5432,", '"5432",'),
  ]) {
    writeFileSync(path, broken);
    const error = await store.current(key).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CredentialStoreError);
    expect(String(error)).toContain(path);
    expect(String(error)).not.toContain("whole-password");
  }
  writeFileSync(path, whole.replace('"label": "ro"', '"label": "rw"'));
  await expect(store.current(key)).rejects.toThrow("another role");
});

test("does not promote what is no longer there", async () => {
  const pending = await store.putPending(credential("first"));
  await store.discardPending(key);
  await expect(store.promote(pending)).rejects.toBeInstanceOf(CredentialStoreError);
  await store.putPending(credential("second"));
  await expect(store.promote(pending)).rejects.toBeInstanceOf(CredentialStoreError);
  expect(await store.current(key)).toBeNull();
});

test("refuses to be in the access repository, also above it in the work tree and behind links", async () => {
  const open = (path: string, repository = repositoryDirectory) => openFileStore({ directory: path, repositoryDirectory: repository });
  await expect(open(join(repositoryDirectory, "credentials"))).rejects.toThrow("outside it");
  await expect(open(repositoryDirectory)).rejects.toThrow("outside it");
  symlinkSync(repositoryDirectory, join(root, "link"));
  await expect(open(join(root, "link", "not", "made", "yet"))).rejects.toThrow("outside it");
  symlinkSync(root, join(repositoryDirectory, "out"));
  await expect(open(join(repositoryDirectory, "out", "credentials"))).rejects.toThrow("outside it");
  await expect(open(join(repositoryDirectory, "credentials"), join(root, "link"))).rejects.toThrow("outside it");
  symlinkSync(join("link", "later"), join(root, "dangling"));
  await expect(open(join(root, "dangling"))).rejects.toThrow("outside it");
  await expect(open(join(root, "dangling", "further"))).rejects.toThrow("outside it");
  symlinkSync("loop", join(root, "loop"));
  await open(join(root, "loop"));
  await open(`${repositoryDirectory}-elsewhere`);
  execFileSync("git", ["init", "--quiet", root]);
  await expect(open(join(root, "credentials"))).rejects.toThrow("outside it");
});

test("a folder that cannot be read holds perhaps the only credential that works: it is never taken for an empty one", async () => {
  mkdirSync(directory, { recursive: true });
  symlinkSync("analytics", join(directory, "analytics"));
  await expect(store.pending(key)).rejects.toThrow(/analytics cannot be read \(ELOOP\)/u);
});

test("closes a folder that others can enter", async () => {
  mkdirSync(join(directory, "analytics"), { recursive: true });
  chmodSync(directory, 0o755);
  await store.putPending(credential("first"));
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, "analytics")).mode & 0o777).toBe(0o700);
});

test("stays within its folder, and keeps roles apart, whatever the names are", async () => {
  const hostile = [
    "..",
    "../..",
    "/etc/passwd",
    "a/b",
    "a%2Fb",
    "A",
    "a",
    ".hidden",
    "ro.pending-1",
    "x".repeat(300),
    `${"x".repeat(299)}y`,
    "ü😀",
    "a\u0000b",
    "con",
    " ",
  ];
  for (const name of hostile) {
    for (const given of [
      { resource: name, label: "ro" },
      { resource: "analytics", label: name },
    ]) {
      await store.promote(await store.putPending({ ...credential(`password of ${name}`), ...given }));
    }
  }
  await store.putPending(credential("pending of ro"));
  for (const name of hostile) expect((await store.current({ resource: "analytics", label: name }))?.password).toBe(`password of ${name}`);
  expect(readdirSync(root).toSorted()).toEqual(["access", "credentials"]);
  expect(globSync("**/*.json", { cwd: directory }).length).toBe(2 * hostile.length + 1);
});

test("gives different names different files, also where the file system ignores case", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (first, second) => {
      fc.pre(first.toWellFormed() !== second.toWellFormed());
      expect(safeFileName(first).toLowerCase()).not.toBe(safeFileName(second).toLowerCase());
      expect(safeFileName(first)).toMatch(/^[a-zA-Z0-9_%+-]*$/u);
    }),
  );
});

test("writes a DSN that is read back as it was meant", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((value) => !/\p{Cc}/u.test(value) && value.isWellFormed());
  fc.assert(
    fc.property(text, text, text, fc.constantFrom("db.example.com", "::1", "10.0.0.1"), (user, password, database, host) => {
      const dsn = formatDsn({ ...credential(password), user, host, databases: [database] });
      expect(readLoginText(dsn)).toMatchObject({ user, password, endpoint: { host, port: 5432 }, sslmode: "verify-full" });
      expect(databaseOf(dsn)).toBe(database);
    }),
  );
  for (const database of [".", "..", "...", "%2e"]) {
    const dsn = formatDsn({ ...credential("x"), databases: [database] });
    expect(databaseOf(dsn)).toBe(database);
    expect(readLoginText(dsn)).toMatchObject({ password: "x" });
  }
});

function databaseOf(dsn: string): string {
  const { pathname, searchParams } = new URL(dsn);
  return searchParams.get("dbname") ?? decodeURIComponent(pathname.slice(1));
}

function credential(password: string): Credential {
  return {
    ...key,
    host: "db.example.com",
    port: 5432,
    sslmode: "verify-full",
    user: "hoopdev_analytics_ro_6075a443",
    password,
    databases: ["analytics", "my db"],
    groups: ["readers"],
    createdAt: "2026-11-22T01:02:03Z",
  };
}
