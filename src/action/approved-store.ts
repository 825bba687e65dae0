// Passwords go where the approved plan says, or nowhere. The settings that say it are in no checksum, and a push that changes only them
// changes nothing on any server: so every plan that makes a password is held against the place that its reviewers saw.
import type { Settings } from "../model/settings.ts";
import { makesPassword } from "../model/makes-password.ts";
import type { RolePlan } from "../model/plan.ts";
import type { Evidence } from "../trust/evidence.ts";
import { storeDigest } from "../trust/store-digest.ts";

/** @returns what is wrong; `null` where the plan makes no password, or they go where people have approved it. */
export function problemOfStore(
  { store: approved }: Pick<Evidence, "store">,
  roles: readonly RolePlan[],
  { store }: Settings["credentials"],
): string | null {
  if (!roles.some(makesPassword) || approved === storeDigest(store)) return null;
  return `generated passwords would go to ${store ?? "no store"}, and the approved plan says another place (credentials.store)`;
}
