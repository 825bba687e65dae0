// The generated PostgreSQL role name: <prefix>_<resource>_<label>_<hash>, the hub's rule.
import { createHash } from "node:crypto";

/** PostgreSQL cuts longer names silently (NAMEDATALEN - 1), so that two long names can be one role. */
export const maximumNameBytes = 63;

export type RoleNameProblem = { readonly problem: string };

/**
 * @param resource and label: as written in the files; the hash is of exactly these.
 * @returns the role name, at most 63 bytes of `[a-z0-9_]`, or why there is none.
 */
export function generateRoleName(input: {
  readonly prefix: string;
  readonly resource: string;
  readonly label: string;
}): { readonly roleName: string } | RoleNameProblem {
  const label = slug(input.label);
  if (label === "") return { problem: `the role ${JSON.stringify(input.label)} has no letter or digit of a-z, 0-9 to make a role name of` };
  const hash = createHash("sha256").update(`${input.resource}:${input.label}`).digest("hex").slice(0, 8);
  const room = maximumNameBytes - `${input.prefix}__${label}_${hash}`.length;
  if (room < 1)
    return { problem: `the role ${JSON.stringify(input.label)} is too long: it leaves no byte of ${maximumNameBytes} for the resource` };
  const resource = slug(input.resource).slice(0, room).replace(/_+$/u, "") || "x";
  return { roleName: `${input.prefix}_${resource}_${label}_${hash}` };
}

/** Whether a name could be one that {@link generateRoleName} has made with the prefix, for whatever resource and label. */
export function isGeneratedName(name: string, prefix: string): boolean {
  const rest = name.startsWith(`${prefix}_`) ? name.slice(prefix.length + 1) : "";
  return name.length <= maximumNameBytes && /^[a-z0-9][a-z0-9_]*_[a-z0-9_]*[a-z0-9]_[0-9a-f]{8}$/u.test(rest);
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "_")
    .replace(/^_+|_+$/gu, "");
}
