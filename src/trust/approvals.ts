// Who has approved exactly the head that was merged. A push after an approval is a change that nobody has seen.

export type ReviewFacts = {
  /** `null` where the account is gone. */
  readonly reviewer: { readonly id: number; readonly login: string; readonly isBot: boolean } | null;
  readonly state: string;
  readonly commit: string | null;
  /** When it was given, RFC 3339; `null` where the host does not say it. */
  readonly at: string | null;
};

export type Opinions = {
  /** Logins of those whose last decisive review approves the head, in the order of their reviews. */
  readonly approvers: readonly string[];
  /** Logins of those who would be among them, had they not approved before there was this plan to read. */
  readonly early: readonly string[];
  /** Logins of those whose last decisive review asks for changes, on whatever head: nobody but them can say that they are content. */
  readonly objectors: readonly string[];
};

/** A comment neither gives an approval nor takes it back. */
const decisive = new Set(["APPROVED", "CHANGES_REQUESTED", "DISMISSED"]);

/**
 * Bots count for nothing: they approve what a workflow tells them to.
 * @param reviews the oldest first. @param authors ids of people whose own approval does not count. @param since when the plan could be
 * read, `null` where any time will do.
 */
export function opinionsOf(
  reviews: readonly ReviewFacts[],
  { head, authors, since }: { readonly head: string; readonly authors: ReadonlySet<number>; readonly since: string | null },
): Opinions {
  const last = new Map<number, Omit<ReviewFacts, "reviewer"> & { readonly login: string }>();
  for (const { reviewer, state, commit, at } of reviews) {
    if (reviewer === null || reviewer.isBot || !decisive.has(state)) continue;
    last.delete(reviewer.id);
    last.set(reviewer.id, { login: reviewer.login, state, commit, at });
  }
  const all = [...last];
  const approving = all.flatMap(([id, { login, state, commit, at }]) =>
    state === "APPROVED" && commit === head && !authors.has(id) ? [{ login, isEarly: since !== null && isBefore(at, since) }] : [],
  );
  return {
    approvers: approving.flatMap(({ login, isEarly }) => (isEarly ? [] : [login])),
    early: approving.flatMap(({ login, isEarly }) => (isEarly ? [login] : [])),
    objectors: all.flatMap(([, { login, state }]) => (state === "CHANGES_REQUESTED" ? [login] : [])),
  };
}

/** A time that nobody knows is before all others. */
function isBefore(at: string | null, since: string): boolean {
  return at === null || !(Date.parse(at) >= Date.parse(since));
}
