import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { dirname } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogFiles } from "../../../src/io/log-files.ts";
import type { ChainEnd } from "../../../src/session/chain.ts";
import { readSessionLog } from "../../../src/session/read.ts";
import { verifyChain, type ChainFile } from "../../../src/session/verify-chain.ts";
import { fill, temporaryLog, type TemporaryLog } from "./support/log.ts";
import { sessionOf, sidOf } from "./support/sessions.ts";

/** What verify says after six sessions were written and then tampered with: kind and number of the session, or file. */
async function check(tamper: (log: TemporaryLog, files: readonly string[]) => Promise<void>): Promise<string[]> {
  await using log = await temporaryLog();
  const sessions = await log.open();
  const files = await fill(sessions, 6);
  expect(await sessions.verify()).toEqual({ sound: 6, problems: [] });
  await tamper(log, files);
  const { problems, sound } = await sessions.verify();
  return [
    `${sound} sound`,
    ...problems.map(
      ({ kind, file, message }) =>
        `${kind} ${files.includes(file) ? files.indexOf(file) + 1 : file}: ${message.replace(/[0-9a-f]{64}.*/u, "…").slice(0, 46)}`,
    ),
  ];
}

async function edit(log: TemporaryLog, file = ""): Promise<void> {
  await log.write(file, (await log.read(file)).replace("actor: maria", "actor: marla"));
}

describe("verify says what was done to the log", () => {
  it("an edited byte in the middle", async () => {
    expect(await check((log, files) => edit(log, files[2]))).toEqual([
      "5 sound",
      "changed 3: session 3 has been changed: session 4 names …",
    ]);
  });

  it("an edited byte in the first", async () => {
    expect(await check((log, files) => edit(log, files[0]))).toEqual([
      "5 sound",
      "changed 1: session 1 has been changed: session 2 names …",
    ]);
  });

  it("an edited byte in the last", async () => {
    expect(await check((log, files) => edit(log, files[5]))).toEqual([
      "5 sound",
      "changed 6: session 6 has been changed: the head file name",
    ]);
  });

  it("several edited at once", async () => {
    const found = await check(async (log, files) => {
      await edit(log, files[1]);
      await edit(log, files[2]);
      await edit(log, files[4]);
    });
    expect(found.map((line) => line.slice(0, 9))).toEqual(["3 sound", "changed 5", "changed 3", "changed 2"]);
  });

  it("one removed from the middle", async () => {
    expect(await check((log, files) => rm(log.path(files[2] ?? "")))).toEqual([
      "5 sound",
      "lost 3: session 3 is missing: session 4 names it",
    ]);
  });

  it("the first removed", async () => {
    expect(await check((log, files) => rm(log.path(files[0] ?? "")))).toEqual([
      "5 sound",
      "lost 1: session 1 is missing: session 2 names it",
    ]);
  });

  it("three in a row removed", async () => {
    const found = await check(async (log, files) => {
      for (const file of files.slice(1, 4)) await rm(log.path(file));
    });
    expect(found).toEqual([
      "3 sound",
      "lost 4: session 4 is missing: session 5 names it",
      "lost : sessions 2 to 3 are missing, and so is the ses",
    ]);
  });

  it("the tail removed", async () => {
    expect(await check((log, files) => rm(log.path(files[5] ?? "")))).toEqual([
      "5 sound",
      "lost 6: session 6 is missing: the head file names it",
    ]);
  });

  it("the tail removed, and a session written after it", async () => {
    const found = await check(async (log, files) => {
      await rm(log.path(files[5] ?? ""));
      await (await log.open()).append(sessionOf({ sid: sidOf(7) }));
    });
    expect(found).toEqual(["6 sound", "lost 6: session 6 is missing: session 7 names it"]);
  });

  it("a file added that nobody names", async () => {
    const found = await check(async (log, files) => {
      await log.write(`2026/11/11/${sidOf(99)}.yaml`, (await log.read(files[2] ?? "")).replace("actor: maria", "actor: eve"));
    });
    expect(found).toEqual(["6 sound", `added 2026/11/11/${sidOf(99)}.yaml: no session names it; it claims to be session 3`]);
  });

  it("a copy of a session, a foreign file, and a file without a link", async () => {
    const found = await check(async (log, files) => {
      await log.write(`2026/11/11/${sidOf(98)}.yaml`, await log.read(files[2] ?? ""));
      await log.write(`2026/11/11/${sidOf(97)}.yaml`, "hello\n");
      await log.write("2026/11/11/notes.txt", "hello\n");
    });
    expect(found.toSorted()).toEqual([
      "6 sound",
      `added 2026/11/11/${sidOf(98)}.yaml: no session names it; it claims to be session 3`,
      "added 2026/11/11/notes.txt: it is not named like a session file",
      `unreadable 2026/11/11/${sidOf(97)}.yaml: it does not end with a link, and no session na`,
    ]);
  });

  it("two swapped", async () => {
    const found = await check(async (log, [, second = "", third = "", , fifth = ""]) => {
      const [a, b] = [await log.read(second), await log.read(fifth)];
      await log.write(second, b);
      await log.write(fifth, a);
      expect(third).not.toBe("");
    });
    expect(found).toEqual([
      "4 sound",
      "changed 5: session 5 has been changed: what it held stand",
      "changed 2: session 2 has been changed: what it held stand",
    ]);
  });

  it("one moved to another day", async () => {
    const moved = `2026/12/01/${sidOf(3)}.yaml`;
    const found = await check(async (log, files) => {
      await mkdir(log.path(dirname(moved)), { recursive: true });
      await rename(log.path(files[2] ?? ""), log.path(moved));
    });
    expect(found).toEqual(["5 sound", "lost 3: session 3 is missing here: what it held stands"]);
  });

  it("the head file removed", async () => {
    expect(await check((log) => rm(log.path("head.yaml")))).toEqual([
      "6 sound",
      "lost head.yaml: the head file is missing or unreadable, so tha",
    ]);
  });

  it("the head set back, which makes the tail look added", async () => {
    const found = await check(async (log, files) => {
      const text = await log.read("head.yaml");
      const link = /previous: sha256:(\S+) # session 5/u.exec(await log.read(files[5] ?? ""))?.[1] ?? "";
      await log.write(
        "head.yaml",
        text
          .replace(/file: .*/u, `file: ${files[4]}`)
          .replace(/sha256: .*/u, `sha256: ${link}`)
          .replace("count: 6", "count: 5"),
      );
    });
    expect(found).toEqual(["5 sound", "added 6: no session names it; it claims to be session 6"]);
  });

  it("a file that cannot be read, without giving up on the others", async () => {
    await using log = await temporaryLog();
    const [, second = ""] = await fill(await log.open(), 3);
    const scan: LogFiles["scan"] = (path, tailBytes) =>
      path === second ? Promise.reject(new Error("EACCES: permission denied")) : log.files.scan(path, tailBytes);
    const { problems, sound } = await readSessionLog({ ...log.files, scan }).verify();
    expect({ sound, first: problems[0] }).toEqual({
      sound: 2,
      first: { kind: "unreadable", file: second, message: "EACCES: permission denied" },
    });
  });

  it("a symbolic link in the place of a session or of a folder", async () => {
    const found = await check(async (log, files) => {
      const file = log.path(files[2] ?? "");
      await rename(file, log.path("outside.yaml"));
      await symlink(log.path("outside.yaml"), file);
      await symlink("/", log.path("2027"));
    });
    expect(found).toEqual([
      "5 sound",
      "unreadable 2027: it is a symbolic link, which is not followed",
      "unreadable 3: it is a symbolic link, which is not followed",
      "lost 3: session 3 is missing: session 4 names it",
    ]);
  });
});

describe("verify on any set of files", () => {
  const place: fc.Arbitrary<ChainEnd> = fc.record({
    number: fc.nat({ max: 6 }),
    file: fc.constantFrom("a", "b", "c", "d"),
    sha256: fc.constantFrom("1", "2", "3", "4"),
  });
  const file: fc.Arbitrary<ChainFile> = fc.record({ sha256: fc.constantFrom("1", "2", "3", "4"), link: fc.option(place) });

  it("ends, and accounts for every file: sound or named in a problem", () => {
    fc.assert(
      fc.property(fc.option(place), fc.dictionary(fc.constantFrom("a", "b", "c", "d"), file), (head, entries) => {
        const files = new Map(Object.entries(entries));
        const { sound, problems } = verifyChain({ head, files });
        const named = new Set(problems.map((problem) => problem.file).filter((name) => files.has(name)));
        expect(sound + named.size).toBeGreaterThanOrEqual(
          files.size - problems.filter(({ message }) => message.includes("stands in")).length,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
