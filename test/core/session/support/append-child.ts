// A process that writes to a session log: `append-child.ts <directory> <first number> <count> [<step at which it kills itself> [<half>]]`.
// With a step, the log's files are wrapped so that the process dies by SIGKILL there; with `half`, in the middle of a write.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openLogFiles, type LogFiles } from "../../../../src/io/log-files.ts";
import { openSessionLog } from "../../../../src/session/store.ts";
import { inputFor } from "./log.ts";
import { applyOf, sidOf } from "./sessions.ts";

const [directory = "", first = "1", count = "1", killAt = "", half = ""] = process.argv.slice(2);

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
    if (half !== "" && text !== undefined) await writeFile(join(directory, path), text.slice(0, text.length / 2));
    await die();
  };
  return {
    ...files,
    ensureFolder: (folder) => before(folder).then(() => files.ensureFolder(folder)),
    create: (path) => before(path).then(() => files.create(path)),
    write: (path, text) => before(path, text).then(() => files.write(path, text)),
    rename: (from, to) => before(to).then(() => files.rename(from, to)),
    remove: (path) => before(path).then(() => files.remove(path)),
  };
}

const files = openLogFiles(directory);
const log = await openSessionLog(inputFor(directory, { files: killAt === "" ? files : mortal(files) }));
for (let number = Number(first); number < Number(first) + Number(count); number += 1) {
  const session = applyOf({ sid: sidOf(number) });
  if (killAt !== "")
    await log.begin({
      ...session,
      status: "failed",
      message: "running",
      databases: { "": "applied", analytics: "in-doubt", app: "not-run" },
    });
  await log.append(session);
}
