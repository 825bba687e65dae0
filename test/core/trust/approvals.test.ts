// Whose review counts as an approval of the merged head.
import { expect, test } from "vitest";
import { opinionsOf, type Opinions, type ReviewFacts } from "../../../src/trust/approvals.ts";

const head = "a".repeat(40);
const old = "b".repeat(40);
const since = "2026-01-01T12:00:00Z";
const people = { ada: 1, wen: 2, eve: 3, bot: 4 };

function review(login: keyof typeof people, state: string, commit: string | null = head, at: string | null = since): ReviewFacts {
  return { reviewer: { id: people[login], login, isBot: login === "bot" }, state, commit, at };
}

const nobody: Opinions = { approvers: [], early: [], objectors: [] };
const ada: Opinions = { approvers: ["ada"], early: [], objectors: [] };

test.each<[what: string, opinions: Opinions, reviews: readonly ReviewFacts[]]>([
  ["no review", nobody, []],
  ["an approval of the head", ada, [review("ada", "APPROVED")]],
  ["two people", { approvers: ["ada", "eve"], early: [], objectors: [] }, [review("ada", "APPROVED"), review("eve", "APPROVED")]],
  ["the same person twice", ada, [review("ada", "APPROVED"), review("ada", "APPROVED")]],
  ["an approval of an older head", nobody, [review("ada", "APPROVED", old)]],
  ["an approval of no head", nobody, [review("ada", "APPROVED", null)]],
  ["an older approval and a newer one", ada, [review("ada", "APPROVED", old), review("ada", "APPROVED")]],
  ["an approval, then one of an older head", nobody, [review("ada", "APPROVED"), review("ada", "APPROVED", old)]],
  ["the author's own", nobody, [review("wen", "APPROVED")]],
  ["a comment", nobody, [review("ada", "COMMENTED")]],
  ["a review that was not sent", nobody, [review("ada", "PENDING")]],
  ["an approval, then a comment", ada, [review("ada", "APPROVED"), review("ada", "COMMENTED")]],
  ["a dismissed approval", nobody, [review("ada", "DISMISSED")]],
  ["an approval, and a later one dismissed", nobody, [review("ada", "APPROVED"), review("ada", "DISMISSED")]],
  ["changes asked for", { approvers: [], early: [], objectors: ["ada"] }, [review("ada", "CHANGES_REQUESTED")]],
  [
    "an approval, then changes asked for",
    { approvers: [], early: [], objectors: ["ada"] },
    [review("ada", "APPROVED"), review("ada", "CHANGES_REQUESTED")],
  ],
  ["changes asked for, then an approval", ada, [review("ada", "CHANGES_REQUESTED"), review("ada", "APPROVED")]],
  ["changes asked for of an older head", { approvers: [], early: [], objectors: ["ada"] }, [review("ada", "CHANGES_REQUESTED", old)]],
  ["changes asked for, and dismissed", nobody, [review("ada", "DISMISSED", old)]],
  [
    "one approves, another asks for changes",
    { approvers: ["ada"], early: [], objectors: ["eve"] },
    [review("ada", "APPROVED"), review("eve", "CHANGES_REQUESTED")],
  ],
  ["a bot approves", nobody, [review("bot", "APPROVED")]],
  ["a bot asks for changes", ada, [review("bot", "CHANGES_REQUESTED"), review("ada", "APPROVED")]],
  ["an account that is gone", nobody, [{ reviewer: null, state: "APPROVED", commit: head, at: since }]],
  ["a state that nobody knows", nobody, [review("ada", "approved")]],
])("%s", (_, opinions, reviews) => {
  expect(opinionsOf(reviews, { head, authors: new Set([people.wen]), since })).toEqual(opinions);
});

test.each<[what: string, at: string | null, counts: boolean]>([
  ["in the second of the plan", since, true],
  ["after the plan", "2026-01-01T12:00:01Z", true],
  ["in another time zone", "2026-01-01T14:00:00+02:00", true],
  ["before the plan", "2026-01-01T11:59:59Z", false],
  ["at a time that the host does not say", null, false],
  ["at a time that is none", "yesterday", false],
])("an approval %s", (_, at, counts) => {
  const given = [review("ada", "APPROVED", head, at)];
  const authors = new Set<number>();
  expect(opinionsOf(given, { head, authors, since })).toEqual({
    approvers: counts ? ["ada"] : [],
    early: counts ? [] : ["ada"],
    objectors: [],
  });
  expect(opinionsOf(given, { head, authors, since: null }).approvers).toEqual(["ada"]);
});
