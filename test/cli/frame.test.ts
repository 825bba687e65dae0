import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runCli } from "./run-cli.ts";

const manifest: { readonly version: string } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

describe("rolewright", () => {
  test.each(["--version", "-V"])("%s prints the version of the package and nothing else", async (flag) => {
    expect(await runCli([flag])).toEqual({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  test("without a command prints its help to stderr and fails, so that no script takes it for done", async () => {
    const { exitCode, stdout, stderr } = await runCli([]);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^Usage: rolewright \[options\] \[command\]\n/u);
  });

  test.each([["--help"], ["help"]])("%s prints commands, examples and exit codes to stdout", async (word) => {
    const { exitCode, stdout, stderr } = await runCli([word]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    for (const text of ["Commands:", "validate", "Examples:", "Exit codes:", "130 interrupted"]) expect(stdout).toContain(text);
  });

  test("every command's help has examples", async () => {
    const { stdout } = await runCli(["--help"]);
    const names = [...stdout.slice(stdout.indexOf("Commands:")).matchAll(/^ {2}([a-z]+) /gmu)]
      .map((match) => match[1] ?? "")
      .filter((name) => !["help", "rolewright"].includes(name));
    expect(names.length).toBeGreaterThan(0);
    for (const name of new Set(names)) {
      const help = await runCli([name, "--help"]);
      expect([name, help.exitCode, help.stdout.includes("Examples:"), help.stdout.includes(`rolewright ${name}`)]).toEqual([
        name,
        0,
        true,
        true,
      ]);
    }
  });

  test("names the nearest command", async () => {
    const { exitCode, stdout, stderr } = await runCli(["vlidate"]);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toBe("error: unknown command 'vlidate'\n(Did you mean validate?)\nTry: rolewright --help\n");
  });

  test("prints a document with --json, whatever is wrong with the command line", async () => {
    for (const words of [
      ["vlidate", "--json"],
      ["validate", "--jsno", "--json"],
      ["--json", "sessions", "show"],
    ]) {
      const { exitCode, stdout } = await runCli(words);
      expect([exitCode, JSON.parse(stdout)]).toEqual([
        1,
        { error: { message: expect.stringMatching(/^(?:unknown|missing)/u), hint: null } },
      ]);
    }
  });

  test.skipIf(!existsSync("/dev/full"))("says in one line that its output cannot be written, and fails", async () => {
    for (const words of ["--help", "-C examples/quickstart validate", "-C examples/quickstart status --json", "--version"]) {
      const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
      const command = `"${process.execPath}" "${main}" --quiet ${words} > /dev/full`;
      const { status, stderr } = spawnSync("sh", ["-c", command], {
        cwd: fileURLToPath(new URL("../..", import.meta.url)),
        encoding: "utf8",
      });
      expect([words, status, stderr.split("\n").filter((line) => !line.includes("warning"))]).toEqual([
        words,
        1,
        ["error: stdout cannot be written (ENOSPC)", ""],
      ]);
    }
  });

  test("names the nearest option", async () => {
    const { exitCode, stderr } = await runCli(["validate", "--jsno"]);
    expect(exitCode).toBe(1);
    expect(stderr).toBe("error: unknown option '--jsno'\n(Did you mean --json?)\nTry: rolewright validate --help\n");
  });

  test.each(["0", "-1", "1.5", "many", "1001"])("refuses --concurrency %s", async (value) => {
    const { exitCode, stderr } = await runCli(["--concurrency", value, "validate"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("--concurrency <n>");
  });

  test("F49 escapes what stands in its arguments before it repeats it", async () => {
    const { stderr } = await runCli(["\u001b[2Jx\u202E"]);
    expect(stderr).toContain("\\u001b[2Jx\\u202e");
    expect(stderr).not.toContain("\u001b");
  });

  test("ends quietly when nobody reads its output", async () => {
    const { exitCode, stderr } = await runCli(["--help"], { closeStdout: true });
    expect([exitCode, stderr]).toEqual([0, ""]);
  });
});
