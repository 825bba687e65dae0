import { describe, expect, test } from "vitest";
import { wantsColor } from "../../../src/io/color.ts";
import { createTerminal, type Stream, type TerminalOptions } from "../../../src/io/terminal.ts";

class Recorder implements Stream {
  text = "";
  readonly isTTY: boolean;
  readonly columns: number = 40;
  readonly rows = 10;
  readonly listeners: ((error: NodeJS.ErrnoException) => void)[] = [];

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string, done?: () => void): boolean {
    this.text += text;
    done?.();
    return true;
  }

  on(_event: "error", listener: (error: NodeJS.ErrnoException) => void): void {
    this.listeners.push(listener);
  }
}

function terminal(options: Partial<TerminalOptions> & { readonly isTTY?: boolean } = {}) {
  const stdout = new Recorder(options.isTTY ?? false);
  const stderr = new Recorder(options.isTTY ?? false);
  const color = { stdout: false, stderr: false };
  const output = createTerminal({ stdout, stderr, json: false, quiet: false, color, redact: (text) => text, ...options });
  return { stdout, stderr, output };
}

describe("text on its way to the terminal", () => {
  test("F49 a hostile value can neither move the cursor, nor colour, nor reverse, nor add a line", () => {
    const { stdout, output } = terminal({ color: { stdout: true, stderr: true } });
    output.line([{ text: "\u001b[2J\u001b]0;title\u0007a\r\nb\u202Ec\u200Bd\u009B31m\u2028e\uD800", style: "red" }]);
    expect(stdout.text).toBe(
      "\u001b[31m\\u001b[2J\\u001b]0;title\\u0007a\\u000d\\u000ab\\u202ec\\u200bd\\u009b31m\\u2028e\\ud800\u001b[39m\n",
    );
  });

  test("keeps letters of every script as they are", () => {
    const { stdout, output } = terminal();
    output.line("größe 数据 نص 👍");
    expect(stdout.text).toBe("größe 数据 نص 👍\n");
  });

  test("is redacted, also across spans, in keys and values of JSON, in errors and in documents", () => {
    const { stdout, stderr, output } = terminal({ redact: (text) => text.replaceAll('s3cr"et', "[redacted]") });
    output.line(["s3cr", '"et']);
    output.error('x s3cr"et');
    output.text('y s3cr"et\n');
    output.json({ 's3cr"et': ['s3cr"et'] });
    expect(stdout.text + stderr.text).not.toContain("s3cr");
  });

  test("keeps the newlines of a document and escapes the rest", () => {
    const { stdout, output } = terminal();
    output.text("a\n\tb\u001b[1m\n");
    expect(stdout.text).toBe("a\n\\u0009b\\u001b[1m\n");
  });
});

describe("where text goes", () => {
  test("results to stdout, notes and errors to stderr", () => {
    const { stdout, stderr, output } = terminal();
    output.line("result");
    output.note("note");
    output.error("error");
    expect([stdout.text, stderr.text]).toEqual(["result\n", "note\nerror\n"]);
  });

  test("with --json, stdout carries the document alone", () => {
    const { stdout, stderr, output } = terminal({ json: true });
    output.line("result");
    output.progress().set("a", "reading");
    output.json({ a: 1 });
    expect(JSON.parse(stdout.text)).toEqual({ a: 1 });
    expect(stderr.text).toBe("result\n");
  });

  test("with --quiet, results and errors remain", () => {
    const { stdout, stderr, output } = terminal({ quiet: true });
    output.line("result");
    output.note("note");
    output.progress().done("a", "read");
    output.error("error");
    expect([stdout.text, stderr.text]).toEqual(["result\n", "error\n"]);
  });

  test("after the reader has gone, nothing more is written and nothing fails", () => {
    const { stdout, output } = terminal();
    output.line("a");
    for (const listener of stdout.listeners) listener(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    output.line("b");
    expect(stdout.text).toBe("a\n");
  });

  test("another failure of a stream is not swallowed", () => {
    const { stdout } = terminal();
    expect(() => stdout.listeners.map((listener) => listener(Object.assign(new Error("disk full"), { code: "ENOSPC" })))).toThrow(
      "disk full",
    );
  });
});

describe("the width", () => {
  test.each([
    [true, 120, 120],
    [true, 0, 80],
    [true, 3, 40],
    [false, 120, null],
  ])("of a stream with terminal: %s and %i columns is %s", (isTTY, columns, expected) => {
    const stdout = Object.assign(new Recorder(isTTY), { columns });
    const { output } = terminal({ stdout });
    expect(output.width).toBe(expected);
  });
});

describe("progress", () => {
  test("without a terminal says only start and end of each resource, uncut", () => {
    const { stderr, output } = terminal();
    const progress = output.progress();
    progress.set("analytics", "reading 0/5 databases");
    progress.set("analytics", "reading 3/5 databases");
    progress.done("analytics", "read 5 databases");
    expect(stderr.text).toBe("analytics: reading 0/5 databases\nanalytics: read 5 databases\n");
  });

  test("on a terminal stays in place, below the other output, cut to the width, and leaves nothing behind", async () => {
    const { stdout, stderr, output } = terminal({ isTTY: true });
    const progress = output.progress();
    for (let index = 0; index < 30; index += 1) progress.set(`resource-${index}`, `reading ${"x".repeat(60)}`);
    await new Promise((resolve) => setTimeout(resolve, 120));
    const drawn = stderr.text.split("\n").slice(0, -1);
    expect(drawn).toHaveLength(8);
    expect(drawn.at(-1)).toBe("… and 23 more");
    for (const line of drawn) expect(line.length).toBeLessThan(40);
    output.line("result");
    expect(stderr.text.endsWith("\u001b[8A\r\u001b[J")).toBe(true);
    expect(stdout.text).toBe("result\n");
    progress.end();
    expect(stderr.text.endsWith("\u001b[J")).toBe(true);
  });
});

describe("colour", () => {
  const cases: readonly (readonly [string, Parameters<typeof wantsColor>[0], boolean])[] = [
    ["on a terminal", { env: {}, isTerminal: true, noColorFlag: false }, true],
    ["not in a pipe", { env: {}, isTerminal: false, noColorFlag: false }, false],
    ["not with NO_COLOR", { env: { NO_COLOR: "1" }, isTerminal: true, noColorFlag: false }, false],
    ["with an empty NO_COLOR", { env: { NO_COLOR: "" }, isTerminal: true, noColorFlag: false }, true],
    ["with FORCE_COLOR in a pipe", { env: { FORCE_COLOR: "1" }, isTerminal: false, noColorFlag: false }, true],
    ["not with FORCE_COLOR=0", { env: { FORCE_COLOR: "0" }, isTerminal: true, noColorFlag: false }, false],
    ["not with --no-color, whatever the environment", { env: { FORCE_COLOR: "1" }, isTerminal: true, noColorFlag: true }, false],
    ["not on a dumb terminal", { env: { TERM: "dumb" }, isTerminal: true, noColorFlag: false }, false],
  ];
  test.each(cases)("%s", (_name, input, expected) => {
    expect(wantsColor(input)).toBe(expected);
  });
});
