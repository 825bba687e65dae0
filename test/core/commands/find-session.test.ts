import { rm } from "node:fs/promises";
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

  it("is what was recorded, where only the head before it was lost", async () => {
    await using log = await temporaryLog();
    const writer = await log.open();
    for (const number of [1, 2]) await writer.append(sessionOf({ sid: sidOf(number) }));
    await rm(log.path("head.yaml"));
    const file = await writer.append(sessionOf({ sid: sidOf(3) }));
    const reader = readSessionLog(log.files);
    expect(await findSession(reader, sidOf(3))).toMatchObject({ problem: null });
    expect((await reader.verify()).problems).toMatchObject([{ kind: "head-lost", file }]);
    await log.write(file, (await log.read(file)).replace(/^started_at: .*$/mu, "started_at: 2026-11-11T11:11:11.111Z"));
    expect(await findSession(reader, sidOf(3))).toMatchObject({ problem: expect.stringContaining("has been changed") });
  });

  it.each(["", "986", "../..", "986E35CE", "986e35ce_", `${sidOf(1)}0`, "*"])("by %j is refused", async (text) => {
    await using log = await temporaryLog();
    await expect(findSession(readSessionLog(log.files), text)).rejects.toThrow("is not the id of a session");
  });
});
