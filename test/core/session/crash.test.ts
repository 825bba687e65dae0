import { spawn } from "node:child_process";
import { mkdir, readdir, rename } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readSessionLog } from "../../../src/session/read.ts";
import { inputFor, temporaryLog, type TemporaryLog } from "./support/log.ts";
import { applyOf, sessionOf, sidOf } from "./support/sessions.ts";

const program = fileURLToPath(new URL("support/append-child.ts", import.meta.url));

/** Runs the program to its end. Resolves with its exit code, or the signal that ended it. */
function runChild(...args: string[]): Promise<number | string | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(signal ?? code));
  });
}

async function leftovers(log: TemporaryLog): Promise<string[]> {
  const folders = await Promise.all([".lock", ".pending", ".running"].map((folder) => readdir(log.path(folder)).catch(() => [])));
  return folders.flat();
}

/** The steps of one begin and one append; the last is removing the lock. The test below holds this number against the code. */
const steps = 13;

/** Those that write a file, which may also end in the middle of it. */
const writes = [2, 8, 9];

describe("F73 kill -9 of the process that writes", () => {
  const cases = Array.from({ length: steps }, (_, index) => ({ step: index + 1, half: "" }));
  const halves = writes.map((step) => ({ step, half: "half" }));

  it.each([...cases, ...halves])(
    "at step $step $half: the next open records the session once and the chain is whole",
    { timeout: 60_000 },
    async ({ step, half }) => {
      await using log = await temporaryLog();
      await (await log.open()).append(applyOf({ sid: sidOf(1) }));
      expect(await runChild(log.directory, "2", "1", String(step), half)).toBe("SIGKILL");
      const reopened = await log.open();
      const found = await reopened.find(sidOf(2));
      const status = found === null ? "not recorded" : "session" in found && found.session.status;
      expect(status).toBe(step <= 3 ? "not recorded" : step <= 10 ? "failed" : "success");
      await reopened.append(applyOf({ sid: sidOf(3) }));
      expect(await reopened.verify()).toEqual({ sound: found === null ? 2 : 3, problems: [] });
      // A journal's own temporary file is left for an hour, since it may be in use.
      expect((await leftovers(log)).filter((name) => !name.endsWith(".tmp"))).toEqual([]);
    },
  );

  it("there is no step that is not tested", async () => {
    await using log = await temporaryLog();
    await (await log.open()).append(applyOf({ sid: sidOf(1) }));
    expect(await runChild(log.directory, "2", "1", String(steps + 1))).toBe(0);
    expect(await (await log.open()).verify()).toEqual({ sound: 2, problems: [] });
  });

  it("verify is content with a session that is on its way, and the next writer moves it to its place", { timeout: 60_000 }, async () => {
    await using log = await temporaryLog();
    const sessions = await log.open();
    await sessions.append(applyOf({ sid: sidOf(1) }));
    for (const step of [9, 10, 11, 12]) {
      await runChild(log.directory, String(step + 1), "1", String(step));
      expect((await sessions.verify()).problems).toEqual([]);
    }
  });
});

describe("F73 kill -9 of the process that writes three sessions together", () => {
  /** Those up to the move of the head: after it all three count. */
  const stepsBeforeHead = 9;
  const stepsTogether = 16;

  it.each(Array.from({ length: stepsTogether }, (_, index) => index + 1))(
    "at step %i: all three are recorded or none, and the chain is whole",
    { timeout: 60_000 },
    async (step) => {
      await using log = await temporaryLog();
      await (await log.open()).append(sessionOf({ sid: sidOf(1) }));
      expect(await runChild(log.directory, "2", "3", String(step), "together")).toBe("SIGKILL");
      expect((await readSessionLog(log.files).verify()).problems).toEqual([]);
      const isRecorded = step > stepsBeforeHead;
      const reopened = await log.open();
      expect(await reopened.verify()).toEqual({ sound: isRecorded ? 4 : 1, problems: [] });
      await reopened.append(sessionOf({ sid: sidOf(9) }));
      expect(await reopened.verify()).toEqual({ sound: isRecorded ? 5 : 2, problems: [] });
      expect((await reopened.list({})).sessions).toHaveLength(isRecorded ? 5 : 2);
      expect(await leftovers(log)).toEqual([]);
    },
  );

  it("there is no step that is not tested", async () => {
    await using log = await temporaryLog();
    await (await log.open()).append(sessionOf({ sid: sidOf(1) }));
    expect(await runChild(log.directory, "2", "3", String(stepsTogether + 1), "together")).toBe(0);
    expect(await (await log.open()).verify()).toEqual({ sound: 4, problems: [] });
  });

  it("a power cut that kept only some of the moves loses nothing", async () => {
    await using log = await temporaryLog();
    const sessions = await log.open();
    const files = await sessions.appendAll([1, 2, 3, 4].map((number) => sessionOf({ sid: sidOf(number) })));
    for (const number of [1, 3]) await rename(log.path(files[number] ?? ""), log.path(`.pending/${sidOf(number + 1)}.yaml`));
    await log.write(`.pending/${sidOf(8)}.yaml`, "half a");
    const reopened = await log.open();
    expect(await reopened.verify()).toEqual({ sound: 4, problems: [] });
    expect(await leftovers(log)).toEqual([]);
  });
});

describe("the journal of an apply", () => {
  const running = applyOf({
    sid: sidOf(5),
    status: "failed",
    message: "running",
    databases: { "": "applied", analytics: "in-doubt", app: "not-run" },
  });

  it("becomes a failed session when its process has died, with the databases as they were", async () => {
    await using log = await temporaryLog();
    const { witness } = inputFor(log.directory);
    const dead = { ...witness, self: { ...witness.self, pid: 999_999_999 } };
    await (await log.open({ witness: dead })).begin(running);
    const reopened = await log.open();
    expect(reopened.recovered.interrupted).toEqual([`2026/11/21/${sidOf(5)}.yaml`]);
    const found = await reopened.find(sidOf(5));
    expect(found !== null && "session" in found && found.session).toMatchObject({
      status: "failed",
      message: "interrupted: the process that ran this apply died; plan again, and apply that",
      databases: { "": "applied", analytics: "in-doubt", app: "not-run" },
    });
    expect((await log.open()).recovered.interrupted).toEqual([]);
    expect(await reopened.verify()).toEqual({ sound: 1, problems: [] });
  });

  it("says what was last written to it", async () => {
    await using log = await temporaryLog();
    const { witness } = inputFor(log.directory);
    const dying = await log.open({ witness: { ...witness, self: { ...witness.self, pid: 999_999_999 } } });
    await dying.begin(running);
    await dying.begin({ ...running, databases: { "": "applied", analytics: "applied", app: "in-doubt" } });
    const found = await (await log.open()).find(sidOf(5));
    expect(found !== null && "session" in found && found.session.databases).toEqual({
      "": "applied",
      analytics: "applied",
      app: "in-doubt",
    });
  });

  it("stays while its process lives, and goes when its session is appended", async () => {
    await using log = await temporaryLog();
    const sessions = await log.open();
    await sessions.begin(running);
    expect((await log.open()).recovered.interrupted).toEqual([]);
    expect(await readdir(log.path(".running"))).toEqual([`${sidOf(5)}.yaml`]);
    await sessions.append(applyOf({ sid: sidOf(5) }));
    expect(await readdir(log.path(".running"))).toEqual([]);
    expect(await sessions.verify()).toEqual({ sound: 1, problems: [] });
  });

  it("of another machine is left alone for a day", async () => {
    await using log = await temporaryLog();
    const { witness } = inputFor(log.directory);
    await (await log.open({ witness: { ...witness, self: { ...witness.self, host: "elsewhere" } } })).begin(running);
    expect((await log.open()).recovered.interrupted).toEqual([]);
    const tomorrow = await log.open({ witness: { ...witness, now: () => new Date(Date.now() + 25 * 3_600_000) } });
    expect(tomorrow.recovered.interrupted).toHaveLength(1);
  });

  it("that cannot be read is reported and stays", async () => {
    await using log = await temporaryLog();
    await mkdir(log.path(".running"));
    await log.write(`.running/${sidOf(5)}.yaml`, "half a");
    const sessions = await log.open();
    expect(sessions.recovered).toEqual({ interrupted: [], unreadable: [`.running/${sidOf(5)}.yaml`] });
    await sessions.append(applyOf());
    expect(await readdir(log.path(".running"))).toEqual([`${sidOf(5)}.yaml`]);
  });

  it("is recorded once when several processes open the log at the same time", async () => {
    await using log = await temporaryLog();
    const { witness } = inputFor(log.directory);
    await (await log.open({ witness: { ...witness, self: { ...witness.self, pid: 999_999_999 } } })).begin(running);
    const logs = await Promise.all(Array.from({ length: 5 }, () => log.open()));
    expect(logs.flatMap(({ recovered }) => recovered.interrupted)).toHaveLength(1);
    expect(await logs[0]?.verify()).toEqual({ sound: 1, problems: [] });
  });
});

describe("processes that write at once", () => {
  it("two that append 200 sessions each make one whole chain", { timeout: 120_000 }, async () => {
    await using log = await temporaryLog();
    const exits = await Promise.all([runChild(log.directory, "1000", "200"), runChild(log.directory, "2000", "200")]);
    expect(exits).toEqual([0, 0]);
    expect(await (await log.open()).verify()).toEqual({ sound: 400, problems: [] });
    expect(await leftovers(log)).toEqual([]);
  });
});
