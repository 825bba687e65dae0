// Lists in one CSV cell or one flag: `analytics.public;legacy;app`.

export type ListPart = { readonly text: string; /** In UTF-16 code units from the start of the list. */ readonly offset: number };

/**
 * Splits at the separator, but not inside double quotes, since a quoted part of a scope may hold anything: `"a;b".public;c`.
 * Outer blanks of a part are dropped; empty parts are kept, so that they are reported.
 */
export function splitList(text: string, separator: ";" | ","): readonly ListPart[] {
  const parts: ListPart[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index <= text.length; index += 1) {
    const character = text[index];
    if (character === '"') quoted = !quoted;
    if (index < text.length && (quoted || character !== separator)) continue;
    const part = text.slice(start, index);
    parts.push({ text: part.trim(), offset: start + (part.length - part.trimStart().length) });
    start = index + 1;
  }
  return parts;
}
