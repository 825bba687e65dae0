// The files on which a repository's place on GitHub depends, as texts.
import { join } from "node:path";
import type { TextFile } from "../doctor/workflow.ts";
import { listFolder, readBounded } from "../io/files.ts";

const folder = ".github/workflows";

/** GitHub's own bound is 512 KiB. */
const largestFile = 1_048_576;

/** @param root of the Git repository. */
export async function readWorkflows(root: string): Promise<readonly TextFile[]> {
  const found = await listFolder(join(root, folder));
  const entries = "entries" in found ? found.entries : [];
  return readTextFiles(
    root,
    entries.filter(({ name }) => /\.ya?ml$/u.test(name)).map(({ name }) => `${folder}/${name}`),
  );
}

/** @returns those that are there and can be read. */
export async function readTextFiles(root: string, paths: readonly string[]): Promise<readonly TextFile[]> {
  const files: TextFile[] = [];
  for (const path of paths) {
    const found = await readBounded(join(root, path), largestFile);
    if ("bytes" in found) files.push({ path, text: new TextDecoder().decode(found.bytes) });
  }
  return files;
}
