import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatSession, parseSession } from "../../../src/session/session-file.ts";
import { anySession } from "./support/any-session.ts";
import { applyOf, sessionOf } from "./support/sessions.ts";

function topKeys(text: string): string[] {
  return [...text.matchAll(/^([a-z_]+):/gmu)].map(([, key]) => key ?? "");
}

function problemsOf(text: string): string[] {
  const reading = parseSession(text, "2026/11/21/x.yaml");
  return "diagnostics" in reading ? reading.diagnostics.map(({ at, message }) => `${at?.file}:${at?.line}:${at?.column} ${message}`) : [];
}

describe("the text of a session", () => {
  it("has the hub's keys first and in its order, the SQL as a block literal, and the chain last", () => {
    const text = formatSession(applyOf());
    expect(topKeys(text).slice(0, 6)).toEqual(["sid", "config", "current_state", "sql_plan", "sql_plan_checksum", "command_output"]);
    expect(topKeys(text).at(-1)).toBe("previous");
    expect(text).toContain('sql_plan: |\n  -- Role: hoopdev_analytics_ro_6075a443\n  \\connect "analytics"\n  BEGIN;\n');
    expect(text).toContain(
      'config:\n  type: managed\n  role_name: hoopdev_analytics_ro_6075a443\n  source_role: ""\n  scopes:\n    - analytics.public\n',
    );
    expect(text.endsWith('\nprevious: ""\n')).toBe(true);
  });

  it("does not depend on the order in which the session's keys were set", () => {
    const session = applyOf();
    expect(formatSession(Object.fromEntries(Object.entries(session).toReversed()) as typeof session)).toBe(formatSession(session));
  });

  it("reads back as the same session, whatever the texts and names in it are", () => {
    fc.assert(
      fc.property(anySession, (session) => {
        const text = formatSession(session);
        expect(parseSession(text, "f")).toEqual({ value: session });
        expect(text).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\n|\t)\p{Cc}/u);
        expect(text).toMatch(/\nprevious: ""\n$/u);
      }),
      { numRuns: 400 },
    );
  });
});

describe("the strict reader", () => {
  const text = formatSession(sessionOf());

  it.each([
    [
      "an unknown key",
      text.replace("kind: plan", "kind: plan\ncolour: red"),
      '2026/11/21/x.yaml:34:9 the document has an unknown key "colour"',
    ],
    ["a missing key", text.replace("kind: plan\n", ""), '2026/11/21/x.yaml:1:1 the document lacks the key "kind"'],
    ["a wrong type", text.replace("port: 5432", "port: many"), "target.port must be integer"],
    ["a repeated key", text.replace("kind: plan", "kind: plan\nkind: apply"), ":34:1 the key is there twice in one mapping"],
    ["a repeated key in braces", text.replace(/config:\n/u, "config:\n  x: {a: 1, 'a': 2}\n"), "the key is there twice in one mapping"],
    [
      "a word that is not in the list",
      text.replace("status: out-of-sync\n", "status: great\n"),
      "status must be equal to one of the allowed values",
    ],
    ["a sid that is a path", text.replace(/^sid: .*/u, "sid: ../../etc/passwd"), "sid must match pattern"],
    ["an alias", text.replace("actor: maria", "actor: &a maria").replace("label: ro", "label: *a"), ""],
    ["a tag", text.replace("actor: maria", "actor: !!js/function maria"), "tag"],
    ["two documents", `${text}---\n${text}`, "document"],
    ["nothing", "", "the document must be object"],
    ["deep nesting", "[".repeat(200_000), ""],
    ["binary", "\u0000\u0001", ""],
  ])("refuses %s and says where", (_, changed, message) => {
    const problems = problemsOf(changed);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join("\n")).toContain(message);
    expect(problems.every((problem) => /^2026\/11\/21\/x\.yaml:\d+:\d+ /u.test(problem))).toBe(true);
  });

  it("accepts the same session as JSON", () => {
    expect(parseSession(JSON.stringify(sessionOf()), "f")).toEqual({ value: sessionOf() });
  });
});
