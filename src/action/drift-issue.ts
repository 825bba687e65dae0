// The one issue about drift of an environment. It is found by its marker and its author over all pages, since a marker alone may be
// anybody's; edited only where it would say something else; closed when nothing differs, and opened again when something does, so that its
// comments tell the whole story.
import { createComment } from "../io/github/comments.ts";
import { statusOf } from "../io/github/client.ts";
import { lacksPermission } from "../io/github/permission-error.ts";
import { closeIssue, createIssue, listIssuesOf, reviseIssue, type HostIssue } from "../io/github/issues.ts";
import { loginOfToken } from "../io/github/viewer.ts";
import { UsageError } from "../commands/context.ts";
import { parseMarker } from "../review/comment-marker.ts";
import { renderDriftIssue, type DriftInput } from "../review/drift-issue.ts";
import { placesOf, type ActionContext } from "./context.ts";

/** An open one before closed ones, a newer before older ones. */
export async function findDriftIssue(context: ActionContext): Promise<HostIssue | null> {
  return withIssues(async () => {
    const author = await loginOfToken(context.github);
    const own = (await listIssuesOf(context.github, author)).filter((issue) => {
      const marker = parseMarker(linesOf(issue.body));
      return issue.author === author && marker?.pr === 0 && marker.env === context.inputs.environment;
    });
    return own.find(({ isOpen }) => isOpen) ?? own[0] ?? null;
  });
}

export type ShownDrift = { readonly issue: HostIssue; /** False where it stood there already. */ readonly isNews: boolean };

/** Makes the issue say what was found. @param existing of {@link findDriftIssue}. */
export async function showDrift(context: ActionContext, existing: HostIssue | null, input: DriftInput): Promise<ShownDrift> {
  if (existing !== null && existing.isOpen && saysSame(context, existing, input)) return { issue: existing, isNews: false };
  const { title, body } = textOf(context, input);
  return withIssues(async () => {
    if (existing !== null) return { issue: await reviseIssue(context.github, existing.number, { title, body }), isNews: true };
    const issue = await createIssue(context.github, { title, body });
    return { issue, isNews: true };
  });
}

/** The last word first: where the second request fails, the next run closes it. */
export async function endDrift({ github, redact }: ActionContext, issue: HostIssue, comment: string): Promise<void> {
  await withIssues(async () => {
    await createComment(github, issue.number, redact(comment));
    await closeIssue(github, issue.number);
  });
}

/** Whether the same words would stand there, had this run been the one that wrote them: it would differ in time, commit and run alone. */
function saysSame(context: ActionContext, issue: HostIssue, input: DriftInput): boolean {
  const marker = parseMarker(linesOf(issue.body));
  if (marker?.seen === undefined) return false;
  const then = {
    ...input,
    ...marker.seen,
    commit: marker.head,
    places: placesOf(context, marker.head),
    whole: wholeOf(marker.seen.runUrl),
  };
  const { title, body } = textOf(context, then);
  return title === issue.title && body === linesOf(issue.body);
}

/** Where the issue leaves something out, it is whole in the summary of the run. */
export function wholeOf(runUrl: string): DriftInput["whole"] {
  return [{ label: "run", url: runUrl }];
}

function textOf({ redact }: ActionContext, input: DriftInput): { readonly title: string; readonly body: string } {
  const { title, body } = renderDriftIssue(input);
  return { title: redact(title), body: redact(body) };
}

/** Forms of a browser send CRLF. */
function linesOf(body: string): string {
  return body.replaceAll("\r\n", "\n").trimEnd();
}

async function withIssues<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (lacksPermission(error))
      throw new UsageError("the token may not write issues", "permissions: { issues: write }, or with: { comment: none }");
    if (statusOf(error) === 410)
      throw new UsageError("the repository has no issues", "turn them on in its settings, or say with: { comment: none }");
    throw error;
  }
}
