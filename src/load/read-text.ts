// One file of a person → its text, or a diagnostic that says why there is none.
import { readBounded, type ReadProblem } from "../io/files.ts";
import { decodeText } from "./decode-text.ts";
import type { Report } from "./report.ts";

/** A file above this size, in bytes, is refused before it is read: some 300,000 role specs in CSV. */
export const largestFileBytes = 20 * 1024 * 1024;

/** A YAML document takes more than a hundred times its text in memory while it is read: some 30,000 role specs. */
const largestYamlBytes = 4 * 1024 * 1024;

/** The limit of size for one file. */
export function limitOf(format: "csv" | "yaml"): number {
  return format === "yaml" ? largestYamlBytes : largestFileBytes;
}

export type ReadTextInput = {
  readonly path: string;
  /** What diagnostics call it. */
  readonly file: string;
  /** In bytes. */
  readonly limit: number;
  readonly report: Report;
};

/** @returns the text without its byte order mark, or `null`; then the reason is reported. */
export async function readText({ path, file, limit, report }: ReadTextInput): Promise<string | null> {
  const outcome = await readBounded(path, limit);
  if ("problem" in outcome) {
    report.error({ ...describeReadProblem(outcome.problem, limit), at: { file, line: 1, column: 1 } });
    return null;
  }
  const decoded = decodeText(outcome.bytes);
  if ("text" in decoded) return decoded.text;
  const { line, column, ...problem } = decoded;
  report.error({ ...problem, at: { file, line, column } });
  return null;
}

/** In words for people. */
export function describeReadProblem(
  problem: ReadProblem,
  limit: number,
): { readonly code: string; readonly message: string; readonly hint: string } {
  switch (problem.kind) {
    case "missing":
      return { code: "missing-file", message: "there is no such file", hint: "check its name and the folder that it is looked for in" };
    case "not-a-file":
      return { code: "not-a-file", message: "this is not a regular file", hint: "put a file in its place" };
    case "too-large":
      return {
        code: "file-too-large",
        message: `the file has ${megabytes(problem.bytes)} MB, and at most ${megabytes(limit)} MB are read`,
        hint: "split it into several files in a folder, or write it as CSV",
      };
    case "unreadable":
      if (problem.code === "ELOOP")
        return { code: "broken-link", message: "the link leads back to itself", hint: "name the file that is meant" };
      return {
        code: "unreadable-file",
        message: `the file cannot be read (${problem.code})`,
        hint: "give the user of this run the right to read it",
      };
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1).replace(/\.0$/u, "");
}
