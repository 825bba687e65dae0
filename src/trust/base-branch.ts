// Whether a pull request's plan ran with the default branch's workflow. GitHub takes the workflow of a pull request from its merge with the
// base branch, and tells nothing of that branch with the run: another pull request of the same head into a branch with another workflow, or
// any of them before it was sent elsewhere, gives a run that looks the same.

export type BaseFacts = {
  /** Where the pull request goes. */
  readonly baseBranch: string;
  /** All pull requests from the same branch, itself and closed ones included. */
  readonly siblings: readonly {
    readonly number: number;
    /** Where it goes now. */
    readonly baseBranch: string;
    /** When it was sent to another base branch, as the host writes times. */
    readonly baseChanges: readonly string[];
  }[];
  /** When the run was made for the first time. */
  readonly runCreatedAt: string;
};

/** @returns `null` where the run can only have been made with the base branch's own workflow. */
export function problemOfBase({ baseBranch, siblings, runCreatedAt }: BaseFacts): string | null {
  const other = siblings.find((sibling) => sibling.baseBranch !== baseBranch);
  if (other !== undefined)
    return `#${other.number} is of the same branch and goes to ${JSON.stringify(other.baseBranch)}, whose workflow may have made the plan`;
  const created = Date.parse(runCreatedAt);
  // Not later than every change, and so not known to be: times have whole seconds.
  const moved = siblings.find(({ baseChanges }) => !baseChanges.every((at) => Date.parse(at) < created));
  return moved === undefined ? null : `#${moved.number} is of the same branch and was sent to another base branch after this plan`;
}
