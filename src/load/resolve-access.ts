// access.yaml → groups and the resource roles that they may use.
import type { AccessGroup } from "../model/desired.ts";
import { compareNames } from "../model/name.ts";
import { hintsFrom } from "./nearest.ts";
import type { Report } from "./report.ts";
import { show } from "./show.ts";
import { isRecord, textsOf, type Source } from "./source.ts";

/**
 * @param declared keys `resource/label` of the roles; `null` where not all could be read, so that none is called unknown.
 * @returns the groups by name.
 */
export function resolveAccess(source: Source, declared: ReadonlySet<string> | null, report: Report): readonly AccessGroup[] {
  const groups = isRecord(source.value) ? source.value["groups"] : undefined;
  if (!isRecord(groups)) return [];
  const hintFor = hintsFrom(declared ?? new Set(), "write resource/label of a declared role");
  return Object.entries(groups)
    .map(([name, group]): AccessGroup => {
      const values = new Map(isRecord(group) ? Object.entries(group) : []);
      const roles = textsOf(values, "roles");
      for (const { text, index } of roles) {
        if (declared === null || declared.has(text) || text === "") continue;
        const hint = hintFor(text);
        const message = `roles: no role ${show(text)} is declared`;
        report.error({ code: "unknown-role", message, hint, at: source.locate(["groups", name, "roles", index]) });
      }
      return { name, members: textsOf(values, "members").map(({ text }) => text), roles: roles.map(({ text }) => text) };
    })
    .toSorted((a, b) => compareNames(a.name, b.name));
}
