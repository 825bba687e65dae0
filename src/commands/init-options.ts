// The options of `init`, checked: they end up in YAML, in a CODEOWNERS file and in Markdown.
import type { SessionLog } from "../init/workflow-parts.ts";
import { parsePin, type ActionPin } from "../model/action-pin.ts";
import { UsageError } from "./context.ts";

export type InitFlags = {
  readonly pin?: string;
  readonly defaultBranch?: string;
  readonly sessionLog?: string;
  readonly runner?: string;
  readonly applyRunner?: string;
  readonly codeOwners?: string;
  readonly repository?: string;
  readonly force?: boolean;
};

export function readPin(text: string, version: string): ActionPin {
  const pin = parsePin(text, version);
  if (pin !== null) return pin;
  throw new UsageError(
    `--pin: ${JSON.stringify(text)} is not owner/name@commit`,
    "a full commit id, since tags and branches can be moved: --pin acme/rolewright@08c6903cd8c0fde910a37f88322edcfb5dd907a8",
  );
}

/** Where sessions of the workflows go. */
export function readSessionLog(text: string): SessionLog {
  if (text === "artifact" || text === "none") return { kind: text };
  const branch = /^branch:(.+)$/u.exec(text)?.[1];
  if (branch !== undefined) return { kind: "branch", branch: readBranch("--session-log", branch) };
  throw new UsageError(`--session-log: ${JSON.stringify(text)} is none of artifact, branch:<name>, none`);
}

export function readBranch(option: string, name: string): string {
  if (/^[A-Za-z0-9][\w./-]{0,200}$/u.test(name) && !/\.\.|\/\/|[/.]$|\.lock$/u.test(name)) return name;
  throw new UsageError(`${option}: ${JSON.stringify(name)} is no name of a branch that rolewright writes into a workflow`);
}

export function readRunner(option: string, text: string): readonly string[] {
  return readList(option, text, /^[A-Za-z0-9][\w.-]{0,100}$/u, "labels of a runner, as in self-hosted,pg-prod");
}

export function readCodeOwners(text: string): readonly string[] {
  return readList(
    "--code-owners",
    text,
    /^(?:@[\w-]+(?:\/[\w.-]+)?|[\w.+-]+@[\w.-]+)$/u,
    "people and teams, as in @ada,@acme/database-admins",
  );
}

export function readRepositoryName(text: string): string {
  if (isRepositoryName(text)) return text;
  throw new UsageError(`--repository: ${JSON.stringify(text)} is not owner/name`);
}

/** `owner/name`, as a host knows it. */
export function isRepositoryName(text: string): boolean {
  return /^[\w.-]+\/[\w.-]+$/u.test(text);
}

function readList(option: string, text: string, pattern: RegExp, wanted: string): readonly string[] {
  const items = text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
  const wrong = items.find((item) => !pattern.test(item));
  if (wrong !== undefined || items.length === 0)
    throw new UsageError(`${option}: ${JSON.stringify(wrong ?? text)} is none of the ${wanted}`);
  return items;
}
