import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { artifactSizeProblem, formatArtifact, makeArtifact, maximumArtifactBytes, parseArtifact } from "../../../src/session/artifact.ts";
import { planChecksum } from "../../../src/model/combined-checksum.ts";
import { anySession } from "./support/any-session.ts";
import { applyOf, sessionOf, sidOf } from "./support/sessions.ts";

const result = makeArtifact({
  sessions: [sessionOf(), sessionOf({ sid: sidOf(2), label: "rw", sql_plan_checksum: "01".repeat(32) })],
  commit: "0123abc",
  toolVersion: "0.1.0",
});
const text = formatArtifact(result);

function problemsOf(changed: string): string[] {
  const reading = parseArtifact(changed, "result.yaml");
  return "diagnostics" in reading ? reading.diagnostics.map(({ at, code, message }) => `${at?.line} ${code}: ${message}`) : [];
}

describe("the checksum of many plans", () => {
  it("is the SHA-256 of the sorted checksums, one a line", () => {
    const [a, b] = ["01".repeat(32), "ab".repeat(32)];
    expect(planChecksum([b, a])).toBe(createHash("sha256").update(`${a}\n${b}`).digest("hex"));
    expect(planChecksum([b, a])).toBe(planChecksum([a, b]));
    expect(planChecksum([a])).not.toBe(planChecksum([a, a]));
    expect(planChecksum([a, ""])).not.toBe(planChecksum([a]));
  });
});

describe("the result file", () => {
  it("starts with version, checksum, commit and tool version, and holds the plans as sessions", () => {
    expect(text).toMatch(/^version: 1\nchecksum: [0-9a-f]{64}\ncommit: 0123abc\ntool_version: 0\.1\.0\nresults:\n {2}- sid: 986e35ce/u);
    expect(text).toContain("    sql_plan: |\n      -- Role: hoopdev_analytics_ro_6075a443\n");
  });

  it("reads back as the same result, also from JSON", () => {
    expect(parseArtifact(text, "f")).toEqual({ value: result });
    expect(parseArtifact(JSON.stringify(result, null, 2), "f")).toEqual({ value: result });
    expect(
      parseArtifact(formatArtifact({ ...result, ...makeArtifact({ sessions: [], commit: "", toolVersion: "" }) }), "f"),
    ).toHaveProperty("value.results", []);
  });

  it("reads back as the same result, whatever the texts in it are", () => {
    fc.assert(
      fc.property(anySession, (session) => {
        const made = makeArtifact({
          sessions: [{ ...session, kind: "plan", target: { ...session.target, resource: session.resource_name } }],
          commit: "",
          toolVersion: "x",
        });
        expect(parseArtifact(formatArtifact(made), "f")).toEqual({ value: made });
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
      formatArtifact({ ...result, ...makeArtifact({ sessions: [applyOf()], commit: "", toolVersion: "" }) }),
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

  it("takes several orphans of one resource, which have no label", () => {
    const orphan = (number: number) =>
      sessionOf({ sid: sidOf(number), label: "", config: { ...sessionOf().config, type: "orphaned", role_name: `gone_${number}` } });
    const made = makeArtifact({ sessions: [orphan(1), orphan(2)], commit: "", toolVersion: "" });
    expect(parseArtifact(formatArtifact(made), "f")).toEqual({ value: made });
    expect(problemsOf(formatArtifact(makeArtifact({ sessions: [orphan(1), orphan(1)], commit: "", toolVersion: "" }))).join()).toContain(
      "analytics/gone_1 is planned twice",
    );
  });

  it("refuses a file of more than 50 MB by its size", () => {
    expect(artifactSizeProblem(maximumArtifactBytes, "f")).toBeNull();
    expect(problemsOf(" ".repeat(maximumArtifactBytes + 1))).toEqual([expect.stringContaining("result-too-large")]);
  });
});
