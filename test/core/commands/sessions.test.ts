import { describe, expect, it } from "vitest";
import { readTimeBound, renderSessions, renderVerification } from "../../../src/commands/sessions.ts";
import { textOf } from "../../../src/model/display.ts";
import { applyOf, sessionOf, sidOf } from "../session/support/sessions.ts";

describe("sessions list", () => {
  it("has one row per session, and nothing that a terminal would obey", () => {
    const orphan = sessionOf({ sid: sidOf(3), label: "", status: "failed", message: "\u001b[2Jgone" });
    const lines = renderSessions([applyOf({ sid: sidOf(2) }), orphan], null).map(textOf);
    expect(lines).toEqual([
      "started               kind   role                                     status   sid                                   message",
      "2026-11-21T10:00:00Z  apply  analytics/ro                             success  986e35ce-f3fc-4f79-b136-000000000002  1 statement in 1 database",
      "2026-11-21T10:00:00Z  plan   analytics/hoopdev_analytics_ro_6075a443  failed   986e35ce-f3fc-4f79-b136-000000000003  \\u001b[2Jgone",
    ]);
  });

  it.each([40, 60, 80, 109, 110, 200])("has the whole id in a terminal of %i columns", (width) => {
    const lines = renderSessions([applyOf({ sid: sidOf(2) }), sessionOf({ sid: sidOf(3), message: "m".repeat(300) })], width).map(textOf);
    for (const sid of [sidOf(2), sidOf(3)]) expect(lines.filter((line) => line.includes(sid))).toHaveLength(1);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
  });
});

describe("sessions verify", () => {
  it("says in a line that all is whole", () => {
    expect(renderVerification({ sound: 1, problems: [] }).map(textOf)).toEqual(["whole: 1 session, each is what the one after it says"]);
  });

  it("names each file and what was done to it", () => {
    const problems = [
      { kind: "lost" as const, file: "2026/11/21/x.yaml", message: "session 4 is missing: session 5 names it" },
      { kind: "lost" as const, file: "", message: "sessions 2 to 3 are missing" },
    ];
    expect(renderVerification({ sound: 3, problems }).map(textOf)).toEqual([
      "lost       2026/11/21/x.yaml: session 4 is missing: session 5 names it",
      "lost       sessions 2 to 3 are missing",
      "",
      "2 problems; 3 sessions as the chain says",
    ]);
  });
});

describe("--since and --until", () => {
  it.each([
    ["2026-11-21", "since", "2026-11-21T00:00:00.000Z"],
    ["2026-11-21", "until", "2026-11-21T23:59:59.999Z"],
    ["2026-11-21T01:00:00+02:00", "since", "2026-11-20T23:00:00.000Z"],
    ["2026-11-21T14:30Z", "until", "2026-11-21T14:30:00.000Z"],
  ] as const)("%s as %s is %s", (text, bound, expected) => {
    expect(readTimeBound(text, bound)).toBe(expected);
  });

  it.each(["yesterday", "2026-13-01", "2026-11-21T14:30", "", "../.."])("refuses %j", (text) => {
    expect(() => readTimeBound(text, "since")).toThrow("is not a time");
  });
});
