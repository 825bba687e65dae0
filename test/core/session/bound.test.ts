import { describe, expect, it } from "vitest";
import type { StatementRecord } from "../../../src/model/session.ts";
import { boundSession, boundToFit, maximumSessionBytes, sessionLimits } from "../../../src/session/bound.ts";
import { formatSession, parseSession } from "../../../src/session/session-file.ts";
import { applyOf, sessionOf } from "./support/sessions.ts";

describe("F73 the size of a session is bounded", () => {
  it("leaves an ordinary session as it is", () => {
    expect(boundSession(applyOf())).toEqual(applyOf());
  });

  it("F73 cuts long output and messages, and says how much is missing", () => {
    const bounded = boundSession(sessionOf({ command_output: "line\n".repeat(100_000), message: "m".repeat(10_000) }));
    expect(bounded.command_output).toMatch(/\n\[cut: 434464 more characters are not recorded\]\n$/u);
    expect(bounded.message).toMatch(/m \[cut: 5904 more characters are not recorded\]$/u);
    expect(bounded.message.length).toBeLessThan(sessionLimits.message + 100);
  });

  it("F73 never cuts a character in two", () => {
    const { message } = boundSession(sessionOf({ message: `a${"🙂".repeat(4_000)}` }));
    expect(message.isWellFormed()).toBe(true);
  });

  it("F73 cuts long lists with a count", () => {
    const { observed, effective } = boundSession(
      sessionOf({ observed: Array.from({ length: 10_007 }, (_, index) => `entry ${index}`), effective: ["one"] }),
    );
    expect(observed).toHaveLength(10_001);
    expect(observed.at(-1)).toBe("[7 more are not recorded]");
    expect(effective).toEqual(["one"]);
  });

  it("F73 keeps the records of applied statements before those that never ran", () => {
    const record = (outcome: StatementRecord["outcome"], index: number): StatementRecord => ({
      sql: `${outcome} ${index}`,
      database: "app",
      outcome,
      duration_ms: null,
    });
    const statements = [
      ...Array.from({ length: 9_000 }, (_, index) => record("not-run", index)),
      ...Array.from({ length: 6_000 }, (_, index) => record("applied", index)),
    ];
    const bounded = boundSession(applyOf({ statements }));
    expect(bounded.statements?.filter(({ outcome }) => outcome === "applied")).toHaveLength(6_000);
    expect(bounded.statements).toHaveLength(10_000);
    expect(bounded.command_output).toBe("[cut: 5000 more statements (5000 not-run) are not recorded]\n");
  });

  it("F73 keeps a session with everything too long below the largest size, and readable", () => {
    const tables = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`table_${index}`, ["SELECT"]]));
    const scope = {
      bulk_privileges: [],
      table_count: 3_000,
      status: "out-of-sync/drifted" as const,
      exceptions: { missing: tables, extra: {} },
    };
    const base = sessionOf();
    const session = applyOf({
      sql_plan: "x\u0001".repeat(2_000_000),
      statements: Array.from({ length: 12_000 }, (_, index) => ({
        sql: `GRANT ${"y".repeat(2_000)}`,
        database: "app",
        outcome: "applied" as const,
        duration_ms: index,
      })),
      current_state: {
        ...base.current_state,
        scope_states: Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`app.schema${index}`, scope])),
      },
    });
    const text = boundToFit(session, formatSession).text;
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maximumSessionBytes);
    const reading = parseSession(text, "f");
    expect("value" in reading && reading.value.statements?.length).toBeGreaterThan(1_000);
  }, 60_000);
});
