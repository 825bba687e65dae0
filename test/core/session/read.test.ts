import { rename, symlink } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { LogFiles } from "../../../src/io/log-files.ts";
import type { SessionFilter } from "../../../src/session/read.ts";
import { readSessionLog } from "../../../src/session/read.ts";
import { temporaryLog, type TemporaryLog } from "./support/log.ts";
import { applyOf, sessionOf, sidOf } from "./support/sessions.ts";

async function sample(): Promise<TemporaryLog> {
  const log = await temporaryLog();
  const sessions = await log.open();
  await sessions.append(sessionOf({ sid: sidOf(1), started_at: "2025-12-31T23:59:00.000Z" }));
  await sessions.append(sessionOf({ sid: sidOf(2), started_at: "2026-11-20T10:00:00.000Z", label: "rw", status: "in-sync" }));
  await sessions.append(applyOf({ sid: sidOf(3), started_at: "2026-11-21T09:00:00.000Z" }));
  await sessions.append(
    applyOf({ sid: sidOf(4), started_at: "2026-11-21T12:00:00.000Z", resource_name: "marketplace", status: "refused" }),
  );
  return log;
}

async function numbers(filter: SessionFilter): Promise<number[]> {
  await using log = await sample();
  const { sessions } = await readSessionLog(log.files).list(filter);
  return sessions.map(({ sid }) => Number.parseInt(sid.slice(-12), 16));
}

describe("listing sessions", () => {
  it.each<[SessionFilter, number[]]>([
    [{}, [4, 3, 2, 1]],
    [{ limit: 2 }, [4, 3]],
    [{ resource: "analytics" }, [3, 2, 1]],
    [{ role: "rw" }, [2]],
    [{ role: "hoopdev_analytics_ro_6075a443", kind: "plan" }, [2, 1]],
    [{ kind: "apply" }, [4, 3]],
    [{ status: "refused" }, [4]],
    [{ since: "2026-11-21T10:00:00Z" }, [4]],
    [{ until: "2026-11-20T10:00:00Z" }, [2, 1]],
    [{ since: "2026-01-01T00:00:00Z", until: "2026-11-21T09:00:00Z" }, [3, 2]],
    [{ since: "2027-01-01T00:00:00Z" }, []],
  ])("with %j, newest first", async (filter, expected) => {
    expect(await numbers(filter)).toEqual(expected);
  });

  it("reads only the folders of days that can match", async () => {
    await using log = await sample();
    const listed: string[] = [];
    const files: LogFiles = { ...log.files, list: (folder) => (listed.push(folder), log.files.list(folder)) };
    await readSessionLog(files).list({ since: "2026-11-21T00:00:00Z" });
    expect(listed.splice(0)).toEqual(["", "2026", "2026/11", "2026/11/21"]);
    await readSessionLog(files).list({ until: "2026-10-01T00:00:00Z" });
    expect(listed).toEqual(["", "2026", "2025", "2025/12", "2025/12/31"]);
  });

  it.each(["2026", "2026/11", "2026/11/21"])(
    "is refused where %s is a symbolic link, which would hide what is behind it",
    async (folder) => {
      await using log = await sample();
      await rename(log.path(folder), log.path("moved"));
      await symlink(log.path("moved"), log.path(folder));
      const reader = readSessionLog(log.files);
      const words = `${folder} in the session log is a symbolic link, which is not followed: replace it by a folder`;
      await expect(reader.list({})).rejects.toThrow(words);
      await expect(reader.find(sidOf(1))).rejects.toThrow(words);
      expect((await reader.verify()).problems).toContainEqual(expect.objectContaining({ kind: "unreadable", file: folder }));
    },
  );

  it("says of a session that is a symbolic link that it is not followed", async () => {
    await using log = await sample();
    const file = log.path(`2026/11/21/${sidOf(4)}.yaml`);
    await rename(file, log.path("moved.yaml"));
    await symlink(log.path("moved.yaml"), file);
    const { sessions, diagnostics } = await readSessionLog(log.files).list({});
    expect([sessions.length, diagnostics.map(({ message }) => message)]).toEqual([
      3,
      [expect.stringMatching(/cannot be read: .*\.yaml is a symbolic link, which is not followed$/u)],
    ]);
    expect(await readSessionLog(log.files).find(sidOf(4))).toHaveProperty("diagnostics");
  });

  it("reads no further than the limit", async () => {
    await using log = await sample();
    const read: string[] = [];
    const files: LogFiles = { ...log.files, read: (path, maximum) => (read.push(path), log.files.read(path, maximum)) };
    await readSessionLog(files).list({ limit: 1 });
    expect(read.every((path) => path.startsWith("2026/11/21/"))).toBe(true);
  });

  it("reports a file that it cannot read and lists the others", async () => {
    await using log = await sample();
    await log.write(`2026/11/20/${sidOf(2)}.yaml`, "kind: [");
    const { sessions, diagnostics } = await readSessionLog(log.files).list({});
    expect(sessions).toHaveLength(3);
    expect(diagnostics[0]?.at?.file).toBe(`2026/11/20/${sidOf(2)}.yaml`);
  });

  it("finds a session by its id, and none where there is none", async () => {
    await using log = await sample();
    const found = await readSessionLog(log.files).find(sidOf(1));
    expect(found !== null && "session" in found && found.file).toBe(`2025/12/31/${sidOf(1)}.yaml`);
    expect(await readSessionLog(log.files).find(sidOf(77))).toBeNull();
  });

  it("finds nothing, and nothing wrong, where there is no log", async () => {
    await using log = await temporaryLog();
    const reader = readSessionLog({ ...log.files });
    expect(await reader.list({})).toEqual({ sessions: [], diagnostics: [] });
    expect(await reader.verify()).toEqual({ sound: 0, problems: [] });
  });
});
