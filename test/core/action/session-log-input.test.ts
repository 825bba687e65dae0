import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readInputs } from "../../../src/action/inputs.ts";

const place = (text: string) => readInputs({ INPUT_COMMAND: "apply", "INPUT_SESSION-LOG": text }).sessionLog;

function branchOf(text: string): string | null {
  try {
    const found = place(`branch:${text}`);
    return found.kind === "branch" ? found.branch : null;
  } catch {
    return null;
  }
}

test("the session log goes to an artifact unless something else is said", () => {
  expect(place("")).toEqual({ kind: "artifact" });
  expect(place("none")).toEqual({ kind: "none" });
  expect(place(" branch:audit/pg.2026_a-b ")).toEqual({ kind: "branch", branch: "audit/pg.2026_a-b" });
});

test.each(["branch", "branch:", "Artifact", "branch: x", "folder"])("%j is no place for it", (text) => {
  expect(() => place(text)).toThrow("is none of artifact, none, branch:<name>");
});

test.each([
  "HEAD",
  "refs/heads/main",
  "a//b",
  "/a",
  "a/",
  ".a",
  "a/.b",
  "a..b",
  "a.lock",
  "a.lock/b",
  "a.",
  "a./b",
  "-a",
  "a b",
  "a~1",
  "a:b",
])("%j is no branch for it", (name) => {
  expect(branchOf(name)).toBe(null);
});

test("every name that is taken is one for Git", () => {
  const part = fc.constantFrom(".", "..", "/", "-", "a", "B", "1", ".lock", "HEAD", "_", "@", "{", " ", "refs");
  const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(name, (text) => {
      const branch = branchOf(text);
      fc.pre(branch !== null);
      expect(spawnSync("git", ["check-ref-format", `refs/heads/${branch}`]).status).toBe(0);
    }),
    { numRuns: 60, seed: 20261121 },
  );
});
