// Environments: who is asked before a job, and which branches reach the secrets. https://docs.github.com/rest/deployments/environments
import { statusOf, type GitHubClient } from "./client.ts";

export type HostEnvironment = {
  readonly reviewers: number;
  readonly preventsSelfReview: boolean;
  /** `null`: every branch and tag. */
  readonly refs: "protected-branches" | readonly { readonly pattern: string; readonly kind: "branch" | "tag" }[] | null;
};

/** @returns `null` where there is none. */
export async function getEnvironment(client: GitHubClient, name: string): Promise<HostEnvironment | null> {
  const { rest, at } = client;
  try {
    const { data } = await rest.repos.getEnvironment({ ...at, environment_name: name });
    const policy = data.deployment_branch_policy;
    const rules = data.protection_rules ?? [];
    return {
      reviewers: rules.reduce((sum, rule) => sum + ("reviewers" in rule ? (rule.reviewers?.length ?? 0) : 0), 0),
      preventsSelfReview: rules.some((rule) => "prevent_self_review" in rule && rule.prevent_self_review),
      refs:
        policy === null || policy === undefined ? null : policy.protected_branches ? "protected-branches" : await policiesOf(client, name),
    };
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

async function policiesOf({ rest, paginate, at }: GitHubClient, name: string): Promise<Exclude<HostEnvironment["refs"], string | null>> {
  const policies = await paginate(rest.repos.listDeploymentBranchPolicies, { ...at, environment_name: name, per_page: 100 });
  return policies.map((policy) => ({ pattern: policy.name ?? "", kind: policy.type === "tag" ? "tag" : "branch" }));
}
