// Who made a commit: whose push put it on its branch, and who wrote it.
import { statusOf, type GitHubClient } from "./client.ts";

/** Of 100 pushes each. More of them to one branch are made only by somebody who wants one out of sight. */
const maximumPages = 10;

/** How many pushes to a branch are looked through. */
export const maximumPushes = 100 * maximumPages;

/**
 * Ids of those whose push made a branch point to a commit: the host's own record, which nobody else can write. Empty where the host has no
 * such record, or not of this commit.
 * @returns `null` where the record of the branch goes on behind what was looked through.
 */
export async function pushersOf(
  client: GitHubClient,
  { branch, commit }: { readonly branch: string; readonly commit: string },
): Promise<readonly number[] | null> {
  try {
    const ofBranch = await lookThrough(client, commit, { ref: `refs/heads/${branch}` });
    if (ofBranch.isCut) return null;
    if (ofBranch.pushers.length > 0) return ofBranch.pushers;
    // The branch may be gone by now, and a host need not list the pushes to what is no longer there under its name.
    return (await lookThrough(client, commit, {})).pushers;
  } catch (error) {
    if (statusOf(error) === 404) return [];
    throw error;
  }
}

type Look = { readonly pushers: readonly number[]; readonly isCut: boolean };

/** All of them: somebody may have pushed the commit again, and not be the one who pushed it first. https://docs.github.com/rest/repos/repos#list-repository-activities */
async function lookThrough({ rest, paginate, at }: GitHubClient, commit: string, only: { readonly ref?: string }): Promise<Look> {
  const pushers: number[] = [];
  let pages = 0;
  let isCut = false;
  await paginate(rest.repos.listActivities, { ...at, ...only, per_page: 100 }, ({ data, headers }, done) => {
    pushers.push(...data.filter(({ after }) => after === commit).flatMap(({ actor }) => actor?.id ?? []));
    pages += 1;
    isCut = pages === maximumPages && /rel="next"/u.test(headers.link ?? "");
    if (pages === maximumPages) done();
    return [];
  });
  return { pushers, isCut };
}

/** Ids of the accounts whose addresses a commit names as its author and its committer; whoever makes a commit chooses them. */
export async function writersOf({ rest, at }: GitHubClient, commit: string): Promise<readonly number[]> {
  // The list, since Gitea has no single commit at this address.
  const { data } = await rest.repos.listCommits({ ...at, sha: commit, per_page: 1 });
  return data
    .filter(({ sha }) => sha === commit)
    .flatMap(({ author, committer }) => [author, committer])
    .flatMap((account) => (account !== null && "id" in account ? account.id : []));
}
