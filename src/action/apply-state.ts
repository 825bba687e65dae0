// How far an apply has come, kept for what runs after the job, should the step not get to report it: numbers, commits, and names from the
// inventory. Each value is written once.
import type { ActionContext } from "./context.ts";
import type { PushEvent } from "./event.ts";

export type ApplyState = {
  readonly commit: string;
  readonly pulls: readonly number[];
  readonly appId: number | null;
  /** See ApplyCommentInput. */
  readonly unseen: readonly string[];
  readonly isRepeatable: boolean;
};

type Push = Pick<PushEvent, "before" | "commit" | "branch">;

/** The state is in the environment of a process, which the system bounds. Names have at most 100 characters. */
const maximumNames = 500;

/** Before anything is planned: of which push it is. */
export async function savePush(context: ActionContext, { before, commit, branch }: Push): Promise<void> {
  await context.saveState("push", JSON.stringify({ before, commit, branch }));
}

/** Before anything is applied, so that it can be reported whatever happens. */
export async function saveApplyState(
  context: ActionContext,
  state: Pick<ApplyState, "commit" | "pulls" | "appId"> & Partial<ApplyState>,
): Promise<void> {
  const { unseen = [], isRepeatable = false, ...facts } = state;
  await context.saveState("apply", JSON.stringify({ ...facts, unseen: unseen.slice(0, maximumNames), isRepeatable } satisfies ApplyState));
}

/** The step has come to its own end: what there was to report, it has reported, or has said that it could not. */
export async function saveEnd(context: ActionContext): Promise<void> {
  await context.saveState("ended", "true");
}

export type Progress =
  | { readonly stage: "planning"; readonly push: Push }
  | { readonly stage: "applying"; readonly state: ApplyState; readonly hasEnded: boolean };

/** `null` where nothing was to be applied, or nothing is left to be said. The runner gives back what the step has written. */
export function readProgress({ savedState }: ActionContext): Progress | null {
  const [apply, push] = [savedState("apply"), savedState("push")];
  const hasEnded = savedState("ended") !== "";
  if (apply !== "") return { stage: "applying", state: JSON.parse(apply) as ApplyState, hasEnded };
  return push === "" || hasEnded ? null : { stage: "planning", push: JSON.parse(push) as Push };
}
