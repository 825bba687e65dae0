// Whose token this is.
import { statusOf, type GitHubClient } from "./client.ts";

/**
 * The login that everything written with the token is by: `github-actions[bot]` for a job's own. Only GraphQL tells an app's token;
 * hosts without GraphQL have people's tokens only. https://docs.github.com/graphql/reference/queries#viewer
 */
export async function loginOfToken({ graphql, rest }: GitHubClient): Promise<string> {
  try {
    const { viewer } = await graphql<{ readonly viewer: { readonly login: string } }>("query { viewer { login } }");
    return viewer.login;
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    return (await rest.users.getAuthenticated()).data.login;
  }
}
