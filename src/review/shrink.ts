// Making a document fit: its parts know smaller ways to say the same, and take them one by one until the whole fits.
// A part is never cut, so that no fence or folded block is left open.

/** One part, fullest first; the last should be short or "". Each is rendered at most once, and only if needed. */
export type Part = { readonly alternatives: readonly (() => string)[] };

/** Which part takes its next alternative. */
export type Step = number;

export type Shrunk = {
  /** One text per part; "" for nothing. */
  readonly texts: readonly string[];
  /** Index of the alternative that each part ended with; 0 where a smaller one would have said the same. */
  readonly levels: readonly number[];
};

/** GitHub keeps 65,536 characters, others count bytes; a UTF-16 unit is never more than its bytes. */
export const commentBytes = 60_000;

const separatorBytes = 2;

/**
 * @param steps in this order, each moves one part on, until the parts with a blank line between are within `bytes`.
 * @returns the smallest there is where even that is too large.
 */
export function shrink(parts: readonly Part[], steps: Iterable<Step>, bytes: number): Shrunk {
  const texts = parts.map((part) => part.alternatives[0]?.() ?? "");
  const levels = parts.map(() => 0);
  let total = texts.reduce((sum, text) => sum + cost(text), 0);
  for (const index of steps) {
    if (total <= bytes) break;
    const level = (levels[index] ?? 0) + 1;
    const smaller = parts[index]?.alternatives[level]?.();
    if (smaller === undefined) continue;
    total += cost(smaller) - cost(texts[index] ?? "");
    texts[index] = smaller;
    levels[index] = level;
  }
  return { texts, levels: levels.map((level, index) => (texts[index] === parts[index]?.alternatives[0]?.() ? 0 : level)) };
}

function cost(text: string): number {
  return text === "" ? 0 : Buffer.byteLength(text) + separatorBytes;
}

/** Level by level, and within a level the last of the parts first: what stands in front keeps its detail longest. */
export function* byLevel(parts: readonly number[], levels: number): Generator<Step> {
  for (let level = 1; level < levels; level += 1) yield* parts.toReversed();
}
