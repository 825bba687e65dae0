// A workflow file, as far as the doctor looks at it.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
import { isMap, isSeq, LineCounter, parseDocument, type Document } from "yaml";
import type { SourceLocation } from "../model/diagnostic.ts";

export type TextFile = {
  /** From the root of the Git repository, with `/`. */
  readonly path: string;
  readonly text: string;
};

/** `null`: not said, so that the repository's default counts. */
export type Permissions = "read-all" | "write-all" | Readonly<Record<string, string>> | null;

export type Step = {
  readonly uses: string;
  readonly with: Readonly<Record<string, string>>;
  readonly condition: string;
  readonly run: string;
  readonly at: SourceLocation;
};

export type Job = {
  readonly name: string;
  readonly permissions: Permissions;
  /** "" where it has none. */
  readonly environment: string;
  /** Labels, and the name of a group. */
  readonly runsOn: readonly string[];
  /** "" where it names none. */
  readonly runnerGroup: string;
  readonly steps: readonly Step[];
  /** Of a reusable workflow that is called instead of steps. */
  readonly uses: string;
  /** Everything that it says, to look for names of secrets in. */
  readonly source: string;
  readonly at: SourceLocation;
};

export type Workflow = {
  readonly path: string;
  /** With their filters. */
  readonly events: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly permissions: Permissions;
  /** What it says beside its jobs. */
  readonly head: string;
  readonly cancelsInProgress: boolean;
  readonly jobs: readonly Job[];
};

/** @returns `null` where the file is no YAML, or no workflow. */
export function readWorkflow({ path, text }: TextFile): Workflow | null {
  const lines = new LineCounter();
  const document = parse(text, lines);
  const value: unknown = document?.toJS();
  if (document === null || !isRecord(value)) return null;
  const { jobs, ...head } = value;
  if (!isRecord(jobs)) return null;
  const locate = (keys: readonly (string | number)[]): SourceLocation => {
    const node = document.getIn(keys, true);
    const offset = isMap(node) || isSeq(node) ? (node.range?.[0] ?? 0) : 0;
    const { line, col } = lines.linePos(offset);
    return { file: path, line, column: col };
  };
  return {
    path,
    events: eventsOf(head["on"]),
    permissions: permissionsOf(head["permissions"]),
    head: JSON.stringify(head),
    cancelsInProgress: isRecord(head["concurrency"]) && !["", "false"].includes(textOf(head["concurrency"]["cancel-in-progress"])),
    jobs: Object.entries(jobs).flatMap(([name, job]) => (isRecord(job) ? [readJob(name, job, locate)] : [])),
  };
}

function parse(text: string, lineCounter: LineCounter): Document | null {
  try {
    // Aliases are bounded, so that a small file cannot become a large one.
    const document = parseDocument(text, { schema: "core", lineCounter, prettyErrors: false });
    return document.errors.length > 0 ? null : document;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readJob(name: string, job: Record<string, unknown>, locate: (keys: readonly (string | number)[]) => SourceLocation): Job {
  const { environment, "runs-on": runsOn, steps } = job;
  return {
    name,
    permissions: permissionsOf(job["permissions"]),
    environment: textOf(isRecord(environment) ? environment["name"] : environment),
    runsOn: (Array.isArray(runsOn) ? runsOn : isRecord(runsOn) ? [runsOn["labels"] ?? [], runsOn["group"] ?? []].flat() : [runsOn]).map(
      textOf,
    ),
    runnerGroup: textOf(isRecord(runsOn) ? runsOn["group"] : undefined),
    steps: (Array.isArray(steps) ? steps : []).flatMap((step, index) =>
      isRecord(step) ? [readStep(step, locate(["jobs", name, "steps", index]))] : [],
    ),
    uses: textOf(job["uses"]),
    source: JSON.stringify(job),
    at: locate(["jobs", name]),
  };
}

function readStep(step: Record<string, unknown>, at: SourceLocation): Step {
  const inputs = isRecord(step["with"]) ? step["with"] : {};
  return {
    uses: textOf(step["uses"]),
    with: Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key.toLowerCase(), textOf(value)])),
    condition: textOf(step["if"]),
    run: textOf(step["run"]),
    at,
  };
}

function eventsOf(on: unknown): Workflow["events"] {
  if (typeof on === "string") return { [on]: {} };
  if (Array.isArray(on)) return Object.fromEntries(on.map((name) => [textOf(name), {}]));
  return isRecord(on) ? Object.fromEntries(Object.entries(on).map(([name, filter]) => [name, isRecord(filter) ? filter : {}])) : {};
}

function permissionsOf(value: unknown): Permissions {
  if (value === "read-all" || value === "write-all") return value;
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([scope, level]) => [scope, textOf(level)])) : null;
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
