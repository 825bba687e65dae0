// The files of the session log: one folder, whose inner paths are never followed through a symbolic link.
// Every step is one system call or one flushed write, so that whoever composes them decides what a crash may leave.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir, realpath, rename, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { flushFolder, folderEntry, isErrorCode, type FolderEntry } from "./files.ts";

/** Paths are relative to the folder, with `/`, and come from validated parts only. */
export type LogFiles = {
  /** Makes the folder and those above it. */
  ensureFolder(folder: string): Promise<void>;
  /** What is in a folder, in no order; nothing where it is missing. */
  list(folder: string): Promise<readonly FolderEntry[]>;
  /** The text of a regular file, or `null` where there is none. Throws for one of more than `maximumBytes`. */
  read(path: string, maximumBytes: number): Promise<string | null>;
  /** SHA-256 (hex) and the last bytes of a file of any size, or `null` where there is none. */
  scan(path: string, tailBytes: number): Promise<{ readonly sha256: string; readonly tail: string } | null>;
  /** Milliseconds since 1970 at which the file was last written, or `null` where there is none. */
  modifiedAt(path: string): Promise<number | null>;
  /** Makes an empty file; false where it is there already. */
  create(path: string): Promise<boolean>;
  /** Writes a file in place and flushes it. Follow with `rename`, or a crash leaves half of it. */
  write(path: string, text: string): Promise<void>;
  /** Moves a file over another and flushes both folders. */
  rename(from: string, to: string): Promise<void>;
  /** Moves files over others, one after the other, and then flushes each folder once. A power cut may leave any of the moves undone. */
  renameAll(moves: readonly Move[]): Promise<void>;
  /** Removes a file; one that is gone already is fine. */
  remove(path: string): Promise<void>;
};

export type Move = { readonly from: string; readonly to: string };

/** @param root absolute path of the folder; it need not exist before the first write. */
export function openLogFiles(root: string): LogFiles {
  const locate = (path: string): Promise<string | null> => realLocation(root, path);
  const require = async (path: string): Promise<string> => {
    const location = await locate(path);
    if (location === null) throw new Error(`the folder of ${path} is missing in ${root}`);
    return location;
  };
  return {
    ensureFolder: (folder) => ensureFolder(root, folder),
    async list(folder) {
      const location = await locate(`${folder}/.`);
      return location === null ? [] : ((await ifThere(readdir(location, { withFileTypes: true }))) ?? []).map(folderEntry);
    },
    read: async (path, maximumBytes) => withFile(await locate(path), (handle) => readWhole(handle, path, maximumBytes)),
    scan: async (path, tailBytes) => withFile(await locate(path), (handle) => scanFile(handle, tailBytes)),
    modifiedAt: async (path) => withFile(await locate(path), async (handle) => (await handle.stat()).mtimeMs),
    create: async (path) => createEmpty(await require(path)),
    write: async (path, text) => writeFlushed(await require(path), text),
    rename: (from, to) => moveAll(require, [{ from, to }]),
    renameAll: (moves) => moveAll(require, moves),
    async remove(path) {
      const location = await locate(path);
      if (location !== null) await ifThere(unlink(location));
    },
  };
}

async function moveAll(require: (path: string) => Promise<string>, moves: readonly Move[]): Promise<void> {
  const folders = new Set<string>();
  for (const { from, to } of moves) {
    const [source, target] = [await require(from), await require(to)];
    await rename(source, target);
    folders.add(join(target, "..")).add(join(source, ".."));
  }
  for (const folder of folders) await flushFolder(folder);
}

/** The absolute path, or `null` where its folder is missing. Throws where a symbolic link stands between the root and the file. */
async function realLocation(root: string, path: string): Promise<string | null> {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw new Error(`${path} leads out of ${root}`);
  const folders = path.endsWith("/.") ? parts : parts.slice(0, -1);
  const base = await ifThere(realpath(root));
  if (base === null) return null;
  const wanted = join(base, ...folders);
  const actual = await ifThere(realpath(wanted));
  if (actual === null) return null;
  if (actual !== wanted)
    throw new Error(`${join(root, ...folders)} lies behind a symbolic link; the session log follows none: replace it by a folder`);
  return join(base, ...parts);
}

async function ensureFolder(root: string, folder: string): Promise<void> {
  await mkdir(root, { recursive: true });
  const parts = folder.split("/");
  for (let length = 1; length <= parts.length; length += 1) {
    const location = await realLocation(root, parts.slice(0, length).join("/"));
    if (location === null) throw new Error(`${root} has been removed while it was in use`);
    const made = await mkdir(location).then(
      () => true,
      (error: unknown) => (isErrorCode(error, "EEXIST") ? false : Promise.reject(error)),
    );
    if (made) await flushFolder(join(location, ".."));
    await realLocation(root, `${parts.slice(0, length).join("/")}/.`);
  }
}

async function withFile<Result>(location: string | null, use: (handle: FileHandle) => Promise<Result>): Promise<Result | null> {
  if (location === null) return null;
  // O_NONBLOCK: opening a pipe must not wait for its writer.
  const handle = await ifThere(open(location, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK));
  if (handle === null) return null;
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${location} is not a regular file`);
    return await use(handle);
  } finally {
    await handle.close();
  }
}

async function readWhole(handle: FileHandle, path: string, maximumBytes: number): Promise<string> {
  const { size } = await handle.stat();
  if (size > maximumBytes) throw new Error(`${path} has ${size} bytes; no file of the session log has more than ${maximumBytes}`);
  return handle.readFile("utf8");
}

async function scanFile(handle: FileHandle, tailBytes: number): Promise<{ readonly sha256: string; readonly tail: string }> {
  const hash = createHash("sha256");
  const { size } = await handle.stat();
  const buffer = Buffer.allocUnsafe(Math.min(65_536, size + 1));
  let tail = Buffer.alloc(0);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return { sha256: hash.digest("hex"), tail: tail.toString("utf8") };
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    tail = Buffer.concat([tail, chunk.subarray(-tailBytes)]).subarray(-tailBytes);
  }
}

async function createEmpty(location: string): Promise<boolean> {
  try {
    const handle = await open(location, "wx", 0o644);
    await handle.close();
    return true;
  } catch (error) {
    if (isErrorCode(error, "EEXIST")) return false;
    throw error;
  }
}

async function writeFlushed(location: string, text: string): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
  const handle = await open(location, flags, 0o644);
  try {
    await handle.writeFile(text, "utf8");
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** `null` where there is no such file or folder; a symbolic link in its place is an error. */
async function ifThere<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work;
  } catch (error) {
    if (isErrorCode(error, "ENOENT") || isErrorCode(error, "ENOTDIR")) return null;
    throw error;
  }
}
