// Every text of a role plan that people or servers wrote, so that secrets are masked before anything else is made of it: what escapes
// or shortens a text first may leave a form of the secret that nobody looks for.
import type { RolePlan } from "./plan.ts";

type MapText = (text: string) => string;

/** Words from closed lists, checksums, and what names a thing of the access repository: masking them would hide nothing. */
const kept: ReadonlySet<string> = new Set(["kind", "status", "type", "code", "phase", "checksum", "resource", "file"]);

/** The plan with each such text mapped; whatever is a word of ours, a number or a checksum stays. */
export function mapPlanTexts(plan: RolePlan, map: MapText): RolePlan {
  const copy = structuredClone(plan);
  mapTextsIn(copy, map);
  return copy;
}

function mapTextsIn(holder: object, map: MapText): void {
  for (const [key, value] of Object.entries<unknown>({ ...holder })) {
    if (typeof value === "string" && !kept.has(key)) Reflect.set(holder, key, map(value));
    else if (typeof value === "object" && value !== null) mapTextsIn(value, map);
  }
}
