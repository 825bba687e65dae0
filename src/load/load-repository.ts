// An access repository → what it wants.
import { resolve } from "node:path";
import type { Desired } from "../model/desired.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { listKeys, type ListKind } from "./columns.ts";
import { discover, type FoundFile } from "./discover.ts";
import { readSource } from "./read-source.ts";
import { limitOf, readText } from "./read-text.ts";
import { newReport, type Report } from "./report.ts";
import { resolveAccess } from "./resolve-access.ts";
import { resolveResources } from "./resolve-resources.ts";
import { resolveRoles } from "./resolve-roles.ts";
import { resolveSettings } from "./resolve-settings.ts";
import { itemsOf, type Item, type Source } from "./source.ts";

export type LoadInput = {
  readonly directory: string;
  /**
   * For settings.repository where rolewright.yaml names none: what Git calls the repository, `null` for nothing. Left out where no marker
   * is compared, so that nobody has to ask Git.
   */
  readonly repositoryName?: string | null;
  /** Of the run; left out where nobody is to be warned of what has expired. */
  readonly now?: Date;
  /** Instead of the limits of {@link limitOf}. */
  readonly largestFileBytes?: number;
};

export type Loaded = { readonly desired: Desired; readonly diagnostics: readonly Diagnostic[] };

/** A file that was found; `source` is `null` where it could not be read, or is empty. */
type ReadFile = { readonly file: FoundFile; readonly source: Source | null };

/**
 * Reads a whole access repository.
 * @returns what it wants, and every problem of every file in their order. Where {@link Diagnostic}s are errors, `desired` is only
 * what could be understood: nothing may be planned from it.
 */
export async function loadRepository(input: LoadInput): Promise<Loaded> {
  const report = newReport();
  const found = await discover(input.directory, report);
  const files: ReadFile[] = [];
  for (const file of found) files.push({ file, source: await readFile(file, input.largestFileBytes ?? limitOf(file.format), report) });
  checkPresence(found, report);
  const desired = resolveDesired({ ...input, directory: resolve(input.directory) }, files, report);
  return { desired, diagnostics: report.diagnostics() };
}

async function readFile(found: FoundFile, limit: number, report: Report): Promise<Source | null> {
  const text = await readText({ path: found.path, file: found.file, limit, report });
  return text === null ? null : readSource({ ...found, text }, report);
}

function checkPresence(found: readonly FoundFile[], report: Report): void {
  const isMissing = !found.some((file) => file.kind === "roles") && !report.diagnostics().some(isAboutRoles);
  if (found.length > 0 && isMissing) {
    const message = "there is no roles file, so that every role that this repository made is orphaned";
    report.warn({ code: "no-roles", message, hint: "add roles.csv or roles.yaml; without a role, with `items: []`", at: undefined });
  }
  if (found.some((file) => file.kind === "inventory") || report.hasErrors()) return;
  report.error({
    code: "no-inventory",
    message: "there is no inventory",
    hint: "add inventory.csv or inventory.yaml, or name another access repository with --repo",
    at: undefined,
  });
}

/** Of a file for roles that is there, and that cannot be reached or is called otherwise. */
function isAboutRoles({ severity, at }: Diagnostic): boolean {
  return severity === "error" && /^roles?(?:[./]|$)/iu.test(at?.file ?? "");
}

function resolveDesired(input: LoadInput, files: readonly ReadFile[], report: Report): Desired {
  const sourceOf = (kind: "settings" | "access"): Source | null => files.find(({ file }) => file.kind === kind)?.source ?? null;
  const settings = resolveSettings({ ...input, source: sourceOf("settings") }, report);
  const inventory = resolveResources(itemsOfKind(files, "inventory"), report);
  const resourceNames = isWhole(files, "inventory") ? inventory.names : null;
  const { roles, keys } = resolveRoles(itemsOfKind(files, "roles"), { prefix: settings.prefix, resourceNames, now: input.now }, report);
  const access = sourceOf("access");
  const groups = access === null ? [] : resolveAccess(access, isWhole(files, "roles") ? keys : null, report);
  return { settings, resources: inventory.resources, roles, groups };
}

function itemsOfKind(files: readonly ReadFile[], kind: ListKind): readonly Item[] {
  const sources = files.flatMap(({ file, source }) => (file.kind === kind && source !== null ? [source] : []));
  return sources.flatMap((source) => listKeys[kind].flatMap((key) => itemsOf(source, key)));
}

/** True where every file of the kind could be read to its end, so that a name that is not in them is in none. */
function isWhole(files: readonly ReadFile[], kind: ListKind): boolean {
  return files.every(({ file, source }) => file.kind !== kind || (source !== null && source.isPartial !== true));
}
