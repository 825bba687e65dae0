// The repository itself.
import { statusOf, type GitHubClient } from "./client.ts";

/** @returns `null` where there is none, or the token does not see it. */
export async function defaultBranchOf({ rest, at }: GitHubClient): Promise<string | null> {
  try {
    return (await rest.repos.get({ ...at })).data.default_branch;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}
