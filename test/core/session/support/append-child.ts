// A process that writes to a session log: `append-child.ts <directory> <first number> <count> [<step at which it kills itself> [half | together]]`.
// With a step, the log's files are wrapped so that the process dies by SIGKILL there; with `half`, in the middle of a write. With
// `together`, plans are appended all at once, instead of applies one by one, each with its journal.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openLogFiles, type LogFiles } from "../../../../src/io/log-files.ts";
import type { Session } from "../../../../src/model/session.ts";
import { openSessionLog } from "../../../../src/session/store.ts";
import { inputFor } from "./log.ts";
import { applyOf, sessionOf, sidOf } from "./sessions.ts";

const [directory = "", first = "1", count = "1", killAt = "", how = ""] = process.argv.slice(2);

async function die(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => undefined);
}

/** Dies instead of taking step number `killAt`; steps are the calls that change something. */
function mortal(files: LogFiles): LogFiles {
  let step = 0;
  const before = async (path: string, text?: string): Promise<void> => {
    step += 1;
    if (step !== Number(killAt)) return;
    if (how === "half" && text !== undefined) await writeFile(join(directory, path), text.slice(0, text.length / 2));
    await die();
  };
  return {
    ...files,
    ensureFolder: (folder) => before(folder).then(() => files.ensureFolder(folder)),
    create: (path) => before(path).then(() => files.create(path)),
    write: (path, text) => before(path, text).then(() => files.write(path, text)),
    rename: (from, to) => before(to).then(() => files.rename(from, to)),
    renameAll: async (moves) => {
      for (const { from, to } of moves) {
        await before(to);
        await files.rename(from, to);
      }
    },
    remove: (path) => before(path).then(() => files.remove(path)),
  };
}

const files = openLogFiles({ path: directory, within: null });
const log = await openSessionLog(inputFor(directory, { files: killAt === "" ? files : mortal(files) }));
const numbers = Array.from({ length: Number(count) }, (_, index) => Number(first) + index);
if (how === "together") await log.appendAll(numbers.map((number) => sessionOf({ sid: sidOf(number) })));
else for (const number of numbers) await appendApply(applyOf({ sid: sidOf(number) }));

async function appendApply(session: Session): Promise<void> {
  if (killAt !== "")
    await log.begin({
      ...session,
      status: "failed",
      message: "running",
      databases: { "": "applied", analytics: "in-doubt", app: "not-run" },
    });
  await log.append(session);
}
