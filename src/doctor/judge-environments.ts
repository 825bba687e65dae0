// The environments whose secrets are the logins: which branches reach them, and who is asked first.
// https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments
import { judge, type Check, type Finding, type Seen } from "./finding.ts";
import { matchesGlob } from "./glob.ts";
import { changesServers, type OwnStep } from "./own-steps.ts";

export type EnvironmentFacts = {
  /** People and teams, one of whom is asked before each job. */
  readonly reviewers: number;
  readonly preventsSelfReview: boolean;
  readonly refs: EnvironmentRefs;
};

/** Which refs reach the secrets; `null`: every branch and tag. */
export type EnvironmentRefs = "protected-branches" | readonly { readonly pattern: string; readonly kind: "branch" | "tag" }[] | null;

/** `null`: there is no such environment. */
export type SeenEnvironments = ReadonlyMap<string, Seen<EnvironmentFacts | null>>;

type Context = { readonly defaultBranch: string; readonly hasMergeQueue: boolean };

export function environmentNames(steps: readonly OwnStep[]): readonly string[] {
  // A name that is computed in the run cannot be looked up.
  return [...new Set(steps.map(({ job }) => job.environment).filter((name) => name !== "" && !name.includes("${{")))];
}

export function judgeEnvironments(steps: readonly OwnStep[], seen: SeenEnvironments, context: Context): readonly Finding[] {
  return environmentNames(steps).flatMap((name) => {
    const area = `environment ${name}`;
    const found = seen.get(name) ?? { hidden: "it was not asked for" };
    if ("hidden" in found)
      return [{ code: "environment", area, state: "warning" as const, text: "could not be looked at", advice: found.hidden }];
    const used = steps.filter(({ job }) => job.environment === name);
    return judge(area, [existence(found.value !== null), ...(found.value === null ? [] : checksOf(found.value, used, context))]);
  });
}

function existence(holds: boolean): Check {
  return {
    code: "environment",
    holds,
    good: "is there",
    bad: "is not there, so that GitHub makes it at the first run, open to every branch",
    advice: "make it under Settings → Environments, with its branches and secrets",
  };
}

function checksOf(facts: EnvironmentFacts, used: readonly OwnStep[], context: Context): readonly Check[] {
  const holders = used.filter(({ task }) => changesServers(task));
  if (holders.length === 0) return planChecks(facts, used, context);
  const isMixed: Check = {
    code: "environment-mixed",
    holds: holders.length === used.length,
    good: "holds the admin accounts and nothing for plans",
    bad: "serves plans and applies, so that a pull request reaches the admin accounts",
    advice: "use two environments, each with its own logins",
  };
  return [isMixed, applyBranches(facts, context), ...applyReviewers(facts, used)];
}

function applyBranches({ refs }: EnvironmentFacts, { defaultBranch }: Context): Check {
  const isListed = refs !== null && refs !== "protected-branches";
  const patterns = isListed ? refs.map(({ pattern }) => pattern) : [];
  const others =
    refs === null
      ? "every branch and tag reaches"
      : isListed
        ? `${patterns.join(", ") || "no branch"} may reach`
        : "every protected branch reaches";
  return {
    code: "apply-branches",
    holds: isListed && refs.length === 1 && refs[0]?.kind === "branch" && refs[0].pattern === defaultBranch,
    good: `only ${defaultBranch} reaches its secrets`,
    bad: `${others} the admin accounts`,
    advice: `deployment branches and tags: selected, with ${defaultBranch} only`,
    otherwise: refs === "protected-branches" ? "warning" : "problem",
  };
}

function applyReviewers({ reviewers, preventsSelfReview }: EnvironmentFacts, used: readonly OwnStep[]): readonly Check[] {
  const byHand = used.some(({ task }) => task === "expected-apply");
  const asks: Check = {
    code: "apply-reviewers",
    holds: reviewers > 0,
    good: "asks reviewers before each job",
    bad: byHand ? "asks nobody, so that whoever may write can start an apply by hand" : "asks nobody before an apply",
    advice: "add required reviewers; private repositories need GitHub Enterprise for that",
    otherwise: "warning",
  };
  const asksOthers: Check = {
    code: "apply-self-review",
    holds: preventsSelfReview,
    good: "nobody lets their own run pass",
    bad: "whoever starts a run may let it pass",
    advice: "prevent self-review",
    otherwise: "warning",
  };
  return reviewers > 0 ? [asks, asksOthers] : [asks];
}

function planChecks({ refs, reviewers }: EnvironmentFacts, used: readonly OwnStep[], context: Context): readonly Check[] {
  const wanted = wantedRefs(used, context);
  const missing = wanted.filter(({ example }) => !reaches(refs, example));
  return [
    {
      code: "plan-branches",
      holds: missing.length === 0,
      good: "every run that plans reaches its secrets",
      bad: `${missing.map(({ what }) => what).join(", ")} cannot reach its secrets, so that nothing is planned there`,
      advice: `add the deployment branches ${missing.map(({ pattern }) => pattern).join(", ")}`,
    },
    {
      code: "plan-open",
      holds: !reaches(refs, strangeBranch),
      good: "a push to some other branch does not reach its secrets",
      bad: "a push to any branch reaches the planners' logins",
      advice: `deployment branches and tags: selected, with ${wanted.map(({ pattern }) => pattern).join(", ")}`,
      otherwise: "warning",
    },
    {
      code: "plan-reviewers",
      holds: reviewers === 0,
      good: "plans wait for nobody",
      bad: "every plan waits until somebody lets it run",
      advice: "take the reviewers out: a plan changes nothing",
      otherwise: "warning",
    },
  ];
}

/** One that nobody would name in a pattern. */
const strangeBranch = "somebody-s-own";

type WantedRef = { readonly what: string; readonly example: string; readonly pattern: string };

/** For pull requests GitHub holds the ref of the test merge against the patterns, since 8 December 2025. */
function wantedRefs(used: readonly OwnStep[], { defaultBranch, hasMergeQueue }: Context): readonly WantedRef[] {
  const pulls = { what: "pull requests", example: "refs/pull/1/merge", pattern: "refs/pull/*/merge" };
  const queue = `gh-readonly-queue/${defaultBranch}/`;
  const group = { what: "the merge queue", example: `${queue}pr-1-${"0".repeat(40)}`, pattern: `${queue}*` };
  const own = { what: `runs of ${defaultBranch}`, example: defaultBranch, pattern: defaultBranch };
  const plansPulls = used.some(({ task }) => task === "plan");
  return [
    ...(plansPulls ? [pulls] : []),
    ...(plansPulls && hasMergeQueue ? [group] : []),
    ...(used.some(({ task }) => task !== "plan") ? [own] : []),
  ];
}

function reaches(refs: EnvironmentRefs, ref: string): boolean {
  if (refs === null) return true;
  // Of the refs that are asked about, only the default branch can be a protected one.
  if (refs === "protected-branches") return ref !== strangeBranch && !/^(?:refs\/pull|gh-readonly-queue)\//u.test(ref);
  return refs.some(({ pattern, kind }) => kind === "branch" && matchesGlob(pattern, ref));
}
