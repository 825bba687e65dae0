// Who has approved exactly the head that was merged. A push after an approval is a change that nobody has seen.

export type ReviewFacts = {
  /** `null` where the account is gone. */
  readonly reviewer: { readonly id: number; readonly login: string; readonly isBot: boolean } | null;
  readonly state: string;
  readonly commit: string | null;
};

export type Opinions = {
  /** Logins of those whose last decisive review approves the head, in the order of their reviews. */
  readonly approvers: readonly string[];
  /** Logins of those whose last decisive review asks for changes, on whatever head: nobody but them can say that they are content. */
  readonly objectors: readonly string[];
};

/** A comment neither gives an approval nor takes it back. */
const decisive = new Set(["APPROVED", "CHANGES_REQUESTED", "DISMISSED"]);

/**
 * Bots count for nothing: they approve what a workflow tells them to.
 * @param reviews the oldest first. @param authors ids of people whose own approval does not count.
 */
export function opinionsOf(
  reviews: readonly ReviewFacts[],
  { head, authors }: { readonly head: string; readonly authors: ReadonlySet<number> },
): Opinions {
  const last = new Map<number, { readonly login: string; readonly state: string; readonly commit: string | null }>();
  for (const { reviewer, state, commit } of reviews) {
    if (reviewer === null || reviewer.isBot || !decisive.has(state)) continue;
    last.delete(reviewer.id);
    last.set(reviewer.id, { login: reviewer.login, state, commit });
  }
  const all = [...last];
  return {
    approvers: all.flatMap(([id, { login, state, commit }]) =>
      state === "APPROVED" && commit === head && !authors.has(id) ? [login] : [],
    ),
    objectors: all.flatMap(([, { login, state }]) => (state === "CHANGES_REQUESTED" ? [login] : [])),
  };
}
