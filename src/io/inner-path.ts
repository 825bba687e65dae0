// Paths below a folder that we trust, with no symbolic link on the way: whoever can change what is below must not lead us elsewhere.
import { lstat, mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { flushFolder, isErrorCode } from "./files.ts";

/** `null` where there is no such file or folder. */
export async function ifThere<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work;
  } catch (error) {
    if (isErrorCode(error, "ENOENT") || isErrorCode(error, "ENOTDIR")) return null;
    throw error;
  }
}

/**
 * The absolute path of a folder below `trusted`, which itself may lie behind links; `null` where it is missing.
 * @throws where a symbolic link stands between `trusted` and the folder, also one that leads nowhere.
 */
export async function findInnerFolder(trusted: string, parts: readonly string[]): Promise<string | null> {
  const base = await ifThere(realpath(trusted));
  if (base === null) return null;
  const wanted = join(base, ...parts);
  const actual = await ifThere(realpath(wanted)).catch((error: unknown) => (isErrorCode(error, "ELOOP") ? null : Promise.reject(error)));
  if (actual === wanted) return wanted;
  if (actual === null && !(await hasLink(base, parts))) return null;
  throw new Error(`${join(trusted, ...parts)} lies behind a symbolic link; the session log follows none: replace it by a folder`);
}

async function hasLink(base: string, parts: readonly string[]): Promise<boolean> {
  for (let length = 1; length <= parts.length; length += 1) {
    const status = await ifThere(lstat(join(base, ...parts.slice(0, length))));
    if (status === null) return false;
    if (status.isSymbolicLink()) return true;
  }
  return false;
}

/** Makes a folder and those between it and `trusted`. @throws as {@link findInnerFolder}. */
export async function ensureInnerFolder(trusted: string, parts: readonly string[]): Promise<void> {
  for (let length = 1; length <= parts.length; length += 1) {
    const parent = await findInnerFolder(trusted, parts.slice(0, length - 1));
    if (parent === null) throw new Error(`${trusted} has been removed while it was in use`);
    const made = await mkdir(join(parent, parts[length - 1] ?? "")).then(
      () => true,
      (error: unknown) => {
        if (isErrorCode(error, "ENOTDIR")) throw new Error(`${parent} is not a folder`);
        return isErrorCode(error, "EEXIST") ? false : Promise.reject(error);
      },
    );
    if (made) await flushFolder(parent);
  }
  if ((await findInnerFolder(trusted, parts)) === null) throw new Error(`${join(trusted, ...parts)} is not a folder`);
}
