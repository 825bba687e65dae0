// The marker: how a role in the catalog says which access repository it belongs to. It stands at the end of COMMENT ON ROLE,
// behind whatever a person wrote there, because a comment is the only place that survives a dump and needs no table of ours.
import { hasControlCharacters } from "./name.ts";

const markerPattern = /\[rolewright ([^\]]+)\]$/u;

/**
 * What an access repository without a name is called. Others have none either, so that this marker says that rolewright made a role,
 * and not for whom.
 */
export const unnamedRepository = "local";

const defaultText = "Managed in Git, do not change by hand";

/** What a role comment of this repository ends with: `[rolewright acme/access]`. */
export function markerOf(repository: string): string {
  return `[rolewright ${repository}]`;
}

/** The repository whose marker a comment carries, or `null`. */
export function markedRepository(comment: string | null): string | null {
  return markerPattern.exec(comment ?? "")?.[1] ?? null;
}

/** The comment that a role of this repository has to carry; a person's text in front of the marker is kept. */
export function markedComment(comment: string | null, repository: string): string {
  const text = (comment ?? "").replace(markerPattern, "").trim();
  return `${text === "" || hasControlCharacters(text) ? defaultText : text} ${markerOf(repository)}`;
}
