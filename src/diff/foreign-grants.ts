// Grants that another role than the owner made, where the settings leave those alone.
import type { ObjectGrant } from "../model/observed.ts";
import type { RoleContext } from "./role-context.ts";

/**
 * Whether a grant stays as it is, because it is not the owner's (`foreign_grants: report`).
 * What the heir of an orphan has granted on the orphan's own things is the owner's once they are the heir's: it would be left alone by
 * this plan, and revoked by the next.
 */
export function isLeftAlone({ settings, leaving }: Pick<RoleContext, "settings" | "leaving">, grant: ObjectGrant): boolean {
  if (grant.byOwner || settings.foreignGrants === "revoke") return false;
  const { orphans } = settings;
  const isOfHeir = orphans.action === "drop" && grant.grantor === orphans.reassignTo && leaving.has(grant.owner ?? "");
  return !isOfHeir;
}
