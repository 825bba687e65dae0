// Whether a pull request's plan ran with the default branch's workflow. GitHub takes the workflow of a pull request from its merge with the
// base branch, and tells nothing of that branch with the run: another pull request of the same head into a branch with another workflow,
// or the same one before it was sent elsewhere, gives a run that looks the same.

export type BaseFacts = {
  /** Where the pull request goes. */
  readonly baseBranch: string;
  /** Of all pull requests from the same branch, closed ones included. */
  readonly siblings: readonly { readonly number: number; readonly baseBranch: string }[];
  /** When the pull request was sent to another base branch, as the host writes times. */
  readonly baseChanges: readonly string[];
  /** When the run was made for the first time. */
  readonly runCreatedAt: string;
};

/** @returns `null` where the run can only have been made with the base branch's own workflow. */
export function problemOfBase({ baseBranch, siblings, baseChanges, runCreatedAt }: BaseFacts): string | null {
  const other = siblings.find((sibling) => sibling.baseBranch !== baseBranch);
  if (other !== undefined)
    return `#${other.number} is of the same branch and goes to ${JSON.stringify(other.baseBranch)}, whose workflow may have made the plan`;
  const created = Date.parse(runCreatedAt);
  // Not later than every change, and so not known to be: times have whole seconds.
  const isLater = baseChanges.every((at) => Date.parse(at) < created);
  return isLater ? null : "the pull request was sent to another base branch after its plan";
}
