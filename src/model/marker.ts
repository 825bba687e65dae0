// The marker: how a role in the catalog says which access repository it belongs to. It stands at the end of COMMENT ON ROLE,
// behind whatever a person wrote there, because a comment is the only place that survives a dump and needs no table of ours.
import { hasInvisible } from "./invisible.ts";

const markerPattern = /\[rolewright ([^\],]+)(, undeclared)?\]$/u;

/**
 * What an access repository without a name is called. Others have none either, so that this marker says that rolewright made a role,
 * and not for whom.
 */
export const unnamedRepository = "local";

const defaultText = "Managed in Git, do not change by hand";
const undeclaredText = "Made by rolewright, do not change by hand";

/**
 * What the comment of a role of this repository ends with: `[rolewright acme/access]`, and `[rolewright acme/access, undeclared]` for one
 * that was planned from flags or from a file of its own, so that plans of the repository know that it never stood in its files.
 */
function markerOf(repository: string, isDeclared: boolean): string {
  return `[rolewright ${repository}${isDeclared ? "" : ", undeclared"}]`;
}

/** Every marker of the repository, to look for in comments. */
export function markersOf(repository: string): readonly string[] {
  return [markerOf(repository, true), markerOf(repository, false)];
}

/** The repository whose marker a comment carries, or `null`. */
export function markedRepository(comment: string | null): string | null {
  return markerPattern.exec(comment ?? "")?.[1] ?? null;
}

/** Whether a comment's marker says that no file of its repository declared the role. */
export function isMarkedUndeclared(comment: string | null): boolean {
  return markerPattern.exec(comment ?? "")?.[2] !== undefined;
}

/** The comment that a role of this repository has to carry; a person's text in front of the marker is kept. */
export function markedComment(comment: string | null, mark: { readonly repository: string; readonly isDeclared: boolean }): string {
  const { repository, isDeclared } = mark;
  const text = (comment ?? "").replace(markerPattern, "").trim();
  const kept = text === "" || hasInvisible(text) ? (isDeclared ? defaultText : undeclaredText) : text;
  return `${kept} ${markerOf(repository, isDeclared)}`;
}
