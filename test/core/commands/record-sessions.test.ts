// Sessions of one apply go into the log together, and one that cannot be recorded keeps none of the others out.
import { expect, it } from "vitest";
import { recordSessions } from "../../../src/commands/record-sessions.ts";
import type { Session } from "../../../src/model/session.ts";
import { headPath } from "../../../src/session/layout.ts";
import { temporaryLog } from "../session/support/log.ts";
import { applyOf, sidOf } from "../session/support/sessions.ts";

function applies(count: number): readonly Session[] {
  return Array.from({ length: count }, (_, index) => applyOf({ sid: sidOf(index + 1) }));
}

it("turns the head of the chain once for many", async () => {
  await using log = await temporaryLog();
  let turns = 0;
  const files = {
    ...log.files,
    rename: (from: string, to: string): Promise<void> => {
      if (to === headPath) turns += 1;
      return log.files.rename(from, to);
    },
  };
  const sessions = await log.open({ files });
  for (const session of applies(20)) await sessions.begin(session);
  await recordSessions(sessions, applies(20));
  expect(turns).toBe(1);
  expect(await sessions.verify()).toEqual({ sound: 20, problems: [] });
  expect((await log.open()).recovered.interrupted).toEqual([]);
});

it("records all others where one is recorded already, and says so", async () => {
  await using log = await temporaryLog();
  const sessions = await log.open();
  await sessions.append(applyOf({ sid: sidOf(70), message: "another", ended_at: "2026-11-21T11:00:00.000Z" }));
  // The first of them go into the chain before the one that is refused is looked at.
  await expect(recordSessions(sessions, applies(80))).rejects.toThrow(`the session ${sidOf(70)} is recorded already`);
  expect(await sessions.verify()).toEqual({ sound: 80, problems: [] });
  expect((await sessions.list({})).sessions.filter(({ message }) => message === "another")).toHaveLength(1);
});
