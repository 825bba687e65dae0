// What people are shown, masked before it is rendered: Markdown escapes and shortens texts, and a secret that was escaped or cut is not
// found any more. The sinks mask once more what was rendered.
import type { PlannedRun } from "../commands/planning.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import { mapPlanTexts } from "../model/plan-texts.ts";
import type { Refusal } from "../review/apply-refusal.ts";
import type { InventoryChanges } from "../review/comment-input.ts";
import type { PlanBasis } from "../model/plan-basis.ts";
import type { ActionContext } from "./context.ts";

type Redacting = Pick<ActionContext, "redact">;

/** Only to be shown: fingerprints are those of the plan itself. */
export function redactedPlan({ redact }: Redacting, { roles, artifact }: Pick<PlannedRun, "roles" | "artifact">): Plan {
  return { roles: roles.map((plan) => mapPlanTexts(plan, redact)), checksum: artifact.checksum };
}

export function redactedDiagnostic({ redact }: Redacting, diagnostic: Diagnostic): Diagnostic {
  const { message, hint } = diagnostic;
  return { ...diagnostic, message: redact(message), ...(hint === undefined ? {} : { hint: redact(hint) }) };
}

export function redactedInventory({ redact }: Redacting, inventory: InventoryChanges): InventoryChanges {
  const updated = inventory.updated.map((entry) => ({
    ...entry,
    changes: entry.changes.map(({ column, from, to }) => ({ column, from: redact(from), to: redact(to) })),
  }));
  return { ...inventory, updated };
}

/** What a server calls its things may be a password; packed as evidence is, no later redactor would see it. */
export function redactedBasis({ redact }: Redacting, basis: PlanBasis): PlanBasis {
  return { ...basis, observed: basis.observed.map(redact), sqlPlan: redact(basis.sqlPlan) };
}

export function redactedRefusal(context: Redacting, refusal: Refusal): Refusal {
  const differences = refusal.differences.map((difference) => ({
    ...difference,
    reviewed: { ...difference.reviewed, ...redactedBasis(context, difference.reviewed) },
    now: { ...difference.now, ...redactedBasis(context, difference.now) },
  }));
  return { ...refusal, message: context.redact(refusal.message), differences };
}
