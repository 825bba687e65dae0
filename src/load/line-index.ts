// Offsets in a text to lines and columns.

export type Position = { readonly line: number; readonly column: number };

/** @returns a function from an offset in UTF-16 code units to line and column, both from 1. */
export function indexLines(text: string): (offset: number) => Position {
  const starts = [0];
  for (let feed = text.indexOf("\n"); feed >= 0; feed = text.indexOf("\n", feed + 1)) starts.push(feed + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
