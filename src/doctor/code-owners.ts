// A CODEOWNERS file: which owners a path has. The last line that matches decides, and one without owners takes them away.
// https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
import { matchesGlob } from "./glob.ts";

/** GitHub reads the first of these that is there. */
export const codeOwnersPaths = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

export type OwnerRule = { readonly pattern: string; readonly owners: readonly string[]; readonly line: number };

export function parseCodeOwners(text: string): readonly OwnerRule[] {
  return text.split("\n").flatMap((line, index) => {
    const words = line
      .replace(/(^|\s)#.*$/u, "")
      .trim()
      .split(/(?<!\\)\s+/u);
    const [pattern = "", ...owners] = words;
    return pattern === "" ? [] : [{ pattern: pattern.replaceAll("\\ ", " "), owners, line: index + 1 }];
  });
}

/** @param path from the root of the repository, without a leading slash. */
export function ownersOf(rules: readonly OwnerRule[], path: string): readonly string[] {
  return rules.findLast(({ pattern }) => coversPath(pattern, path))?.owners ?? [];
}

/** As .gitignore reads them, but without `!` and character classes: a folder is all that lies in it, and `docs/*` what lies there directly. */
function coversPath(pattern: string, path: string): boolean {
  const isAnchored = /\/(?=.)/u.test(pattern);
  const body = `${isAnchored ? "" : "**/"}${pattern.replace(/^\//u, "").replace(/\/$/u, "")}`;
  if (pattern.endsWith("/")) return matchesGlob(`${body}/*/**`, path);
  return matchesGlob(body, path) || (!pattern.endsWith("/*") && matchesGlob(`${body}/**`, path));
}
