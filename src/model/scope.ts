// A scope: where a managed role holds its privileges. `database` means all its non-system schemas, `database.schema` one.
// A part with a dot, a quote or outer space in it is written quoted, as in SQL: `"my.db".public`.

export type Scope = { readonly database: string; readonly schema: string | null };

export type ScopeProblem = { readonly problem: string };

/**
 * Reads one scope.
 * @returns the scope, or what is wrong with the text; never a narrower or wider scope than was written (F50).
 */
export function parseScope(text: string): Scope | ScopeProblem {
  const parts = splitParts(text);
  if ("problem" in parts) return parts;
  const [database, schema, ...rest] = parts.parts;
  if (database === undefined) return { problem: "the scope is empty" };
  if (rest.length > 0) {
    return { problem: `a scope has at most two parts, database.schema, and this one has ${rest.length + 2}` };
  }
  return { database, schema: schema ?? null };
}

/** Writes a scope so that {@link parseScope} reads the same again. */
export function formatScope(scope: Scope): string {
  return scope.schema === null ? formatPart(scope.database) : `${formatPart(scope.database)}.${formatPart(scope.schema)}`;
}

function formatPart(part: string): string {
  return part === "" || /[."]|^\s|\s$/u.test(part) ? `"${part.replaceAll('"', '""')}"` : part;
}

function splitParts(text: string): { readonly parts: readonly string[] } | ScopeProblem {
  const parts: string[] = [];
  let rest = text.trim();
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"/u.exec(rest);
    const part = quoted ? (quoted[1] ?? "").replaceAll('""', '"') : (/^[^."]*/u.exec(rest)?.[0] ?? "");
    if (part === "") return { problem: `part ${parts.length + 1} of the scope is empty` };
    parts.push(part);
    rest = rest.slice(quoted ? quoted[0].length : part.length);
    if (rest === "") return { parts };
    if (!rest.startsWith("."))
      return { problem: `unexpected text ${JSON.stringify(rest)} after part ${parts.length}; quote a whole part, as in "my.db".public` };
    rest = rest.slice(1);
  }
}
