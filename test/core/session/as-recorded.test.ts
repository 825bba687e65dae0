import { describe, expect, it } from "vitest";
import type { Session } from "../../../src/model/session.ts";
import { differingKeys } from "../../../src/session/as-recorded.ts";
import { boundToFit, sessionLimits } from "../../../src/session/bound.ts";
import { formatSession, parseSession } from "../../../src/session/session-file.ts";
import { sessionOf } from "./support/sessions.ts";

/** As the log writes it and reads it again. */
function recorded(session: Session): Session {
  const reading = parseSession(boundToFit({ ...session, previous: `sha256:${"a".repeat(64)}` }, formatSession).text, "f");
  if (!("value" in reading)) throw new Error(reading.diagnostics[0]?.message);
  return reading.value;
}

const long = sessionOf({
  sql_plan: "GRANT SELECT ON t TO r;\n".repeat(100_000),
  observed: Array.from({ length: sessionLimits.lines + 5 }, (_, index) => `entry ${index}`),
  message: "m".repeat(10_000),
});

describe("a copy of a session", () => {
  it("is the same where the log has cut it", () => {
    expect(recorded(long).sql_plan.length).toBeLessThan(long.sql_plan.length);
    expect(differingKeys(long, recorded(long))).toEqual([]);
  });

  it("is the same with half a character, which no file carries", () => {
    const session = sessionOf({ message: "a\ud800" });
    expect(differingKeys(session, recorded({ ...session, message: session.message.toWellFormed() }))).toEqual([]);
  });

  it("differs in what it says otherwise, where the log was cut, too", () => {
    expect(differingKeys({ ...long, sql_plan: long.sql_plan.replace("SELECT", "DELETE"), label: "other" }, recorded(long))).toEqual([
      "sql_plan",
      "label",
    ]);
    expect(differingKeys({ ...sessionOf(), effective: ["nothing"] }, recorded(sessionOf()))).toEqual(["effective"]);
  });
});
