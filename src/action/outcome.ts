// What a run came to, as outputs that workflows branch on. docs: the table of reason codes in docs/action.md.
import { messageOf } from "../model/error-message.ts";
import type { ActionOutcome } from "./context.ts";

/** Rises when the meaning of the `result` output changes. */
const schemaVersion = 1;

/** Names and values for GITHUB_OUTPUT; `session-dir` is set before the run. */
export function outputsOf(outcome: ActionOutcome): readonly (readonly [name: string, value: string])[] {
  const { reasonCode, hasChanges, checksum, commentUrl, message, resources } = outcome;
  return [
    ["changes", String(hasChanges)],
    ["checksum", checksum],
    ["reason-code", reasonCode],
    ["result", JSON.stringify({ schemaVersion, reasonCode, changes: hasChanges, checksum, message, commentUrl, resources })],
    ["comment-url", commentUrl],
  ];
}

/** A run that an error ended. */
export function stopped(error: unknown, isCancelled: boolean): ActionOutcome {
  return {
    reasonCode: isCancelled ? "cancelled" : "failed",
    isFailure: true,
    hasChanges: false,
    checksum: "",
    commentUrl: "",
    message: isCancelled ? "cancelled" : messageOf(error),
    resources: [],
  };
}
