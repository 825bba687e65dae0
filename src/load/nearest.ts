// The nearest known word to a mistyped one, for hints.
import { closestMatch } from "leven";
import { show } from "./show.ts";

/** Beyond so many comparisons of words a hint says only what is known: ten thousand typing errors are one of another kind. */
const mostComparisons = 1_000_000;

/** @returns the known word that is meant, in any case and with a few letters wrong (a third of them at most), or `undefined`. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  return search(word, foldAll(known));
}

/** `did you mean "x"?`, or what is said where nothing is near. */
export function didYouMean(word: string, known: readonly string[], otherwise: string): string {
  return phrase(nearest(word, known), otherwise);
}

/** {@link didYouMean} for many words against the same long list, such as the names of an inventory. */
export function hintsFrom(known: ReadonlySet<string>, otherwise: string): (word: string) => string {
  let folded: ReadonlyMap<string, string> | undefined;
  let comparisons = 0;
  const hints = new Map<string, string>();
  return (word) => {
    const earlier = hints.get(word);
    if (earlier !== undefined) return earlier;
    if (comparisons > mostComparisons) return otherwise;
    comparisons += known.size;
    folded ??= foldAll([...known]);
    const hint = phrase(search(word, folded), otherwise);
    hints.set(word, hint);
    return hint;
  };
}

function phrase(match: string | undefined, otherwise: string): string {
  return match === undefined ? otherwise : `did you mean ${show(match)}?`;
}

/** Texts over 100 characters are not compared. */
function search(word: string, candidates: ReadonlyMap<string, string>): string | undefined {
  if (word.length > 100) return undefined;
  const folded = fold(word);
  const maxDistance = Math.max(1, Math.floor(folded.length / 3));
  const match = closestMatch(folded, [...candidates.keys()], { maxDistance });
  return match === undefined ? undefined : candidates.get(match);
}

/** Where two words fold to one, the first counts. */
function foldAll(known: readonly string[]): ReadonlyMap<string, string> {
  return new Map(known.toReversed().map((word) => [fold(word), word]));
}

/** Case, spaces and dashes are the usual slips. */
function fold(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/gu, "_");
}
