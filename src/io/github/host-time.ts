// The clock of the host, which dates reviews: a runner's may go before or after it.
import type { GitHubClient } from "./client.ts";

/** @returns RFC 3339, to the second, from the answer to a request that changes nothing; `null` where it has no date. */
export async function hostTime({ rest, at }: GitHubClient): Promise<string | null> {
  const time = new Date((await rest.repos.get({ ...at })).headers.date ?? "");
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
