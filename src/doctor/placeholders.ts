// What `rolewright init` could not know and nobody has filled in yet.
import { isPlaceholderUse, placeholderOwner } from "../model/action-pin.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { TextFile } from "./workflow.ts";

/** @param files workflows and CODEOWNERS. @returns a warning for each place: GitHub fails over the first and silently ignores the second. */
export function findPlaceholders(files: readonly TextFile[]): readonly Diagnostic[] {
  return files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) => {
      const found = placeholderIn(line);
      if (found === null) return [];
      return [{ severity: "warning" as const, ...found.problem, at: { file: path, line: index + 1, column: found.column } }];
    }),
  );
}

type Found = { readonly column: number; readonly problem: Pick<Diagnostic, "code" | "message"> & { readonly hint: string } };

function placeholderIn(line: string): Found | null {
  const [, before = "", uses = ""] = /^(\s*(?:-\s+)?uses:\s*)(\S+)/u.exec(line) ?? [];
  if (uses !== "" && isPlaceholderUse(uses)) {
    const message = "the commit of rolewright's Action is not filled in";
    const hint = "write owner/name@commit, or run: rolewright init --force --pin owner/name@commit";
    return { column: before.length + 1, problem: { code: "placeholder-pin", message, hint } };
  }
  const owner = line.search(new RegExp(String.raw`(?<=\s)@${placeholderOwner}/`, "u"));
  if (owner < 0 || /^\s*#/u.test(line)) return null;
  const problem = {
    code: "placeholder-owner",
    message: "the owners of the files are not filled in",
    hint: "write the people and teams who review every change",
  };
  return { column: owner + 1, problem };
}
