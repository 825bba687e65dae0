// Diagnostics at their lines in GitHub's view of the files. A step's log shows ten errors and ten warnings; a check run takes fifty
// with each request. https://docs.github.com/actions/reference/workflow-commands, the runner's ExecutionContext.cs and ActionCommand.cs.
import type { Diagnostic } from "../model/diagnostic.ts";
import { bySeverity } from "./comment-diagnostics.ts";
import { clip, visible } from "./markdown.ts";

/** Of each severity in one step; the runner drops the rest. */
export const maximumCommands = 10;

/** In one request about a check run. */
export const maximumCheckAnnotations = 50;

const messageLength = 4_000;
const titleLength = 250;

/** As the REST API takes it. Columns only where an annotation is about one line, as all of ours are. */
export type CheckAnnotation = {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column: number;
  readonly end_column: number;
  readonly annotation_level: "failure" | "warning";
  readonly title: string;
  readonly message: string;
};

/**
 * Lines for the log that the runner turns into annotations: `::error file=roles.yaml,line=3,col=5,title=…::…`.
 * @returns at most ten for each severity, the first in the order of the files; print each as a line of its own.
 */
export function annotationCommands(diagnostics: readonly Diagnostic[]): readonly string[] {
  const sorted = diagnostics.toSorted(bySeverity);
  return (["error", "warning"] as const).flatMap((severity) =>
    sorted
      .filter((diagnostic) => diagnostic.severity === severity)
      .slice(0, maximumCommands)
      .map(command),
  );
}

function command(diagnostic: Diagnostic): string {
  const { severity, at } = diagnostic;
  const place = at === undefined ? [] : [`file=${property(at.file)}`, `line=${at.line}`, `col=${at.column}`];
  return `::${severity} ${[...place, `title=${property(titleOf(diagnostic))}`].join(",")}::${data(messageOf(diagnostic))}`;
}

/**
 * Annotations of a check run, errors first.
 * @returns lists of at most fifty, one for each request; what has no place in a file is in none.
 */
export function checkAnnotations(diagnostics: readonly Diagnostic[]): readonly (readonly CheckAnnotation[])[] {
  const annotations = diagnostics.toSorted(bySeverity).flatMap((diagnostic) => {
    const { at, severity } = diagnostic;
    if (at === undefined || at.file === "") return [];
    const line = Math.max(1, at.line);
    const column = Math.max(1, at.column);
    return {
      path: at.file,
      start_line: line,
      end_line: line,
      start_column: column,
      end_column: column,
      annotation_level: severity === "error" ? ("failure" as const) : ("warning" as const),
      title: titleOf(diagnostic),
      message: messageOf(diagnostic),
    };
  });
  return Array.from({ length: Math.ceil(annotations.length / maximumCheckAnnotations) }, (_, index) =>
    annotations.slice(index * maximumCheckAnnotations, (index + 1) * maximumCheckAnnotations),
  );
}

function titleOf({ code }: Diagnostic): string {
  return clip(visible(`rolewright: ${code}`), titleLength);
}

/** Annotations are shown as plain text. */
function messageOf({ message, hint, related }: Diagnostic): string {
  const places = (related ?? []).slice(0, 5).map((at) => `see also ${at.file}:${at.line}:${at.column}`);
  return clip([message, ...places, ...(hint === undefined ? [] : [hint])].map(visible).join("\n"), messageLength);
}

/** The line that makes the runner mask a secret in the log from here on; of many lines, each of them. */
export function maskCommand(secret: string): string {
  return `::add-mask::${data(secret)}`;
}

/** A line that the runner shows beside the results of the run, and keeps with them. */
export function noticeCommand(title: string, message: string): string {
  return `::notice title=${property(title)}::${data(message)}`;
}

/** The runner's escapes for what stands behind `::`. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** And for what stands in `key=value`. */
function property(text: string): string {
  return data(visible(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
