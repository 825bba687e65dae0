// Everything that a person or a program reads from rolewright passes here: escaped, redacted, coloured where that is wanted.
// Results go to stdout; progress, notes and errors to stderr. With --json stdout carries one document and nothing else.
import { styleText } from "node:util";
import { printable, spansOf, type Line } from "../model/display.ts";
import { LiveStatus } from "./live-status.ts";

/** What of a writable stream is used here. */
export type Stream = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string, done?: () => void): boolean;
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
};

/** The state of long work, one line per key (a resource). On a terminal it is redrawn in place; elsewhere only start and end are printed. */
export type Progress = {
  set(key: string, text: string): void;
  done(key: string, text: string): void;
  /** Takes what is left off the screen. */
  end(): void;
};

export type Output = {
  /** Columns of the terminal on stdout; `null` without one: then nothing is cut. */
  readonly width: number | null;
  /** A line of the result: stdout, or stderr with --json. */
  line(line: Line): void;
  lines(lines: readonly Line[]): void;
  /** Advice and next steps: stderr, and nothing with --quiet. */
  note(line: Line): void;
  /** stderr, always. */
  error(line: Line): void;
  /** The one document of --json. */
  json(document: unknown): void;
  /** True once the document has been printed. */
  hasDocument(): boolean;
  /** Text that is a document as it stands (a help text, SQL for psql): stdout, newlines kept, the rest escaped. */
  text(text: string): void;
  progress(): Progress;
  /** Resolves when all is written. */
  flush(): Promise<void>;
};

export type TerminalOptions = {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: { readonly stdout: boolean; readonly stderr: boolean };
  /** Masks secrets in whatever is written. */
  readonly redact: (text: string) => string;
  /** Called once where a stream takes no more, other than by a reader that has gone: the disk is full. Without it that is thrown. */
  readonly onBroken?: (stream: "stdout" | "stderr", error: NodeJS.ErrnoException) => void;
};

export function createTerminal(options: TerminalOptions): Output {
  const { stdout, stderr, json, quiet } = options;
  const live = new LiveStatus(stderr, (line) => cut(formatLine(line, { ...options, color: false }), columnsOf(stderr) - 1));
  const writerOf = (stream: "stdout" | "stderr"): Writer =>
    createWriter(options[stream], (error) => {
      if (options.onBroken === undefined) throw error;
      options.onBroken(stream, error);
    });
  const writers = { stdout: writerOf("stdout"), stderr: writerOf("stderr") };
  const result = json ? "stderr" : "stdout";
  let hasDocument = false;
  const write = (to: "stdout" | "stderr", text: string): void => {
    live.erase();
    writers[to].write(text);
  };
  const print = (to: "stdout" | "stderr", line: Line): void => write(to, `${formatLine(line, { ...options, color: options.color[to] })}\n`);
  return {
    width: stdout.isTTY === true ? columnsOf(stdout) : null,
    line: (line) => print(result, line),
    lines: (lines) => lines.forEach((line) => print(result, line)),
    note: (line) => (quiet ? undefined : print("stderr", line)),
    error: (line) => print("stderr", line),
    json: (document) => {
      hasDocument = true;
      write("stdout", `${JSON.stringify(redactDeep(document, options.redact), null, 2)}\n`);
    },
    hasDocument: () => hasDocument,
    text: (text) => write(result, options.redact(text).split("\n").map(printable).join("\n")),
    progress: () => {
      if (quiet || json) return silentProgress;
      return stderr.isTTY === true ? liveProgress(live) : plainProgress((line) => print("stderr", line));
    },
    flush: async () => {
      live.end();
      await Promise.all([writers.stdout.flush(), writers.stderr.flush()]);
    },
  };
}

/** Pseudo-terminals of build machines say 0. Below 40 a table would be all dots, and a wrapped one says more. */
function columnsOf(stream: Stream): number {
  return Math.max(40, stream.columns || 80);
}

function formatLine(line: Line, options: { readonly redact: (text: string) => string; readonly color: boolean }): string {
  const spans = spansOf(line).map((span) => {
    const text = printable(options.redact(typeof span === "string" ? span : span.text));
    return typeof span === "string" || !options.color ? text : styleText(span.style, text, { validateStream: false });
  });
  // Once more over the whole: a secret may lie across two spans.
  return options.redact(spans.join(""));
}

const silentProgress: Progress = { set: () => undefined, done: () => undefined, end: () => undefined };

function liveProgress(live: LiveStatus): Progress {
  return { set: (key, text) => live.set(key, text), done: (key) => live.remove(key), end: () => live.end() };
}

function plainProgress(print: (line: string) => void): Progress {
  const started = new Set<string>();
  return {
    set: (key, text) => {
      if (!started.has(key)) print(`${key}: ${text}`);
      started.add(key);
    },
    done: (key, text) => print(`${key}: ${text}`),
    end: () => undefined,
  };
}

type Writer = { write(text: string): void; flush(): Promise<void> };

/** After the reader has gone (`| head`) the command still finishes what it does; only its words are dropped. */
function createWriter(stream: Stream, onBroken: (error: NodeJS.ErrnoException) => void): Writer {
  let isOpen = true;
  stream.on("error", (error) => {
    const isFirst = isOpen;
    isOpen = false;
    if (error.code !== "EPIPE" && isFirst) onBroken(error);
  });
  return {
    write: (text) => {
      if (isOpen) stream.write(text);
    },
    flush: async () => {
      if (isOpen) await new Promise<void>((resolve) => stream.write("", () => resolve()));
    },
  };
}

function redactDeep(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact));
  if (value instanceof Map) return redactDeep(Object.fromEntries(value), redact);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redactDeep(item, redact)]));
}

/** Counts code points: a wide character may wrap, which costs a stale row on the screen and nothing else. */
function cut(text: string, columns: number): string {
  const characters = Array.from(text);
  return characters.length <= columns ? text : `${characters.slice(0, columns - 1).join("")}…`;
}
