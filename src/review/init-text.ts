// What `init` has written, and what it has left alone.
import type { Line } from "../model/display.ts";
import { renderTable, type Cell } from "./table.ts";

export type InitResult =
  | { readonly path: string; readonly result: "written" | "rewritten" | "unchanged" }
  /** `isOurs`: init wrote it once, and `--force` would again. */
  | { readonly path: string; readonly result: "kept"; readonly isOurs: boolean };

const styles = { written: "green", rewritten: "green", unchanged: "dim", kept: "yellow" } as const;

/** What Git has of the folder that init wrote to. */
export type InitGit = "no repository" | "no remote" | "remote";

/** How the files get onto their host, and what comes then. @param input.readme with the steps, from the root. */
export function renderNext(input: {
  readonly root: string;
  readonly git: InitGit;
  /** `owner/name`; `null` where nobody knows it yet. */
  readonly repository: string | null;
  readonly defaultBranch: string;
  readonly readme: string;
}): readonly string[] {
  const { root, git, repository, defaultBranch, readme } = input;
  const commit = "git add . && git commit -m 'Access to our databases'";
  const create = `gh repo create ${repository ?? "OWNER/NAME"} --private --source . --push   # or: git remote add origin ADDRESS && git push -u origin ${defaultBranch}`;
  const commands = {
    "no repository": [`git init -b ${defaultBranch} && ${commit}`, create],
    "no remote": [commit, create],
    remote: [`${commit} && git push -u origin HEAD`],
  }[git];
  return [`next, in ${root}:`, ...commands.map((command) => `  ${command}`), `then the ten steps in ${readme}, and rolewright doctor`];
}

export function renderInit({ root, results }: { readonly root: string; readonly results: readonly InitResult[] }): readonly Line[] {
  const rows = results.map((entry): readonly Cell[] => [{ text: entry.result, style: styles[entry.result] }, entry.path, remark(entry)]);
  return [`in ${root}:`, ...renderTable({ columns: [{ header: "" }, { header: "file" }, { header: "" }], rows, width: null })];
}

function remark(entry: InitResult): string {
  if (entry.result !== "kept") return "";
  return entry.isOurs ? "it is there and differs; --force writes it again" : "it is there, and stays";
}
