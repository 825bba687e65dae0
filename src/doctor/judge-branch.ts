// The rules of the default branch: nothing gets there that was not planned, reviewed and still what was reviewed.
// https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets
import { judge, type Check, type Finding, type Seen } from "./finding.ts";

/** Of rulesets and of classic branch protection alike. */
export type BranchRule =
  | {
      readonly kind: "pull-request";
      readonly approvals: number;
      readonly dismissesStale: boolean;
      readonly needsLastPushApproval: boolean;
      readonly needsCodeOwners: boolean;
    }
  /** `app`: the only one whose check counts; `null`: anybody's. */
  | { readonly kind: "check"; readonly name: string; readonly app: number | null }
  | { readonly kind: "no-force-push" | "no-deletion" | "merge-queue" | "administrators-exempt" };

export type BranchFacts = {
  readonly name: string;
  readonly rules: readonly BranchRule[];
  /** Classic protection, which only administrators may look at. */
  readonly classic: Seen<readonly BranchRule[]>;
};

/** @param checks names of the check runs that plans make. */
export function judgeBranch(facts: BranchFacts, checks: readonly string[]): readonly Finding[] {
  const rules = [...facts.rules, ...("value" in facts.classic ? facts.classic.value : [])];
  const all = [...reviewsOf(rules), ...checks.flatMap((name) => requiredCheck(rules, name)), ...historyOf(rules)];
  return judge(`branch ${facts.name}`, all).map((finding) => unsure(finding, facts.classic));
}

/** What no ruleset says, classic protection may say. */
function unsure(finding: Finding, classic: BranchFacts["classic"]): Finding {
  if (finding.state === "ok" || "value" in classic) return finding;
  const advice = `${finding.advice}; or let the doctor look with the token of an administrator: ${classic.hidden}`;
  return { ...finding, state: "warning", text: `${finding.text}, unless classic branch protection says so`, advice };
}

type PullRequestRule = Extract<BranchRule, { kind: "pull-request" }>;

const reviewChecks: readonly (Omit<Check, "holds"> & { readonly asks: (rule: PullRequestRule) => boolean })[] = [
  {
    code: "approvals",
    asks: ({ approvals }) => approvals >= 1,
    good: "needs an approval",
    bad: "needs no approval",
    advice: "require at least 1 approval",
  },
  {
    code: "stale-approvals",
    asks: ({ dismissesStale }) => dismissesStale,
    good: "a push takes approvals back",
    bad: "an approval outlives later pushes; the apply would then refuse what was merged",
    advice: "dismiss stale pull request approvals when new commits are pushed",
  },
  {
    code: "last-push-approval",
    asks: ({ needsLastPushApproval }) => needsLastPushApproval,
    good: "whoever pushed last cannot be the one who approves",
    bad: "somebody can push to another one's pull request and approve it",
    advice: "require approval of the most recent reviewable push",
  },
  {
    code: "code-owner-review",
    asks: ({ needsCodeOwners }) => needsCodeOwners,
    good: "needs a review of the code owners",
    bad: "anybody's approval will do, although there are code owners",
    advice: "require review from code owners",
  },
];

function reviewsOf(rules: readonly BranchRule[]): readonly Check[] {
  // All rules count together, so that one that asks for it is enough.
  const pulls = rules.filter((rule) => rule.kind === "pull-request");
  const isRequired: Check = {
    code: "pull-request-required",
    holds: pulls.length > 0,
    good: "changes come by pull request",
    bad: "anybody who may write can push without a pull request",
    advice: "require a pull request before merging",
  };
  return [isRequired, ...(pulls.length === 0 ? [] : reviewChecks.map(({ asks, ...check }) => ({ ...check, holds: pulls.some(asks) })))];
}

function requiredCheck(rules: readonly BranchRule[], name: string): readonly Check[] {
  const found = rules.filter((rule) => rule.kind === "check").filter((rule) => rule.name === name);
  const isRequired: Check = {
    code: "required-check",
    holds: found.length > 0,
    good: `requires the check ${JSON.stringify(name)}`,
    bad: `does not require the check ${JSON.stringify(name)}: what was never planned, or is stale, can be merged`,
    advice: `require status checks to pass, and type the name ${name}`,
  };
  const isOfOneApp: Check = {
    code: "required-check-source",
    holds: found.some(({ app }) => app !== null),
    good: "takes that check from one app only",
    bad: "takes that check from anybody who may set statuses",
    advice: "choose GitHub Actions as the source of the check",
    otherwise: "warning",
  };
  return found.length === 0 ? [isRequired] : [isRequired, isOfOneApp];
}

function historyOf(rules: readonly BranchRule[]): readonly Check[] {
  const has = (kind: BranchRule["kind"]): boolean => rules.some((rule) => rule.kind === kind);
  return [
    {
      code: "force-pushes",
      holds: has("no-force-push"),
      good: "its history cannot be rewritten",
      bad: "its history can be rewritten",
      advice: "block force pushes",
    },
    {
      code: "deletion",
      holds: has("no-deletion"),
      good: "it cannot be deleted",
      bad: "it can be deleted",
      advice: "restrict deletions",
      otherwise: "warning",
    },
    ...(has("administrators-exempt") ? [administratorsExempt] : []),
  ];
}

const administratorsExempt: Check = {
  code: "administrators",
  holds: false,
  good: "",
  bad: "its classic protection does not bind administrators",
  advice: "do not allow bypassing the settings, or use a ruleset without bypass",
  otherwise: "warning",
};
