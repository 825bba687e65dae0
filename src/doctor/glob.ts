// Patterns of paths and branch names, matched in time that grows with their lengths only: files may be written by anybody.

/**
 * `*` and `?` stop at a slash; a segment `**` is any number of segments, none included.
 * https://docs.github.com/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments: Ruby's File.fnmatch with FNM_PATHNAME.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const names = text.split("/");
  // reached[n]: the segments so far match the first n names.
  let reached = [true, ...names.map(() => false)];
  for (const segment of pattern.split("/")) {
    const next = names.map((name, index) => {
      if (segment !== "**") return reached[index] === true && matchesSegment(segment, name);
      return reached.slice(0, index + 2).includes(true);
    });
    reached = [segment === "**" && reached[0] === true, ...next];
  }
  return reached.at(-1) === true;
}

/** Greedy, with one way back: to the last star. */
function matchesSegment(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let mark = 0;
  let index = 0;
  while (index < text.length) {
    if (pattern[at] === "*") {
      star = at;
      mark = index;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      mark += 1;
      index = mark;
      at = star + 1;
    } else return false;
  }
  return /^\**$/u.test(pattern.slice(at));
}
