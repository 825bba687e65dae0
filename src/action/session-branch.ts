// The session log on a branch of its own: the sessions of a run go to the end of its chain in one commit, whoever else writes meanwhile.
import { setTimeout as sleep } from "node:timers/promises";
import type { LogFiles } from "../io/log-files.ts";
import { withRemoteBranch, type NewFile, type RemoteBranch } from "../io/remote-branch.ts";
import { messageOf } from "../model/error-message.ts";
import { count } from "../model/count.ts";
import { emptyChain, formatHead, parseHead, type ChainEnd } from "../session/chain.ts";
import { graft } from "../session/graft.ts";
import { headPath } from "../session/layout.ts";
import type { ActionContext } from "./context.ts";

/** Of several runs that write at once one gets through each time; more in a row than this are not by chance. */
const maximumRaces = 10;

/** In a row, without the branch having moved: about 5 seconds. */
const maximumFailures = 4;

/** What no repetition would change. */
class BranchRefusedError extends Error {}

/**
 * Puts the sessions behind those that the branch has, and makes the branch where there is none. What it has already is left out, so
 * that it does not matter whether an earlier attempt came through.
 * @param input.places of the run's own chain, the oldest first.
 * @returns the commit of the branch that has all of them.
 * @throws Error that says why not, once repeating has not helped; or as soon as the run is cancelled.
 */
export async function appendToBranch(
  context: Pick<ActionContext, "env" | "inputs" | "run" | "signal" | "randomBytes">,
  input: { readonly branch: string; readonly files: LogFiles; readonly places: readonly ChainEnd[] },
): Promise<string> {
  const { env, inputs, run, signal } = context;
  const remoteInput = { url: `${run.serverUrl}/${run.repository}`, branch: input.branch, token: inputs.token, env, signal };
  return withRemoteBranch(remoteInput, async (remote) => {
    const tries = { races: 0, failures: 0 };
    for (;;) {
      try {
        const commit = await attempt(remote, { ...input, message: commitMessage(context, input.places.length) });
        if (commit !== null) return commit;
        tries.failures = 0;
        tries.races += 1;
        if (tries.races > maximumRaces) throw new BranchRefusedError(`others have written to it ${tries.races} times in between`);
      } catch (error) {
        tries.failures += 1;
        if (signal.aborted || isFinal(error) || tries.failures === maximumFailures) throw error;
      }
      const jitter = 0.5 + (context.randomBytes(1)[0] ?? 0) / 256;
      await sleep(Math.min(4_000, 250 * 2 ** (tries.races + tries.failures)) * jitter, undefined, { signal });
    }
  });
}

type Attempt = { readonly branch: string; readonly files: LogFiles; readonly places: readonly ChainEnd[]; readonly message: string };

/** @returns the commit that has all of the sessions; `null` where another has written in between. */
async function attempt(remote: RemoteBranch, input: Attempt): Promise<string | null> {
  const { tip, defaultBranch } = await remote.look();
  if (input.branch === defaultBranch) throw new BranchRefusedError("it is the default branch, and sessions are never written there");
  // What another has written since is found when pushing.
  const parent = tip === null ? null : await remote.fetch();
  const end = parent === null ? emptyChain : await endOf(remote, parent);
  const known =
    parent === null
      ? new Set()
      : await remote.known(
          parent,
          input.places.map(({ file }) => file),
        );
  const places = input.places.filter(({ file }) => !known.has(file));
  if (parent !== null && places.length === 0) return parent;
  const commit = await remote.commit({ parent, files: newFiles(input.files, places, end), message: input.message });
  return (await isPushed(remote, commit, parent)) ? commit : null;
}

/** @throws BranchRefusedError where the branch is of something else: its files are not ours to add to. */
async function endOf(remote: RemoteBranch, commit: string): Promise<ChainEnd> {
  const names = await remote.rootNames(commit);
  if (!names.includes(headPath))
    throw new BranchRefusedError(`it exists and holds no session log (there is no ${headPath}): name a branch that does not exist yet`);
  const end = parseHead(await remote.read(commit, headPath));
  if (end === null)
    throw new BranchRefusedError(
      `its ${headPath} cannot be read: put back the one of an older commit of the branch, and look with \`rolewright sessions verify\``,
    );
  return end;
}

async function* newFiles(files: LogFiles, places: readonly ChainEnd[], onto: ChainEnd): AsyncGenerator<NewFile> {
  let last = onto;
  for await (const { text, end } of graft(files, places, onto)) {
    yield { path: end.file, text };
    last = end;
  }
  yield { path: headPath, text: formatHead(last) };
}

/**
 * @returns false where the branch has moved meanwhile: by another's push, or by this one, whose answer was lost; the next attempt sees which.
 * The words of a host for a race differ, and so it is asked. @throws Error where nothing has moved.
 */
async function isPushed(remote: RemoteBranch, commit: string, expected: string | null): Promise<boolean> {
  try {
    await remote.push(commit, expected);
    return true;
  } catch (error) {
    if ((await remote.look()).tip === expected) throw error;
    return false;
  }
}

/** The host does not let this token, or has a rule against the push. A word for it that is not known here costs a few seconds. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof BranchRefusedError || /returned error: 40[134]|hook declined|protected branch|rule violations/u.test(messageOf(error))
  );
}

function commitMessage({ run, inputs }: Pick<ActionContext, "run" | "inputs">, sessions: number): string {
  return `${count(sessions, "session")} of run ${run.id}: ${inputs.command} in ${inputs.environment}\n\n${run.url}\n`;
}
