// What a plan comment is evidence of: the checksum and what it was made from, where and when.
import type { CommentInput } from "./comment-input.ts";
import { storeOf } from "./comment-store.ts";
import type { Fingerprints } from "./fingerprint.ts";
import { commitLink, namedLink } from "./link.ts";
import { code, tableRow } from "./markdown.ts";

const maximumLinks = 8;

export function evidenceTable(input: CommentInput, fingerprints: Fingerprints): string {
  const { base, head, places, readAt, evidence } = input;
  const onTop = base === null ? "" : `, on top of ${code(base.branch, 100)} ${commitLink(base.commit, places)}`;
  const links = evidence.slice(0, maximumLinks).map(namedLink).join(" · ");
  const store = storeOf(input);
  return [
    tableRow(["Checksum", digest(fingerprints.checksum)]),
    "|:---|:---|",
    tableRow(["Live catalog", `${digest(fingerprints.catalog)}${readAt === null ? "" : ` read ${code(readAt, 40)}`}`]),
    tableRow(["Declared state", `${digest(fingerprints.declared)} at ${commitLink(head, places)}${onTop}`]),
    ...(store === "" ? [] : [tableRow(["Passwords go to", store])]),
    ...(links === "" ? [] : [tableRow(["Evidence", links])]),
  ].join("\n");
}

/** @param digits of it; in full unless said, since people compare it. */
export function digest(hex: string, digits = 64): string {
  return hex === "" ? "none" : code(`sha256:${hex.length > digits ? `${hex.slice(0, digits)}…` : hex}`, 80);
}
