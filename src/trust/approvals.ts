// Who has approved exactly the head that was merged. A push after an approval is a change that nobody has seen.

export type ReviewFacts = {
  readonly reviewer: { readonly id: number; readonly login: string } | null;
  readonly state: string;
  readonly commit: string | null;
};

/** A comment neither gives an approval nor takes it back. */
const decisive = new Set(["APPROVED", "CHANGES_REQUESTED", "DISMISSED"]);

/**
 * @param reviews the oldest first. @param authors ids of people whose own approval does not count.
 * @returns logins of those whose last decisive review approves `head`, in the order of their reviews.
 */
export function approversOf(
  reviews: readonly ReviewFacts[],
  { head, authors }: { readonly head: string; readonly authors: ReadonlySet<number> },
): readonly string[] {
  const last = new Map<number, ReviewFacts>();
  for (const review of reviews) {
    if (review.reviewer === null || !decisive.has(review.state)) continue;
    last.delete(review.reviewer.id);
    last.set(review.reviewer.id, review);
  }
  return [...last.values()].flatMap(({ reviewer, state, commit }) =>
    reviewer !== null && state === "APPROVED" && commit === head && !authors.has(reviewer.id) ? [reviewer.login] : [],
  );
}
