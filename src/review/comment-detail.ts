// How much of a resource is told: everything, the ends of long lists, or counts. Below that, its row in the table.

export type Detail = {
  /** Statements shown of each role; of more, half from the front and half from the end. */
  readonly statements: number;
  readonly roles: number;
  /** Entries of each further list: warnings, effective access, hazards, diagnostics. */
  readonly notes: number;
  /** Code points of one text, and of one statement. */
  readonly text: number;
  readonly sql: number;
};

export const details = {
  full: { statements: Infinity, roles: Infinity, notes: Infinity, text: Infinity, sql: Infinity },
  ends: { statements: 40, roles: 100, notes: 20, text: 500, sql: 600 },
  counts: { statements: 0, roles: 20, notes: 3, text: 200, sql: 0 },
} as const satisfies Readonly<Record<string, Detail>>;

/** From the fullest to the shortest. */
export const detailLevels: readonly Detail[] = [details.full, details.ends, details.counts];

/** Names stand everywhere, so that they are always within bounds; PostgreSQL's have at most 63 bytes. */
export const nameLength = 100;

/** The first ones, and how many more there are. */
export function firstOf<Item>(items: readonly Item[], maximum: number): { readonly shown: readonly Item[]; readonly more: number } {
  const shown = items.slice(0, maximum);
  return { shown, more: items.length - shown.length };
}

/** A Markdown list, at most `maximum` entries long and one that counts the rest. */
export function bullets(entries: readonly string[], maximum: number): string {
  const { shown, more } = firstOf(entries, maximum);
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].map((entry) => `- ${entry}`).join("\n");
}
