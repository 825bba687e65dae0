// Who let a job go on into its environment. The host tells it of a whole run: all environments, and all attempts without saying which.

export type EnvironmentReview = {
  readonly login: string;
  readonly state: string;
  readonly environments: readonly string[];
};

/**
 * Logins of those who approved it for certain, each once. An attempt needs one of them, so that several of a run that was started again
 * may be those of earlier attempts.
 * @param job.environment `null` where nobody knows it.
 */
export function approversOfJob(
  reviews: readonly EnvironmentReview[],
  { environment, attempt }: { readonly environment: string | null; readonly attempt: number },
): readonly string[] {
  if (environment === null) return [];
  // GitHub takes names of environments that differ in case for the same.
  const isIts = ({ environments }: EnvironmentReview): boolean =>
    environments.some((name) => name.toLowerCase() === environment.toLowerCase());
  const logins = new Set(reviews.filter((review) => review.state === "approved" && isIts(review)).map(({ login }) => login));
  return attempt === 1 || logins.size === 1 ? [...logins] : [];
}
