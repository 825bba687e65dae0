import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatResult, maximumResultBytes, parseResult, resultSizeProblem, type ResultFile } from "../../../src/plan/artifact.ts";
import type { Session } from "../../../src/model/session.ts";
import { combinedChecksum } from "../../../src/plan/combined-checksum.ts";
import { anySession } from "../session/support/any-session.ts";
import { applyOf, sessionOf, sidOf } from "../session/support/sessions.ts";

function resultOf(input: { readonly sessions: readonly Session[]; readonly commit: string; readonly toolVersion: string }): ResultFile {
  const checksum = combinedChecksum(input.sessions.map((session) => session.sql_plan_checksum));
  return { version: 1, checksum, commit: input.commit, tool_version: input.toolVersion, results: input.sessions };
}

const result = resultOf({
  sessions: [sessionOf(), sessionOf({ sid: sidOf(2), label: "rw", sql_plan_checksum: "01".repeat(32) })],
  commit: "0123abc",
  toolVersion: "0.1.0",
});
const text = formatResult(result);

function problemsOf(changed: string): string[] {
  const reading = parseResult(changed, "result.yaml");
  return "diagnostics" in reading ? reading.diagnostics.map(({ at, code, message }) => `${at?.line} ${code}: ${message}`) : [];
}

describe("the checksum of many plans", () => {
  it("is the SHA-256 of the sorted checksums, one a line", () => {
    const [a, b] = ["01".repeat(32), "ab".repeat(32)];
    expect(combinedChecksum([b, a])).toBe(createHash("sha256").update(`${a}\n${b}`).digest("hex"));
    expect(combinedChecksum([b, a])).toBe(combinedChecksum([a, b]));
    expect(combinedChecksum([a])).not.toBe(combinedChecksum([a, a]));
    expect(combinedChecksum([a, ""])).not.toBe(combinedChecksum([a]));
  });
});

describe("the result file", () => {
  it("starts with version, checksum, commit and tool version, and holds the plans as sessions", () => {
    expect(text).toMatch(/^version: 1\nchecksum: [0-9a-f]{64}\ncommit: 0123abc\ntool_version: 0\.1\.0\nresults:\n {2}- sid: 986e35ce/u);
    expect(text).toContain("    sql_plan: |\n      -- Role: hoopdev_analytics_ro_6075a443\n");
  });

  it("reads back as the same result, also from JSON", () => {
    expect(parseResult(text, "f")).toEqual({ value: result });
    expect(parseResult(JSON.stringify(result, null, 2), "f")).toEqual({ value: result });
    expect(parseResult(formatResult({ ...result, ...resultOf({ sessions: [], commit: "", toolVersion: "" }) }), "f")).toHaveProperty(
      "value.results",
      [],
    );
  });

  it("reads back as the same result, whatever the texts in it are", () => {
    fc.assert(
      fc.property(anySession, (session) => {
        const made = resultOf({
          sessions: [{ ...session, kind: "plan", target: { ...session.target, resource: session.resource_name } }],
          commit: "",
          toolVersion: "x",
        });
        expect(parseResult(formatResult(made), "f")).toEqual({ value: made });
      }),
    );
  });

  it.each([
    [
      "another version, before anything else",
      text.replace("version: 1", "version: 2\nshards: 4"),
      "1 result-version: the result file has version 2: made by another version, plan again",
    ],
    [
      "a checksum that was changed",
      text.replace(/^checksum: ..../mu, "checksum: 0000"),
      "2 result-checksum: the checksum is not that of the results: the file has been changed",
    ],
    [
      "a result's checksum that was changed",
      text.replace(/sql_plan_checksum: ..../u, "sql_plan_checksum: '0000").replace(/(sql_plan_checksum: '.*)/u, "$1'"),
      "2 result-checksum: the checksum is not that of the results: the file has been changed",
    ],
    [
      "a result left out",
      text.slice(0, text.lastIndexOf("  - sid:")),
      "2 result-checksum: the checksum is not that of the results: the file has been changed",
    ],
    ["a role that is planned twice", text.replaceAll("label: rw", "label: ro"), "result-repeated: analytics/ro is planned twice"],
    [
      "a result that is an apply",
      formatResult({ ...result, ...resultOf({ sessions: [applyOf()], commit: "", toolVersion: "" }) }),
      "result-kind: result 1 is an apply; only plans are applied",
    ],
    [
      "F33 a result that was planned on another target",
      text.replace("resource: analytics", "resource: billing"),
      "result-target: result 1 is of analytics and was planned on billing",
    ],
    ["an unknown key", `${text}extra: 1\n`, 'unknown-key: the document has an unknown key "extra"'],
    [
      "an unknown key in a result",
      text.replace("    kind: plan", "    force: true\n    kind: plan"),
      'unknown-key: results.0 has an unknown key "force"',
    ],
    ["a missing version", text.replace("version: 1\n", ""), 'missing-key: the document lacks the key "version"'],
    ["something else", "- 1\n", "wrong-value: the document must be object"],
  ])("refuses %s", (_, changed, problem) => {
    expect(changed).not.toBe(text);
    expect(problemsOf(changed).join("\n")).toContain(problem);
  });

  it("refuses a file of more than 50 MB by its size", () => {
    expect(resultSizeProblem(maximumResultBytes, "f")).toBeNull();
    expect(problemsOf(" ".repeat(maximumResultBytes + 1))).toEqual([expect.stringContaining("result-too-large")]);
  });
});
