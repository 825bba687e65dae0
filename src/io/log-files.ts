// The files of the session log: one folder, whose inner paths are never followed through a symbolic link.
// Every step is one system call or one flushed write, so that whoever composes them decides what a crash may leave.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, open, readdir, rename, stat, unlink, type FileHandle } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { errorCode, flushFolder, folderEntry, isErrorCode, type FolderEntry } from "./files.ts";
import { ensureInnerFolder, findInnerFolder, ifThere } from "./inner-path.ts";

/** Paths are relative to the folder, with `/`, and come from validated parts only. */
export type LogFiles = {
  /** Throws, with words for people, where it is plain that nothing can be written. */
  requireWritable(): Promise<void>;
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

/** Where a session log is, by absolute paths. */
export type LogFolder = {
  /** It need not exist before the first write. */
  readonly path: string;
  /** A folder around it, below which no link is followed either; `null`: whoever named the log may have meant a link. */
  readonly within: string | null;
};

export function openLogFiles(folder: LogFolder): LogFiles {
  const { locate, ensure } = placesIn(folder);
  const require = async (path: string): Promise<string> => {
    const location = await locate(path);
    if (location === null) throw new Error(`the folder of ${path} is missing in ${folder.path}`);
    return location;
  };
  return {
    async requireWritable() {
      await locate("/.");
      await requireWritable(folder.path);
    },
    ensureFolder: ensure,
    async list(path) {
      const location = await locate(`${path}/.`);
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

type Places = {
  /** The absolute path of a file, or of a folder that is written with `/.`; `null` where its folder is missing. */
  readonly locate: (path: string) => Promise<string | null>;
  readonly ensure: (path: string) => Promise<void>;
};

function placesIn({ path: root, within }: LogFolder): Places {
  const trusted = within ?? root;
  const below = relative(trusted, root)
    .split(sep)
    .filter((part) => part !== "");
  if (below[0] === "..") throw new Error(`the session log ${root} is not in ${trusted}`);
  const partsOf = (path: string): readonly string[] => {
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    if (parts.includes("..")) throw new Error(`${path} leads out of ${root}`);
    return parts;
  };
  return {
    async locate(path) {
      const parts = partsOf(path);
      const isFolder = path.endsWith("/.");
      const location = await findInnerFolder(trusted, [...below, ...(isFolder ? parts : parts.slice(0, -1))]);
      return location === null || isFolder ? location : join(location, parts.at(-1) ?? "");
    },
    async ensure(path) {
      if (within === null) await mkdir(root, { recursive: true });
      await ensureInnerFolder(trusted, [...below, ...partsOf(path)]);
    },
  };
}

/** Asks for the folder, or for the nearest above it that there is. */
async function requireWritable(root: string): Promise<void> {
  for (let at = root; ; at = dirname(at)) {
    const problem = await access(at, constants.W_OK).then(() => null, errorCode);
    if (problem === null && !(await stat(at)).isDirectory()) throw new Error(`${at} is not a folder; the session log needs one`);
    if (problem === null) return;
    if (problem === "ENOENT" && at !== dirname(at)) continue;
    const where = at === root ? root : `${root}, in ${at},`;
    throw new Error(
      `the session log ${where} cannot be written (${problem}): make it writable, or name another folder with --sessions DIR`,
    );
  }
}

async function withFile<Result>(location: string | null, use: (handle: FileHandle) => Promise<Result>): Promise<Result | null> {
  if (location === null) return null;
  // O_NONBLOCK: opening a pipe must not wait for its writer.
  const handle = await ifThere(open(location, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)).catch((error: unknown) => {
    throw isErrorCode(error, "ELOOP") ? new Error(`${location} is a symbolic link, which is not followed`) : error;
  });
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
