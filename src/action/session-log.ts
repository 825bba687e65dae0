// Where the sessions of a run stay when the machine is gone: a folder for the workflow's upload step, a branch of their own, or nowhere.
import { openLogFiles } from "../io/log-files.ts";
import { messageOf } from "../model/error-message.ts";
import { annotationCommands, noticeCommand } from "../review/annotations.ts";
import { count } from "../model/count.ts";
import type { Link } from "../review/link.ts";
import { chainPlaces } from "../session/graft.ts";
import { UsageError } from "../commands/context.ts";
import type { ActionBase, KeptSessions } from "./context.ts";
import type { RunEvent } from "./event.ts";
import type { Inputs, SessionLogPlace } from "./inputs.ts";
import { appendToBranch } from "./session-branch.ts";

/** A plan runs with files of people who may not write to the repository: its token only reads, and its sessions go to the folder. */
export function placeOfSessions({ command, sessionLog }: Pick<Inputs, "command" | "sessionLog">): SessionLogPlace {
  return command === "plan" && sessionLog.kind === "branch" ? { kind: "artifact" } : sessionLog;
}

/**
 * Says where the sessions go, before anything is done.
 * @throws UsageError for a branch that people work on.
 */
export function announceSessionLog({ inputs, command }: Pick<ActionBase, "inputs" | "command">, event: RunEvent): void {
  const { sessionLog } = inputs;
  if (sessionLog.kind !== "branch") return;
  if (branchesOf(event).includes(sessionLog.branch))
    throw new UsageError(
      `input session-log: ${sessionLog.branch} is a branch that this run is about, and sessions are never written there`,
      "session-log: branch:rolewright-sessions, a branch that is for nothing else",
    );
  if (placeOfSessions(inputs).kind === "branch") return;
  command(
    noticeCommand(
      "rolewright: session-log",
      `a plan does not write to the branch ${sessionLog.branch}; its sessions are in the folder session-dir`,
    ),
  );
}

function branchesOf(event: RunEvent): readonly string[] {
  switch (event.kind) {
    case "pull-request":
    case "merge-group":
      return [event.base.branch];
    case "push":
    case "dispatch":
      return [event.branch, event.defaultBranch];
    case "schedule":
      return [event.branch];
  }
}

/**
 * @returns what puts the sessions that are there, and have not been kept yet, where they stay. It never throws: whatever the run has
 * done is done. It may be called as often as there is something new.
 */
export function createSessionKeeper(context: ActionBase): () => Promise<KeptSessions> {
  const place = placeOfSessions(context.inputs);
  const run: Link = { label: "artifacts of the run", url: `${context.run.url}#artifacts` };
  if (place.kind === "branch") return branchKeeper(context, place.branch, run);
  return async () => ({ link: place.kind === "none" ? null : run, problem: null });
}

function branchKeeper(context: ActionBase, branch: string, run: Link): () => Promise<KeptSessions> {
  let last: { readonly end: string; readonly kept: KeptSessions } = {
    end: context.savedState("kept"),
    kept: { link: null, problem: null },
  };
  // Cancelled, with ten seconds left: what comes after the job has the time for it.
  const later: KeptSessions = { link: run, problem: null };
  return async () => {
    if (context.signal.aborted) return later;
    const kept = await keepOnBranch(context, branch, last.end);
    if (kept === null) return last.kept;
    if ("error" in kept && context.signal.aborted) return later;
    last = { end: kept.end, kept: "error" in kept ? complain(context, branch, { error: kept.error, run }) : kept };
    return last.kept;
  };
}

/** `end`: hash of the run's last session, to know it again. */
type Attempt = { readonly end: string } & (KeptSessions | { readonly error: unknown });

/** @returns `null` where there is nothing but what ends with `known`. */
async function keepOnBranch(context: ActionBase, branch: string, known: string): Promise<Attempt | null> {
  const files = openLogFiles({ path: context.sessionsDirectory, within: null });
  let end = "";
  try {
    const places = await chainPlaces(files);
    end = places.at(-1)?.sha256 ?? "";
    if (end === "" || end === known) return null;
    const commit = await appendToBranch(context, { branch, files, places });
    await context.saveState("kept", end);
    context.output.line(`the branch ${branch} has ${count(places.length, "session")} of this run, in ${commit}`);
    const { serverUrl, repository } = context.run;
    return { end, link: { label: `branch ${branch}`, url: `${serverUrl}/${repository}/commit/${commit}` }, problem: null };
  } catch (error) {
    return { end, error };
  }
}

function complain(context: ActionBase, branch: string, { error, run }: { readonly error: unknown; readonly run: Link }): KeptSessions {
  const problem = `the session log could not be kept on the branch ${branch}: ${context.redact(messageOf(error))}`;
  const hint = "what was done is not affected; the sessions are in the folder session-dir";
  for (const line of annotationCommands([{ severity: "error", code: "session-log", message: problem, hint }])) context.command(line);
  return { link: { ...run, label: `not on the branch ${branch}; ${run.label}` }, problem };
}
