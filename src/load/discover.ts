// Finds the files of an access repository, in a stable order, and nothing outside of it.
import { extname, join, relative, sep } from "node:path";
import { listFolder, realPath, type FolderEntry } from "../io/files.ts";
import { nearest } from "./nearest.ts";
import type { Report } from "./report.ts";
import type { FileKind } from "./schema.ts";

export type FoundFile = {
  readonly kind: FileKind;
  readonly format: "csv" | "yaml";
  /** Relative to the repository, with `/`. */
  readonly file: string;
  readonly path: string;
};

type Found = { readonly file: string; readonly path: string };

const exactNames: Readonly<Record<string, Pick<FoundFile, "kind" | "format">>> = {
  "rolewright.yaml": { kind: "settings", format: "yaml" },
  "inventory.csv": { kind: "inventory", format: "csv" },
  "inventory.yaml": { kind: "inventory", format: "yaml" },
  "inventory.yml": { kind: "inventory", format: "yaml" },
  "roles.csv": { kind: "roles", format: "csv" },
  "roles.yaml": { kind: "roles", format: "yaml" },
  "roles.yml": { kind: "roles", format: "yaml" },
  "access.yaml": { kind: "access", format: "yaml" },
};

const folders: Readonly<Record<string, FileKind>> = { inventory: "inventory", roles: "roles" };

const order: readonly FileKind[] = ["settings", "inventory", "roles", "access"];

/** The format that a file name promises, or `null`. */
export function formatOf(name: string): FoundFile["format"] | null {
  const extension = extname(name).toLowerCase();
  if (extension === ".csv") return "csv";
  return extension === ".yaml" || extension === ".yml" ? "yaml" : null;
}

/**
 * @param directory the access repository.
 * @returns its files: settings, inventory, roles, access; single files before those of folders, by name.
 */
export async function discover(directory: string, report: Report): Promise<readonly FoundFile[]> {
  const root = await openRoot(directory);
  if ("problem" in root) {
    report.error({ code: "no-repository", message: root.problem, hint: repositoryHint, at: undefined });
    return [];
  }
  const walk = new Walk(root.path, report);
  const found: FoundFile[] = [];
  for (const entry of root.entries) {
    const known = Object.hasOwn(exactNames, entry.name) ? exactNames[entry.name] : undefined;
    const kind = Object.hasOwn(folders, entry.name) ? folders[entry.name] : undefined;
    if (known !== undefined) for (const file of await walk.file(entry, "")) found.push({ ...known, ...file });
    else if (kind !== undefined) found.push(...(await filesOfFolder({ walk, entry, kind, report })));
    else reportMisnamed(entry.name, report);
  }
  return order.flatMap((kind) => found.filter((file) => file.kind === kind).toSorted(exactNamesFirst));
}

export const repositoryHint = "name the access repository with --repo DIR";

/** @returns why a folder that was named is no access repository; `null` where it may be one. */
export async function repositoryProblem(directory: string): Promise<string | null> {
  const root = await openRoot(directory);
  return "problem" in root ? root.problem : null;
}

async function openRoot(
  directory: string,
): Promise<{ readonly path: string; readonly entries: readonly FolderEntry[] } | { readonly problem: string }> {
  const root = await realPath(directory);
  const list = "path" in root ? await listFolder(root.path) : root;
  if ("path" in root && "entries" in list) return { path: root.path, entries: list.entries };
  const code = "problem" in root ? root.problem : "problem" in list ? list.problem : "";
  if (code === "ENOENT") return { problem: `there is no folder ${directory}` };
  return { problem: code === "ENOTDIR" ? `${directory} is not a folder` : `the folder ${directory} cannot be read (${code})` };
}

function reachProblem(problem: string): { readonly code: string; readonly message: string; readonly hint: string } {
  if (problem === "ENOENT") return { code: "broken-link", message: "the link leads nowhere", hint: "remove it, or mend it" };
  if (problem === "ELOOP") return { code: "broken-link", message: "the link leads back to itself", hint: "remove it, or mend it" };
  const hint = "give the user of this run the right to read it and to enter its folder";
  return { code: "unreadable-file", message: `the file cannot be reached (${problem})`, hint };
}

/** Entries come sorted, so that the sort, which is stable, has only to move the single files to the front. */
function exactNamesFirst(a: FoundFile, b: FoundFile): number {
  return Number(a.file.includes("/")) - Number(b.file.includes("/"));
}

async function filesOfFolder(input: {
  readonly walk: Walk;
  readonly entry: FolderEntry;
  readonly kind: FileKind;
  readonly report: Report;
}): Promise<readonly FoundFile[]> {
  const files = await input.walk.folder(input.entry, "");
  return files.flatMap((file): readonly FoundFile[] => {
    const format = formatOf(file.file);
    if (format !== null) return [{ kind: input.kind, format, ...file }];
    if (!file.file.endsWith(".md")) {
      const message = "the file is not read, since its name ends neither with .csv nor with .yaml";
      input.report.warn({
        code: "ignored-file",
        message,
        hint: "rename it, or move it elsewhere",
        at: { file: file.file, line: 1, column: 1 },
      });
    }
    return [];
  });
}

/** A settings file that nobody reads is worse than none. */
function reportMisnamed(name: string, report: Report): void {
  const stem = name.toLowerCase().replace(/\.(csv|ya?ml|json|tsv)$/u, "");
  if (stem === name.toLowerCase()) return;
  const known = nearest(stem, ["rolewright", "inventory", "roles", "access"]);
  if (known === undefined) return;
  const wanted = known === "rolewright" || known === "access" ? `${known}.yaml` : `${known}.yaml or ${known}.csv`;
  report.error({
    code: "misnamed-file",
    message: "the file is not read under this name",
    hint: `rename it to ${wanted}`,
    at: { file: name, line: 1, column: 1 },
  });
}

/** Walks files and folders, follows links inside the repository, and reads each real file and folder once. */
class Walk {
  private readonly root: string;
  private readonly report: Report;
  private readonly seen = new Set<string>();

  constructor(root: string, report: Report) {
    this.root = root;
    this.report = report;
  }

  async file(entry: FolderEntry, folder: string): Promise<readonly Found[]> {
    const file = folder + entry.name;
    const path = await this.inside(file);
    return path === null ? [] : [{ file, path }];
  }

  async folder(entry: FolderEntry, above: string): Promise<readonly Found[]> {
    const name = above + entry.name;
    const path = await this.inside(name);
    if (path === null) return [];
    const list = await listFolder(path);
    // A link to a file, or a file where a folder may stand, is read as a file.
    if ("problem" in list && list.problem === "ENOTDIR") return [{ file: name, path }];
    if ("problem" in list) {
      const message = `the folder cannot be read (${list.problem}), and what is in it would be missing`;
      const hint = "give the user of this run the right to read it";
      this.report.error({ code: "unreadable-folder", message, hint, at: { file: name, line: 1, column: 1 } });
      return [];
    }
    const found: Found[] = [];
    for (const child of list.entries) {
      if (child.name.startsWith(".")) continue;
      found.push(...(child.kind === "file" ? await this.file(child, `${name}/`) : await this.folder(child, `${name}/`)));
    }
    return found;
  }

  /** The real path of a name in the repository; `null` where it leads outside or nowhere, or was met before. */
  private async inside(file: string): Promise<string | null> {
    const real = await realPath(join(this.root, file));
    const at = { file, line: 1, column: 1 };
    if ("problem" in real) {
      this.report.error({ ...reachProblem(real.problem), at });
      return null;
    }
    const { path } = real;
    const way = relative(this.root, path);
    if (way === ".." || way.startsWith(`..${sep}`)) {
      const message = "the link leads out of the access repository";
      this.report.error({ code: "outside-repository", message, hint: "put the file itself into the repository", at });
      return null;
    }
    if (this.seen.has(path)) return null;
    this.seen.add(path);
    return path;
  }
}
