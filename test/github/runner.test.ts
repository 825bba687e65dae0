import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createMachine, prepareAction, runAction, type ActionStep, type GitHubContext } from "./runner.ts";
import { parsePairs } from "./runner/file-commands.ts";
import { parseLogCommand } from "./runner/log-commands.ts";
import { createMasks } from "./runner/masks.ts";

const action = fileURLToPath(new URL("fixtures/action", import.meta.url));
const github: GitHubContext = {
  event: { number: 7 },
  event_name: "pull_request",
  sha: "a".repeat(40),
  repository: "acme/access",
  token: "ghs_token",
  run_id: 5,
  run_attempt: 1,
};

/** Main and post of the fixture in a fresh machine. */
async function run(input: Partial<ActionStep> & { readonly secrets?: readonly string[] }) {
  using machine = createMachine(github.event, input.secrets ?? []);
  return await runAction({ action, github, machine, ...input });
}

const print = (printed: string, more: { secrets?: readonly string[]; env?: Record<string, string> } = {}) =>
  run({
    with: { command: "print" },
    env: { PRINTED: printed, ...more.env },
    ...(more.secrets === undefined ? {} : { secrets: more.secrets }),
  });

test("inputs come from the step, else from action.yml with its expressions evaluated", async () => {
  const { main } = await run({ with: { command: "environment", Greeting: "good day" } });
  const env = JSON.parse(main.log) as Record<string, string>;
  expect(env).toMatchObject({
    INPUT_COMMAND: "environment",
    INPUT_GREETING: "good day",
    INPUT_TOKEN: "ghs_token",
    GITHUB_REPOSITORY: "acme/access",
    GITHUB_RUN_ID: "5",
    GITHUB_ACTIONS: "true",
    CI: "true",
  });
  expect(env["GITHUB_TOKEN"]).toBeUndefined();
  expect(env["VITEST"]).toBeUndefined();
});

test("post runs after main, with the state that main saved", async () => {
  const { main, post } = await run({ with: { command: "fail" } });
  expect(main).toMatchObject({ outcome: "failure", exitCode: 1 });
  expect(post?.log).toBe("post after ran, main has run");
});

test("errors become annotations with file, line and unescaped text, 10 of a level", async () => {
  const { main } = await run({ with: { command: "fail" } });
  expect(main.annotations[0]).toEqual({
    level: "error",
    message: "no such\nrole",
    properties: { file: "roles.csv", line: "2", col: "3", title: "Bad: input" },
  });
  const many = await print(Array.from({ length: 14 }, (_, index) => `::warning::number ${index}`).join("\n"));
  expect(many.main.annotations).toHaveLength(10);
});

test("the old form of a command is obeyed in the middle of a line", async () => {
  const { main } = await print("role ##[add-mask]postgres\nconnect to postgres");
  expect(main.log).toBe("connect to ***");
});

test("commands are text between stop-commands and its token", async () => {
  const { main } = await print("::stop-commands::t0ken\n::error::not one\n::t0ken::\n::error::one");
  expect(main.annotations).toEqual([{ level: "error", message: "one", properties: {} }]);
});

test.each([
  ["as it is", (secret: string) => secret],
  ["in base64", (secret: string) => Buffer.from(secret).toString("base64")],
  ["in base64 behind one byte", (secret: string) => Buffer.from(`a${secret}`).toString("base64")],
  ["in base64 behind two bytes", (secret: string) => Buffer.from(`ab${secret}`).toString("base64")],
  ["as part of a URL", (secret: string) => encodeURIComponent(secret).replaceAll("'", "%27")],
  ["as JSON", (secret: string) => JSON.stringify(secret)],
  [
    "as XML",
    (secret: string) => secret.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll("'", "&apos;"),
  ],
  ["on a command line", (secret: string) => secret.replaceAll('"', '\\"')],
])("a secret is masked %s", (_, encode) => {
  const secret = `p@ss/w"o'rd<&123456`;
  const { mask } = createMasks([secret]);
  const text = mask(`before ${encode(secret)} after`);
  expect(text).toContain("***");
  expect(text).not.toContain(secret);
  // Base64 behind other bytes keeps the character or two that the neighbour shares.
  expect(text.replace(/^before \S{0,4}\*\*\*\S{0,4} after$/u, "hidden").replace(/^before "?\*\*\*"? after$/u, "hidden")).toBe("hidden");
});

test("what JavaScript leaves as it is in a URL, the runner's own form does not cover", () => {
  expect(createMasks(["it's/secret"]).mask(encodeURIComponent("it's/secret"))).toBe("it's%2Fsecret");
});

test("each line of a secret is masked", async () => {
  const { main } = await print("first-line of it\nsecond-line of it", { secrets: ["first-line\nsecond-line"] });
  expect(main.log).toBe("*** of it\n*** of it");
});

test("a summary is masked, and one above 1 MiB is not shown at all", async () => {
  const small = await print("x", { secrets: ["hunter2"], env: { SUMMARY: "password hunter2" } });
  expect(small.main.summary).toBe("password ***");
  const most = await print("x", { env: { SUMMARY_BYTES: String(1024 * 1024) } });
  expect(most.main.summary).toHaveLength(1024 * 1024);
  const big = await print("x", { env: { SUMMARY_BYTES: String(1024 * 1024 + 1) } });
  expect(big.main).toMatchObject({ summary: null, outcome: "success" });
  expect(big.main.annotations[0]?.message).toContain("GITHUB_STEP_SUMMARY upload aborted");
});

test("an output file without its delimiter fails the step", async () => {
  const { main } = await print("x", { env: { OUTPUT: "name<<EOF\nvalue\n" } });
  expect(main).toMatchObject({ outcome: "failure", exitCode: 0 });
  expect(main.annotations.map(({ message }) => message)).toContain("Invalid value. Matching delimiter not found 'EOF'");
});

test("pairs are read by the runner's rules", () => {
  expect([...parsePairs("a=1\n\nb<<X\none\ntwo\nX\nc=d<<e\nempty<<Y\nY\n")]).toEqual([
    ["a", "1"],
    ["b", "one\ntwo"],
    ["c", "d<<e"],
    ["empty", ""],
  ]);
  expect(() => parsePairs("nothing")).toThrow("Invalid format 'nothing'");
  // A fixed delimiter lets the value write more outputs.
  expect([...parsePairs("a<<EOF\nx\nEOF\ninjected=1\nEOF<<EOF\nEOF\n").keys()]).toContain("injected");
});

test("only lines that start with a known command are commands", () => {
  expect(parseLogCommand("  ::warning file=a%2Cb::50%25")).toEqual({ name: "warning", properties: { file: "a,b" }, data: "50%" });
  expect(parseLogCommand("text ::warning::x")).toBeNull();
  expect(parseLogCommand("::nonsense::x")).toBeNull();
  expect(parseLogCommand("\\::warning::x")).toBeNull();
  expect(parseLogCommand("a ##[error file=b;line=2]c")).toEqual({ name: "error", properties: { file: "b", line: "2" }, data: "c" });
  expect(parseLogCommand("a #\\#[error]c")).toBeNull();
});

test.each([
  ["stops at the interrupt", {}, "interrupted", null],
  ["is terminated where it stays", { STUBBORN: "1" }, "interrupted\nterminated", null],
  ["is killed where it stays even then", { STUBBORN: "very" }, "interrupted\nterminated", "SIGKILL"],
])("a cancelled action %s, and its post still runs", async (_, env, log, signal) => {
  using machine = createMachine({});
  const cancel = new AbortController();
  const started = prepareAction({
    action,
    github,
    machine,
    env,
    with: { command: "linger" },
    cancel: cancel.signal,
    timings: { interruptToTerminate: 200, terminateToKill: 200 },
    onLine: (line) => {
      if (line === "lingering") cancel.abort();
    },
  });
  const main = await started.main();
  expect(main).toMatchObject({ outcome: "cancelled", signal });
  expect(main.log).toBe(`lingering\n${log}`);
  expect((await started.post("cancelled"))?.log).toBe("post after ran, main has run");
});

test("a step that hangs is killed by the harness and says so", async () => {
  const { main } = await run({ with: { command: "linger" }, env: { STUBBORN: "very" }, timeout: 1500 });
  expect(main).toMatchObject({ outcome: "failure", signal: "SIGKILL" });
  expect(main.log).toContain("killed by the harness");
});

test("an input that action.yml does not know is reported", async () => {
  const lines: string[] = [];
  await run({ with: { command: "print", comand: "typo" }, env: { PRINTED: "x" }, onLine: (line) => void lines.push(line) });
  expect(lines[0]).toBe("##[warning]Unexpected input(s) 'comand', valid inputs are ['command', 'token', 'greeting']");
});
