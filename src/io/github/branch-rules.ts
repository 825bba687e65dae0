// What protects a branch: rulesets, which everybody may read, and classic protection, which only administrators may.
// https://docs.github.com/rest/repos/rules, https://docs.github.com/rest/branches/branch-protection
import { statusOf, type GitHubClient } from "./client.ts";

export type HostRule =
  | {
      readonly kind: "pull-request";
      readonly approvals: number;
      readonly dismissesStale: boolean;
      readonly needsLastPushApproval: boolean;
      readonly needsCodeOwners: boolean;
    }
  | { readonly kind: "check"; readonly name: string; readonly app: number | null }
  | { readonly kind: "no-force-push" | "no-deletion" | "merge-queue" | "administrators-exempt" };

type Rule = Awaited<ReturnType<GitHubClient["rest"]["repos"]["getBranchRules"]>>["data"][number];
type Protection = Awaited<ReturnType<GitHubClient["rest"]["repos"]["getBranchProtection"]>>["data"];

/** Of all active rulesets, the organisation's included. */
export async function rulesetRules({ rest, paginate, at }: GitHubClient, branch: string): Promise<readonly HostRule[]> {
  return (await paginate(rest.repos.getBranchRules, { ...at, branch, per_page: 100 })).flatMap(readRule);
}

function readRule(rule: Rule): readonly HostRule[] {
  switch (rule.type) {
    case "pull_request":
      return [
        {
          kind: "pull-request",
          approvals: rule.parameters?.required_approving_review_count ?? 0,
          dismissesStale: rule.parameters?.dismiss_stale_reviews_on_push === true,
          needsLastPushApproval: rule.parameters?.require_last_push_approval === true,
          needsCodeOwners: rule.parameters?.require_code_owner_review === true,
        },
      ];
    case "required_status_checks":
      return (rule.parameters?.required_status_checks ?? []).map((check) => ({
        kind: "check",
        name: check.context,
        app: check.integration_id ?? null,
      }));
    case "non_fast_forward":
      return [{ kind: "no-force-push" }];
    case "deletion":
      return [{ kind: "no-deletion" }];
    case "merge_queue":
      return [{ kind: "merge-queue" }];
    default:
      return [];
  }
}

/** @returns no rules for a branch without it; `null` where the token may not look. */
export async function classicRules({ rest, at }: GitHubClient, branch: string): Promise<readonly HostRule[] | null> {
  try {
    return readProtection((await rest.repos.getBranchProtection({ ...at, branch })).data);
  } catch (error) {
    if (statusOf(error) === 403) return null;
    if (statusOf(error) === 404) return [];
    throw error;
  }
}

function readProtection(protection: Protection): readonly HostRule[] {
  const { required_pull_request_reviews: reviews, required_status_checks: checks } = protection;
  return [
    ...(reviews === undefined
      ? []
      : [
          {
            kind: "pull-request" as const,
            approvals: reviews.required_approving_review_count ?? 0,
            dismissesStale: reviews.dismiss_stale_reviews,
            needsLastPushApproval: reviews.require_last_push_approval === true,
            needsCodeOwners: reviews.require_code_owner_reviews,
          },
        ]),
    ...(checks?.checks ?? []).map((check) => ({ kind: "check" as const, name: check.context, app: check.app_id })),
    ...(protection.allow_force_pushes?.enabled === true ? [] : [{ kind: "no-force-push" as const }]),
    ...(protection.allow_deletions?.enabled === true ? [] : [{ kind: "no-deletion" as const }]),
    ...(protection.enforce_admins?.enabled === false ? [{ kind: "administrators-exempt" as const }] : []),
  ];
}
