// Which commit of rolewright's Action the workflows of an access repository call. A tag can be moved, a commit cannot:
// https://docs.github.com/actions/reference/security/secure-use#using-third-party-actions

export type ActionPin = {
  /** `owner/rolewright@<commit>`. */
  readonly uses: string;
  /** What people call that commit; stands as a comment behind it. */
  readonly version: string;
};

/** What nobody has filled in yet: for the pin, and for the owners of the access files. */
export const placeholderOwner = "OWNER";

export const placeholderPin: ActionPin = {
  uses: `${placeholderOwner}/rolewright@${"0".repeat(40)}`,
  version: "replace by owner/name@commit",
};

const commitPattern = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u;

/** @param text `owner/name@commit`. @returns `null` where it is not that: a branch or a tag is no pin. */
export function parsePin(text: string, version: string): ActionPin | null {
  const [, name = "", commit = ""] = /^([A-Za-z0-9][\w.-]*\/[\w.-]+)@(.+)$/u.exec(text) ?? [];
  return name !== "" && isCommit(commit) ? { uses: `${name}@${commit}`, version } : null;
}

/** A full commit id: SHA-1, or SHA-256. */
export function isCommit(text: string): boolean {
  return commitPattern.test(text);
}

/** True for a `uses:` that GitHub could not resolve, because it was never filled in. */
export function isPlaceholderUse(uses: string): boolean {
  const [name = "", commit = ""] = uses.split("@");
  return name.startsWith(`${placeholderOwner}/`) || /^0+$/u.test(commit);
}
