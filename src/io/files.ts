// Files: bounded reading, folder listing, and writing that a crash leaves whole. Errors that people can cause come back as data.
import { randomUUID } from "node:crypto";
import { constants, type Dirent } from "node:fs";
import { mkdir, mkdtemp, open, readdir, readFile, realpath, rename, rm, unlink, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { compareNames } from "../model/name.ts";

export type ReadProblem =
  | { readonly kind: "missing" | "not-a-file" }
  | { readonly kind: "too-large"; readonly bytes: number }
  /** `code` is the system's word: EACCES, ELOOP. */
  | { readonly kind: "unreadable"; readonly code: string };

export type ReadOutcome = { readonly bytes: Uint8Array } | { readonly problem: ReadProblem };

/**
 * Reads a regular file of at most `limitBytes`. A larger one is refused by its size, before a byte of it is read;
 * pipes and devices are refused without waiting for them.
 */
export async function readBounded(path: string, limitBytes: number): Promise<ReadOutcome> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = await handle.stat();
    if (!status.isFile()) return { problem: { kind: "not-a-file" } };
    if (status.size > limitBytes) return { problem: { kind: "too-large", bytes: status.size } };
    return await readUpTo(handle, status.size, limitBytes);
  } catch (error) {
    return { problem: readProblem(error) };
  } finally {
    await handle?.close();
  }
}

/** The file may grow while it is read, so the limit is held against what arrives, not only against its size. */
async function readUpTo(handle: FileHandle, expected: number, limitBytes: number): Promise<ReadOutcome> {
  let buffer = Buffer.allocUnsafe(expected + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) return { bytes: buffer.subarray(0, length) };
    length += bytesRead;
    if (length > limitBytes) return { problem: { kind: "too-large", bytes: length } };
    if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
  }
}

function readProblem(error: unknown): ReadProblem {
  const code = errorCode(error);
  if (code === "ENOENT" || code === "ENOTDIR") return { kind: "missing" };
  return code === "EISDIR" ? { kind: "not-a-file" } : { kind: "unreadable", code };
}

/** The system's word for what failed, such as ENOENT; rethrows what is not a system error. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  throw error;
}

/** Whether the system's word for what failed is this one. */
export function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** In the system's word why there is nothing to be had: ENOENT, ENOTDIR, EACCES, ELOOP. */
export type PathProblem = { readonly problem: string };

/** The path with every symbolic link resolved. */
export async function realPath(path: string): Promise<{ readonly path: string } | PathProblem> {
  try {
    return { path: await realpath(path) };
  } catch (error) {
    return { problem: errorCode(error) };
  }
}

export type FolderEntry = { readonly name: string; readonly kind: "file" | "folder" | "link" | "other" };

/** What is in a folder, sorted by name. */
export async function listFolder(path: string): Promise<{ readonly entries: readonly FolderEntry[] } | PathProblem> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return { entries: entries.map(folderEntry).toSorted((a, b) => compareNames(a.name, b.name)) };
  } catch (error) {
    return { problem: errorCode(error) };
  }
}

export function folderEntry(entry: Dirent): FolderEntry {
  if (entry.isFile()) return { name: entry.name, kind: "file" };
  if (entry.isDirectory()) return { name: entry.name, kind: "folder" };
  return { name: entry.name, kind: entry.isSymbolicLink() ? "link" : "other" };
}

/**
 * Writes a whole file or nothing: into a temporary file beside it, flushed, then renamed over it. Folders above are made.
 * @param input.mode: permissions of the file whatever the umask; 0o600 where the text is secret.
 */
export async function writeAtomically(input: {
  readonly path: string;
  readonly text: string;
  readonly mode: 0o600 | 0o644;
}): Promise<void> {
  const folder = dirname(input.path);
  await mkdir(folder, { recursive: true, mode: input.mode === 0o600 ? 0o700 : 0o755 });
  const temporary = join(folder, `.${basename(input.path)}.${randomUUID()}.tmp`);
  try {
    await writeFlushed(temporary, input);
    await rename(temporary, input.path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await flushFolder(folder);
}

async function writeFlushed(path: string, input: { readonly text: string; readonly mode: number }): Promise<void> {
  const handle = await open(path, "wx", input.mode);
  try {
    await handle.chmod(input.mode);
    await handle.writeFile(input.text, "utf8");
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts on disk what was made, renamed or removed in a folder: without it a power cut may undo that. */
export async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder with those above it, where it is not there yet. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
}

/** A folder of our own in the system's place for temporary files, for us alone. */
export function makeTemporaryFolder(prefix: string): Promise<string> {
  return mkdtemp(join(tmpdir(), prefix));
}

export function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

/** @param name below `examples/`, which comes with rolewright. */
export function readExample(name: string): Promise<string> {
  return readFile(new URL(`../../examples/${name}`, import.meta.url), "utf8");
}
