import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../../../src/credentials/redactor.ts";
import { relink } from "../../../src/session/chain.ts";
import { applyOf, sessionOf, sidOf } from "./support/sessions.ts";
import { fill, inputFor, sha256, temporaryLog } from "./support/log.ts";

describe("appending", () => {
  it("writes one file per session in the folder of its UTC day", async () => {
    await using log = await temporaryLog();
    const file = await (await log.open()).append(sessionOf({ started_at: "2026-01-02T23:59:59.999Z" }));
    expect(file).toBe(`2026/01/02/${sidOf(1)}.yaml`);
    expect(await log.read(file)).toContain(`sid: ${sidOf(1)}\n`);
  });

  it("makes each file name the SHA-256 of the one before it, and the head the last", async () => {
    await using log = await temporaryLog();
    const [first = "", second = "", third = ""] = await fill(await log.open(), 3);
    expect(await log.read(first)).toMatch(/\nprevious: "" # the first session\n$/u);
    expect(await log.read(second)).toContain(`\nprevious: sha256:${sha256(await log.read(first))} # session 1, ${first}\n`);
    expect(await log.read("head.yaml")).toContain(`file: ${third}\nsha256: ${sha256(await log.read(third))}\ncount: 3\n`);
    expect((await readdir(log.directory)).toSorted()).toEqual([".lock", ".pending", "2026", "head.yaml"]);
    expect(await readdir(log.path(".lock"))).toEqual([]);
    expect(await readdir(log.path(".pending"))).toEqual([]);
  });

  it("keeps one chain when many are appended at once, also through two logs of one process", async () => {
    await using log = await temporaryLog();
    const [one, two] = [await log.open(), await log.open()];
    await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? one : two).append(sessionOf({ sid: sidOf(index) }))));
    expect(await one.verify()).toEqual({ sound: 40, problems: [] });
  });

  it("puts many into the chain in their order, more than go in together", async () => {
    await using log = await temporaryLog();
    const sessions = await log.open();
    const files = await sessions.appendAll(Array.from({ length: 150 }, (_, index) => sessionOf({ sid: sidOf(index) })));
    expect(files).toEqual(Array.from({ length: 150 }, (_, index) => `2026/11/21/${sidOf(index)}.yaml`));
    expect(await log.read(files[149] ?? "")).toContain(`# session 149, ${files[148]}\n`);
    expect(await sessions.verify()).toEqual({ sound: 150, problems: [] });
    expect(await sessions.appendAll([])).toEqual([]);
  });

  it("writes none of those that go in together where one is recorded already or comes twice", async () => {
    await using log = await temporaryLog();
    const sessions = await log.open();
    await sessions.append(sessionOf());
    const other = sessionOf({ sid: sidOf(7) });
    await expect(sessions.appendAll([other, sessionOf()])).rejects.toThrow("recorded already");
    await expect(sessions.appendAll([other, other])).rejects.toThrow("recorded already");
    expect(await sessions.verify()).toEqual({ sound: 1, problems: [] });
  });

  it("refuses a sid that is recorded already", async () => {
    await using log = await temporaryLog();
    const sessions = await log.open();
    await sessions.append(sessionOf());
    await expect(sessions.append(sessionOf())).rejects.toThrow("recorded already");
    expect(await sessions.verify()).toEqual({ sound: 1, problems: [] });
  });

  it.each([
    "../../../../etc/passwd",
    "986E35CE-F3FC-4F79-B136-512EADA7B850",
    "",
    "986e35ce-f3fc-4f79-b136-512eada7b850/x",
    "986e35ce-f3fc-4f79-b136-512eada7b850\n",
  ])("lets no sid but a UUID become a path: %j", async (sid) => {
    await using log = await temporaryLog();
    const sessions = await log.open();
    await expect(sessions.append(sessionOf({ sid }))).rejects.toThrow("is not a session id");
    await expect(sessions.begin(sessionOf({ sid }))).rejects.toThrow("is not a session id");
    await expect(sessions.find(sid)).rejects.toThrow("is not a session id");
    expect(await readdir(log.directory)).toEqual([]);
  });

  it.each(["2026/../../x", "2026-11-21", "2026-13-45T00:00:00Z", "2026-11-21T10:00:00+02:00"])(
    "refuses the start %j, which would become a path",
    async (started_at) => {
      await using log = await temporaryLog();
      await expect((await log.open()).append(sessionOf({ started_at }))).rejects.toThrow("the session starts at");
    },
  );

  it.each(["2026", "2026/11", "2026/11/21", ".pending", ".lock"])("does not follow a symbolic link at %s", async (folder) => {
    await using log = await temporaryLog();
    const outside = await mkdtemp(join(tmpdir(), "rolewright-outside-"));
    await mkdir(log.path(join(folder, "..")), { recursive: true });
    await symlink(outside, log.path(folder));
    const appended = log.open().then((sessions) => sessions.append(sessionOf()));
    await expect(appended).rejects.toThrow("symbolic link");
    expect(await readdir(outside)).toEqual([]);
  });

  it("continues the chain where the head file is lost", async () => {
    await using log = await temporaryLog();
    const sessions = await log.open();
    await fill(sessions, 3);
    await log.write("head.yaml", "nonsense");
    await sessions.append(sessionOf({ sid: sidOf(4) }));
    expect(await sessions.verify()).toMatchObject({ sound: 4, problems: [{ kind: "head-lost" }] });
  });

  it("never hides that a head was lost, since the last sessions may have gone with it", async () => {
    await using log = await temporaryLog();
    const sessions = await log.open();
    const files = await fill(sessions, 3);
    await rm(log.path("head.yaml"));
    await rm(log.path(files[2] ?? ""));
    expect((await sessions.verify()).problems).toMatchObject([{ kind: "lost", file: "head.yaml" }]);
    const fourth = await sessions.append(sessionOf({ sid: sidOf(4) }));
    await sessions.append(sessionOf({ sid: sidOf(5) }));
    const message = "head.yaml was lost before session 3 was written: sessions after session 2 may have gone with it";
    expect(await sessions.verify()).toEqual({ sound: 4, problems: [{ kind: "head-lost", file: fourth, message }] });
    expect(relink(await log.read(fourth), { number: 7, file: files[0] ?? "", sha256: "a".repeat(64) })).toContain("(head.yaml was lost)\n");
    expect(await log.read(fourth)).toMatch(/# session 2, \S+ \(head\.yaml was lost\)\n$/u);
  });
});

describe("secrets", () => {
  const canary = "c4nary'\\\n\"secret";

  it("F73 writes no secret, wherever in a session it stands", async () => {
    await using log = await temporaryLog();
    const redactor = createRedactor();
    redactor.add(canary);
    const sessions = await log.open({ redact: redactor.redact });
    const scope = {
      bulk_privileges: [canary],
      table_count: 1,
      status: "in-sync" as const,
      exceptions: { missing: { [canary]: [canary] }, extra: {} },
    };
    const session = applyOf({
      config: { ...sessionOf().config, source_role: canary, scopes: [canary] },
      current_state: {
        ...sessionOf().current_state,
        attributes: { comment: canary },
        memberships: [canary],
        scope_states: { [canary]: scope },
      },
      sql_plan: `ALTER ROLE x PASSWORD '${canary}';`,
      command_output: "x".repeat(65_530) + canary,
      message: canary,
      actor: canary,
      run_url: `https://host/?t=${encodeURIComponent(canary)}`,
      statements: [{ sql: canary.replaceAll("'", "''"), database: canary, outcome: "applied", duration_ms: 1 }],
      databases: { [canary]: "applied" },
      effective: [canary],
      hazards: [{ code: "rotates-password", message: canary }],
      observed: [canary],
    });
    await sessions.begin(session);
    const journal = await log.read(`.running/${session.sid}.yaml`);
    const text = await log.read(await sessions.append(session));
    for (const written of [journal, text]) {
      expect(written).not.toContain("c4nary");
      expect(written).toContain("[redacted]");
    }
  });
});

describe("the lock", () => {
  it("names the process that holds the log for too long", async () => {
    await using log = await temporaryLog();
    const sessions = await log.open({ lockTimeoutMs: 50 });
    await mkdir(log.path(".lock"));
    await log.write(".lock/1.abc.here", "");
    await expect(sessions.append(sessionOf())).rejects.toThrow("held by process 1 on here");
  });

  it("takes over from a dead process, from an older process with its own pid, and from another machine after a while", async () => {
    await using log = await temporaryLog();
    await mkdir(log.path(".lock"));
    for (const name of [`999999999.abc.here`, `${process.pid}.older.here`, "1.abc.elsewhere"]) await log.write(`.lock/${name}`, "");
    const later = () => new Date(Date.now() + 11 * 60_000);
    const { witness } = inputFor(log.directory);
    const sessions = await log.open({ lockTimeoutMs: 50, witness: { ...witness, now: later } });
    await sessions.append(sessionOf());
    expect(await readdir(log.path(".lock"))).toEqual([]);
  });

  it("waits for another machine that has only just taken it", async () => {
    await using log = await temporaryLog();
    await mkdir(log.path(".lock"));
    await log.write(".lock/1.abc.elsewhere", "");
    await expect((await log.open({ lockTimeoutMs: 50 })).append(sessionOf())).rejects.toThrow("on elsewhere");
  });
});
