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
    parts.push({ text: trimBlanks(part), offset: start + leadingBlanks(part) });
    start = index + 1;
  }
  return parts;
}

/** Without outer spaces and tabs. Line breaks stay, so that they are reported like every control character. */
export function trimBlanks(text: string): string {
  const start = leadingBlanks(text);
  let end = text.length;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function leadingBlanks(text: string): number {
  let start = 0;
  while (isBlank(text[start])) start += 1;
  return start;
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}
