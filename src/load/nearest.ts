// The nearest known word to a mistyped one, for hints.
import { closestMatch } from "leven";

/**
 * @returns the known word that is meant, in any case and with a few letters wrong (a third of them at most), or `undefined`.
 * Texts over 100 characters are not compared.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 100) return undefined;
  const folded = fold(word);
  const same = known.find((candidate) => fold(candidate) === folded);
  if (same !== undefined) return same;
  const candidates = new Map(known.map((candidate) => [fold(candidate), candidate]));
  const maxDistance = Math.max(1, Math.floor(folded.length / 3));
  const match = closestMatch(folded, [...candidates.keys()], { maxDistance });
  return match === undefined ? undefined : candidates.get(match);
}

/** Case, spaces and dashes are the usual slips. */
function fold(word: string): string {
  return word.trim().toLowerCase().replaceAll(/[\s-]+/gu, "_");
}

/** `did you mean "x"?`, or what is said where nothing is near. */
export function didYouMean(word: string, known: readonly string[], otherwise: string): string {
  const match = nearest(word, known);
  return match === undefined ? otherwise : `did you mean "${match}"?`;
}
