// Numbers and lists in sentences.

/** `1 statement`, `14 statements`, `2 entries`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/** `a, b and 3 more`. @param total how many there are; all are shown unless it says more. */
export function listed(shown: readonly string[], total: number): string {
  return `${shown.join(", ")}${total > shown.length ? ` and ${total - shown.length} more` : ""}`;
}

/** What may be meant instead of an unknown name. */
export function choices(names: readonly string[]): string {
  return names.length === 0 ? "It has none." : `It has: ${names.join(", ")}`;
}
