import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { openLogFiles } from "../../../src/io/log-files.ts";
import { emptyChain, formatHead, parseHead, type ChainEnd } from "../../../src/session/chain.ts";
import { chainPlaces, graft } from "../../../src/session/graft.ts";
import { sessionOf, sidOf } from "./support/sessions.ts";
import { fill, temporaryLog } from "./support/log.ts";

/** Writes what was grafted below a folder, as a branch would hold it. */
async function writeGrafted(source: string, target: string, onto: ChainEnd): Promise<ChainEnd> {
  const files = openLogFiles({ path: source, within: null });
  let end = onto;
  for await (const grafted of graft(files, await chainPlaces(files), onto)) {
    ({ end } = grafted);
    await mkdir(dirname(join(target, end.file)), { recursive: true });
    await writeFile(join(target, end.file), grafted.text);
  }
  if (end !== onto) await writeFile(join(target, "head.yaml"), formatHead(end));
  return end;
}

it("F74 makes one whole chain of the logs of several runs, in their order", async () => {
  await using first = await temporaryLog();
  await using second = await temporaryLog();
  await using whole = await temporaryLog();
  const texts = ['a\nprevious: "" # the first session\n', "trailing \n\n", "previous: x"];
  await fill(await first.open(), 3);
  const log = await second.open();
  for (const [index, message] of texts.entries()) await log.append(sessionOf({ sid: sidOf(10 + index), message, command_output: message }));
  const middle = await writeGrafted(first.directory, whole.directory, emptyChain);
  expect(await readFile(join(whole.directory, "head.yaml"), "utf8")).toBe(await first.read("head.yaml"));
  const end = await writeGrafted(second.directory, whole.directory, middle);
  expect(end.number).toBe(6);
  const grafted = await whole.open();
  expect(await grafted.verify()).toEqual({ sound: 6, problems: [] });
  for (const [index, message] of texts.entries())
    expect(await grafted.find(sidOf(10 + index))).toMatchObject({ session: { message, command_output: message } });
  // The store goes on where the graft has ended.
  await grafted.append(sessionOf({ sid: sidOf(20) }));
  expect(await grafted.verify()).toEqual({ sound: 7, problems: [] });
});

it("writes byte for byte what the store would have written", async () => {
  await using one = await temporaryLog();
  await using other = await temporaryLog();
  const sessions = Array.from({ length: 4 }, (_, index) => sessionOf({ sid: sidOf(index + 1) }));
  await (await one.open()).appendAll(sessions);
  await using tail = await temporaryLog();
  await (await tail.open()).appendAll(sessions.slice(2));
  await (await other.open()).appendAll(sessions.slice(0, 2));
  const onto = parseHead(await other.read("head.yaml")) ?? emptyChain;
  await writeGrafted(tail.directory, other.directory, onto);
  for (const file of ["head.yaml", ...sessions.map(({ sid }) => `2026/11/21/${sid}.yaml`)])
    expect(await other.read(file)).toBe(await one.read(file));
});

it("passes on no session that somebody has changed, and none where there is no log", async () => {
  await using log = await temporaryLog();
  expect(await chainPlaces(openLogFiles({ path: log.path("missing"), within: null }))).toEqual([]);
  const [, second = ""] = await fill(await log.open(), 3);
  await writeFile(log.path(second), `# ${await log.read(second)}`);
  await expect(chainPlaces(openLogFiles({ path: log.directory, within: null }))).rejects.toThrow("is not what was recorded");
});
