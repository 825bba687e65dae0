// The licences of the packages that a bundle holds, for the file beside it.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** @param inputs paths of bundled files. @returns one section for each package, by name, each with its licence as it ships it. */
export async function licenseTexts(inputs: readonly string[]): Promise<string> {
  const folders = [...new Set(inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//u.exec(path)?.[1] ?? []))];
  const sections = await Promise.all(folders.map(section));
  return sections.toSorted().join(`\n${"-".repeat(80)}\n\n`);
}

async function section(folder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const { name, license } = Object.assign({ name: folder, license: "unknown" }, manifest);
  const file = existsSync(folder) ? (await readdir(folder)).find((entry) => /^licen[cs]e/iu.test(entry)) : undefined;
  const text = file === undefined ? "" : `\n${(await readFile(join(folder, file), "utf8")).trim()}\n`;
  return `${name} (${license})\n${text}`;
}
