// Role specs that are given beside the repository: a file (`plan -f`) or flags (`plan R --role L …`). The same checks, the same resolution.
import type { Desired } from "../model/desired.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { RoleSpec } from "../model/role-spec.ts";
import { formatOf } from "./discover.ts";
import { flagSource, type RoleFlags } from "./flag-source.ts";
import { readSource } from "./read-source.ts";
import { limitOf, readText } from "./read-text.ts";
import { newReport, type Report } from "./report.ts";
import { resolveRoles } from "./resolve-roles.ts";
import { checkSchema } from "./check-schema.ts";
import { checkTexts } from "./check-text.ts";
import { itemsOf, type Source } from "./source.ts";

/** Where there are errors, `roles` is only what could be understood. */
export type LoadedRoles = { readonly roles: readonly RoleSpec[]; readonly diagnostics: readonly Diagnostic[] };

/**
 * Reads role specs from the text of a file: CSV by its extension, else YAML with `items:`.
 * @param input.path as the user gave it; diagnostics name it.
 * @param input.desired gives the inventory and the prefix; its own roles are not looked at.
 */
export function loadRolesFile(input: { readonly path: string; readonly text: string; readonly desired: Desired }): LoadedRoles {
  const report = newReport();
  return finish({ ...input, source: readRolesText(input, report), report });
}

/** The same from a path, within the limit of size and as UTF-8. */
export async function loadRolesPath(input: {
  readonly path: string;
  readonly desired: Desired;
  readonly now?: Date;
}): Promise<LoadedRoles> {
  const report = newReport();
  const text = await readText({ path: input.path, file: input.path, limit: limitOf(formatOf(input.path) ?? "yaml"), report });
  const source = text === null ? null : readRolesText({ path: input.path, text }, report);
  return finish({ ...input, source, report });
}

/** One role spec from flags; its diagnostics name the flags and have no position. */
export function roleSpecFromFlags(flags: RoleFlags, desired: Desired): LoadedRoles {
  const report = newReport();
  const source = flagSource(flags);
  checkTexts(source, report);
  checkSchema(source, "roles", report);
  return finish({ source, desired, report });
}

function readRolesText({ path, text }: { readonly path: string; readonly text: string }, report: Report): Source | null {
  return readSource({ kind: "roles", format: formatOf(path) ?? "yaml", file: path, text }, report);
}

function finish(input: {
  readonly source: Source | null;
  readonly desired: Desired;
  readonly report: Report;
  readonly now?: Date;
}): LoadedRoles {
  const { source, desired, report, now } = input;
  if (source === null) return { roles: [], diagnostics: report.diagnostics() };
  const resourceNames = new Set(desired.resources.map((resource) => resource.name));
  const { roles } = resolveRoles(itemsOf(source, "items"), { prefix: desired.settings.prefix, resourceNames, now }, report);
  return { roles, diagnostics: report.diagnostics() };
}
