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
  readonly hasBlockers: boolean;
};

type Push = Pick<PushEvent, "before" | "commit" | "branch">;

/** The state is in the environment of a process, which the system bounds. Names have at most 100 characters. */
const maximumNames = 500;

/** Before anything is planned: of which push it is. No branch has a blank in its name. */
export async function savePush(context: ActionContext, { before, commit, branch }: Push): Promise<void> {
  await context.saveState("push", [before, commit, branch].join(" "));
}

/** Before anything is applied, so that it can be reported whatever happens. */
export async function saveApplyState(
  context: ActionContext,
  state: Pick<ApplyState, "commit" | "pulls" | "appId"> & Partial<ApplyState>,
): Promise<void> {
  const { commit, pulls, appId, unseen = [], isRepeatable = false, hasBlockers = false } = state;
  await context.saveState("pulls", pulls.join(" "));
  await context.saveState("app", appId === null ? "" : String(appId));
  await context.saveState("unseen", unseen.slice(0, maximumNames).join("\n"));
  await context.saveState("repeatable", isRepeatable ? "true" : "");
  await context.saveState("blocked", hasBlockers ? "true" : "");
  // The last: with it, the others are there.
  await context.saveState("commit", commit);
}

/** The step has come to its own end: what there was to report, it has reported, or has said that it could not. */
export async function saveEnd(context: ActionContext): Promise<void> {
  await context.saveState("ended", "true");
}

export type Progress =
  | { readonly stage: "planning"; readonly push: Push }
  | { readonly stage: "applying"; readonly state: ApplyState; readonly hasEnded: boolean };

/** `null` where nothing was to be applied, or nothing is left to be said. */
export function readProgress({ savedState }: ActionContext): Progress | null {
  const hasEnded = savedState("ended") !== "";
  const commit = savedState("commit");
  if (commit !== "") {
    const [pulls, app] = [partsOf(savedState("pulls"), " ").map(Number), savedState("app")];
    const [unseen, isRepeatable] = [partsOf(savedState("unseen"), "\n"), savedState("repeatable") !== ""];
    const hasBlockers = savedState("blocked") !== "";
    const appId = app === "" ? null : Number(app);
    return { stage: "applying", state: { commit, pulls, appId, unseen, isRepeatable, hasBlockers }, hasEnded };
  }
  const [before = "", pushed = "", branch = ""] = savedState("push").split(" ");
  return branch === "" || hasEnded ? null : { stage: "planning", push: { before, commit: pushed, branch } };
}

function partsOf(text: string, separator: string): readonly string[] {
  return text === "" ? [] : text.split(separator);
}
