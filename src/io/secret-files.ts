// Files that hold secrets: for us alone, written whole, never over another.
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { chmod, link, lstat, mkdir, open, readlink, realpath, rename, unlink } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { errorCode, flushFolder } from "./files.ts";

export type SecretFile = {
  readonly text: string;
  /** Others than the owner may read it. */
  readonly isExposed: boolean;
};

/** A login or a credential is small; whatever is larger is the wrong file. */
const maximumBytes = 1_000_000;

/** As many as Linux follows on one way. */
const maximumLinks = 40;

/** @returns the text of a regular file, or in the system's word why not: ENOENT, EACCES, EISDIR, EFBIG. */
export async function readSecretFile(path: string): Promise<SecretFile | { readonly problem: string }> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const status = await handle.stat();
      if (!status.isFile()) return { problem: "EISDIR" };
      if (status.size > maximumBytes) return { problem: "EFBIG" };
      return { text: await handle.readFile("utf8"), isExposed: (status.mode & 0o077) !== 0 };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { problem: errorCode(error) };
  }
}

/** The name of a file that is being written; one that stays was left by a process that died. */
export const temporaryFilePattern = /^\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/u;

/**
 * Writes a new file with mode 0600: whole or not at all, and on disk when this returns.
 * @returns false, with nothing changed, where there is a file of this name.
 */
export async function createSecretFile(path: string, text: string): Promise<boolean> {
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  const handle = await open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(text, "utf8");
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    // Unlike rename, link never replaces a file.
    await link(temporary, path);
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
  await flushFolder(dirname(path));
  return true;
}

/** Renames a file over another, in one step that also survives a power cut. */
export async function replaceFile(from: string, to: string): Promise<void> {
  await rename(from, to);
  await flushFolder(dirname(to));
}

/** Removes a file; one that is not there is fine. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
  await flushFolder(dirname(path));
}

/**
 * Makes a folder that only we can enter, and those above it.
 * @throws Error where it is there and belongs to, or is open to, others and cannot be closed to them.
 */
export async function ensurePrivateFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made !== undefined) return flushFolder(dirname(made));
  const status = await lstat(path);
  if (!status.isDirectory()) throw new Error(`${path} is not a folder of its own`);
  if ((status.mode & 0o077) !== 0) await chmod(path, 0o700);
}

/**
 * Whether a path, which need not exist, is within the Git work tree of a directory, or the directory itself where it is not in Git:
 * as written or behind symbolic links.
 */
export async function isInWorkTree(path: string, directory: string): Promise<boolean> {
  return (await placeInWorkTree(path, directory)) !== null;
}

/**
 * The file of another work tree of the same repository that stands in the place of this one.
 * @returns the path as it is where it leads out of the repository: there is but one such file.
 */
export async function inOtherWorkTree(path: string, from: string, to: string): Promise<string> {
  const place = await placeInWorkTree(path, from);
  return place === null ? resolve(path) : join(await findWorkTree(resolve(to)), place);
}

/** From the root of the work tree; `null` outside of it. */
async function placeInWorkTree(path: string, directory: string): Promise<string | null> {
  const root = await findWorkTree(resolve(directory));
  const roots = [root, await realPathOfNearest(root)];
  const paths = [resolve(path), await realPathOfNearest(resolve(path))];
  const places = roots.flatMap((outer) => paths.map((inner) => relative(outer, inner)));
  return places.find(isWithin) ?? null;
}

async function findWorkTree(directory: string): Promise<string> {
  for (let at = directory; ; at = dirname(at)) {
    const found = await lstat(join(at, ".git")).then(
      () => true,
      () => false,
    );
    if (found) return at;
    if (at === dirname(at)) return directory;
  }
}

/** Where a file or folder would come to be that was made there: behind links, also behind one that leads nowhere yet. */
async function realPathOfNearest(path: string, links = 0): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) !== "ENOENT" || path === dirname(path)) return path;
    const parent = await realPathOfNearest(dirname(path), links);
    const target = links < maximumLinks ? await readlink(join(parent, basename(path))).catch(() => null) : null;
    return target === null ? join(parent, basename(path)) : realPathOfNearest(resolve(parent, target), links + 1);
  }
}

function isWithin(way: string): boolean {
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !way.startsWith(sep));
}
