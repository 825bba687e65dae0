// The scopes of one managed role: parsed, checked, without what another one covers.
import { compareNames, isSystemSchema } from "../model/name.ts";
import { formatScope, parseScope, type Scope } from "../model/scope.ts";
import { itemError, itemWarning } from "./item-problems.ts";
import { nameTooLong } from "./name-length.ts";
import type { Report } from "./report.ts";
import { show } from "./show.ts";
import { textsOf, type Item } from "./source.ts";

type Written = { readonly scope: Scope; readonly index: number };

/** @returns the scopes sorted by database and schema, whole databases first; what is malformed is reported and left out. */
export function resolveScopes(item: Item, report: Report): readonly Scope[] {
  const written = textsOf(item.values, "scopes").flatMap(({ text, index }) => readScope({ item, text, index, report }));
  const byKey = new Map<string, Written>();
  for (const entry of written) {
    const key = formatScope(entry.scope);
    if (byKey.has(key)) warnRedundant({ item, report, entry, by: "is there twice" });
    else byKey.set(key, entry);
  }
  const kept = [...byKey.values()].filter((entry) => {
    const database = formatScope({ database: entry.scope.database, schema: null });
    const isCovered = entry.scope.schema !== null && byKey.has(database);
    if (isCovered) warnRedundant({ item, report, entry, by: `is part of the scope ${show(database)}` });
    return !isCovered;
  });
  return kept.map((entry) => entry.scope).toSorted(compareScopes);
}

function readScope(input: {
  readonly item: Item;
  readonly text: string;
  readonly index: number;
  readonly report: Report;
}): readonly Written[] {
  const { item, text, index, report } = input;
  // An empty entry is the schema's to report.
  if (text === "") return [];
  const complain = (code: string, message: string, hint: string): readonly Written[] => {
    itemError(item, report, { key: "scopes", index, code, message, hint });
    return [];
  };
  const scope = parseScope(text);
  if ("problem" in scope) {
    return complain(
      "bad-scope",
      `${show(text)}: ${scope.problem}`,
      'write database or database.schema, and a part with a dot in it in double quotes: "my.db".public',
    );
  }
  const tooLong = nameTooLong("database", scope.database) ?? nameTooLong("schema", scope.schema ?? "");
  if (tooLong !== null) return complain(tooLong.code, tooLong.message, tooLong.hint);
  if (scope.schema !== null && isSystemSchema(scope.schema)) {
    const hint = "name schemas of your own; pg_read_all_data and its kind, as source_role of an external role, reach the system's";
    return complain("system-schema", `${show(text)} is a schema of PostgreSQL itself, whose grants are not managed`, hint);
  }
  return [{ scope, index }];
}

function warnRedundant(input: { readonly item: Item; readonly report: Report; readonly entry: Written; readonly by: string }): void {
  const { item, report, entry, by } = input;
  const message = `${show(formatScope(entry.scope))} ${by}`;
  itemWarning(item, report, {
    key: "scopes",
    index: entry.index,
    code: "redundant-scope",
    message,
    hint: "remove it; the plan is the same without it",
  });
}

function compareScopes(a: Scope, b: Scope): number {
  return compareNames(a.database, b.database) || compareNames(a.schema ?? "", b.schema ?? "");
}
