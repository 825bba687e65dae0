// Reading the event's payload: GitHub's own JSON, but nothing is taken for granted.
import { UsageError } from "../commands/context.ts";

export type Payload = Readonly<Record<string, unknown>>;

/** @throws UsageError where the text is no JSON object. */
export function parsePayload(text: string): Payload {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new UsageError("the event's payload (GITHUB_EVENT_PATH) is no JSON object");
}

/** The value at a path such as `pull_request.head.sha`; `undefined` where there is none. */
export function valueAt(payload: Payload, path: string): unknown {
  let value: unknown = payload;
  for (const key of path.split(".")) value = isObject(value) ? value[key] : undefined;
  return value;
}

/** @throws UsageError where there is no text. */
export function textAt(payload: Payload, path: string): string {
  const value = valueAt(payload, path);
  if (typeof value === "string" && value !== "") return value;
  throw new UsageError(`the event's payload has no text at ${path}`);
}

/** @throws UsageError where there is no whole number. */
export function numberAt(payload: Payload, path: string): number {
  const value = valueAt(payload, path);
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new UsageError(`the event's payload has no number at ${path}`);
}

/** @throws UsageError where there is no commit id. */
export function commitAt(payload: Payload, path: string): string {
  const value = textAt(payload, path);
  if (/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u.test(value)) return value;
  throw new UsageError(`the event's payload has no commit at ${path}`);
}

function isObject(value: unknown): value is Payload {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
