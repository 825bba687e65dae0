import { describe, expect, it } from "vitest";
import { findSession } from "../../../src/commands/find-session.ts";
import { readSessionLog } from "../../../src/session/read.ts";
import { sessionOf, sidOf } from "../session/support/sessions.ts";
import { temporaryLog } from "../session/support/log.ts";

describe("a session that is named", () => {
  it("by a beginning that others have, too, is not guessed", async () => {
    await using log = await temporaryLog();
    const writer = await log.open();
    for (let number = 0; number < 7; number += 1) await writer.append(sessionOf({ sid: sidOf(number) }));
    const reader = readSessionLog(log.files);
    await expect(findSession(reader, "986e")).rejects.toThrow(/^7 sessions begin with 986e: (?:\S{36}, ){5}…$/u);
    expect(await findSession(reader, sidOf(3))).toMatchObject({ session: { sid: sidOf(3) }, problem: null });
    await expect(findSession(reader, "986e35cf")).rejects.toThrow("there is no session 986e35cf");
  });

  it.each(["", "986", "../..", "986E35CE", "986e35ce_", `${sidOf(1)}0`, "*"])("by %j is refused", async (text) => {
    await using log = await temporaryLog();
    await expect(findSession(readSessionLog(log.files), text)).rejects.toThrow("is not the id of a session");
  });
});
