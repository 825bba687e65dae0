// An error for people: what failed, why (a short chain of causes), and what to do. The stack only where it was asked for.
import { messageOf } from "../model/error-message.ts";
import type { Line } from "../model/display.ts";

const maximumCauses = 4;

/** @param input.debug adds the stack of the outermost error. */
export function renderError(input: { readonly error: unknown; readonly debug: boolean }): readonly Line[] {
  const { error } = input;
  const hint = hintOf(error);
  return [
    [{ text: "error: ", style: "red" }, messageOf(error)],
    ...causesOf(error).map((cause): Line => [{ text: "  because: ", style: "dim" }, messageOf(cause)]),
    ...(hint === undefined ? [] : [`  ${hint}`]),
    ...(input.debug && error instanceof Error ? stackLines(error) : []),
  ];
}

/** What to do about it, where the error carries a `hint`. */
export function hintOf(error: unknown): string | undefined {
  return error instanceof Error && "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
}

/** Causes whose message does not already stand in the one above. */
function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  let above = error;
  while (above instanceof Error && above.cause !== undefined && causes.length < maximumCauses) {
    if (!messageOf(above).includes(messageOf(above.cause))) causes.push(above.cause);
    above = above.cause;
  }
  return causes;
}

function stackLines(error: Error): readonly Line[] {
  return (error.stack ?? "")
    .split("\n")
    .slice(1)
    .map((frame): Line => [{ text: frame, style: "dim" }]);
}
