// ROLEWRIGHT_ADMIN_CSV: the logins of many resources in one secret, `resource_name,username,password` with a header.
import { parse } from "csv-parse/sync";
import type { Login, LoginProblem } from "./login-text.ts";

const columns = ["resource_name", "username", "password"] as const;

/**
 * @returns logins by resource name, or the first problem by line; never a cell, since any may be a password.
 */
export function readLoginTable(text: string): { readonly logins: ReadonlyMap<string, Login> } | LoginProblem {
  const hint = `write the header ${columns.join(",")} and one row per resource; quote a cell with a comma or a quote in it, and write a quote in it twice`;
  const records = readRecords(text);
  if (records === null) return { problem: "it is not CSV", hint };
  const [header, ...rows] = records;
  const places = columns.map((column) => header?.cells.indexOf(column) ?? -1);
  if (places.includes(-1) || header?.cells.length !== columns.length) return { problem: "its first line is not the header", hint };
  const logins = new Map<string, Login>();
  const lines = new Map<string, number>();
  for (const { cells, line } of rows) {
    const [resource = "", user = "", password = ""] = places.map((place) => cells[place]);
    const problem = (what: string): LoginProblem => ({ problem: `line ${line} ${what}`, hint });
    if (cells.length !== columns.length) return problem(`has ${cells.length} cells instead of ${columns.length}`);
    if (resource === "" || user === "" || password === "") return problem("has an empty cell");
    if (/\p{Cc}/u.test(resource + user + password)) return problem("holds a control character");
    const first = lines.get(resource);
    if (first !== undefined) return problem(`names the same resource as line ${first}`);
    lines.set(resource, line);
    logins.set(resource, { user, password });
  }
  return { logins };
}

function readRecords(text: string): readonly { readonly cells: readonly string[]; readonly line: number }[] | null {
  const records: { cells: string[]; line: number }[] = [];
  try {
    parse(text, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (record: string[], context: { lines: number }) => {
        records.push({ cells: record, line: context.lines });
        return null;
      },
    });
  } catch {
    return null; // The parser's message repeats cells.
  }
  return records;
}
