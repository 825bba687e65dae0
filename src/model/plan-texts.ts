// What of a role plan is masked.
import { mapTexts } from "./map-texts.ts";
import type { RolePlan } from "./plan.ts";

/** Besides words and checksums, what names a thing of the access repository. */
const kept: ReadonlySet<string> = new Set(["kind", "status", "type", "code", "phase", "checksum", "resource", "file"]);

const named: ReadonlySet<string> = new Set(["scope_states", "missing", "extra"]);

/** The plan with each text mapped that people or servers wrote; whatever is a word of ours, a number or a checksum stays. */
export function mapPlanTexts(plan: RolePlan, map: (text: string) => string): RolePlan {
  return mapTexts(plan, { kept, named, namedWords: new Set(), map });
}
