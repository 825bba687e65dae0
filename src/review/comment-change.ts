// What a plan does to one role, in a few words for a cell of a table. Keywords are ours; names stand in code.
import { listed } from "../model/count.ts";
import { attributeKeywords } from "../model/attribute-keywords.ts";
import type { Change } from "../model/change.ts";
import type { RoleAttributes } from "../model/observed.ts";
import type { RolePlan } from "../model/plan.ts";
import { nameLength, type Detail } from "./comment-detail.ts";
import { code } from "./markdown.ts";

const maximumPrivileges = 12;

/** Markdown without a newline: `create; gains CONNECT, SELECT`. */
export function changeWords(role: RolePlan, detail: Detail): string {
  if (role.status === "failed") return `**failed**: ${code(role.message, detail.text)}`;
  const changes = role.statements.map((statement) => statement.change);
  const words = [...new Set(changes.flatMap((change) => wordsOf(change, changes))), ...gains(changes), ...losses(changes)];
  const blocked = role.blockers.length > 0 ? ["**blocked**"] : [];
  const nothing = role.config.type === "orphaned" ? "left alone" : "in sync";
  return [...blocked, ...words].join("; ") || nothing;
}

function wordsOf(change: Change, all: readonly Change[]): readonly string[] {
  switch (change.kind) {
    case "createRole":
      return ["**create** with LOGIN"];
    case "alterRole":
      return attributeWords(change.from, change.to);
    case "setPassword":
      return all.some(({ kind }) => kind === "createRole") ? [] : ["**new password**"];
    case "clearPassword":
      return ["password taken away"];
    case "commentRole":
      return all.some(({ kind }) => kind === "createRole") ? [] : ["marked as managed here"];
    case "grantMembership":
      return [`joins ${code(change.role, nameLength)}`];
    case "revokeMembership":
      return [`${change.adminOptionOnly ? "loses the admin option on" : "**leaves**"} ${code(change.role, nameLength)}`];
    case "reassignOwned":
      return [`what it owns goes to ${code(change.to, nameLength)}`];
    case "terminateSessions":
      return ["open sessions are ended"];
    case "dropRole":
      return ["**drop**"];
    case "grant":
    case "revoke":
    case "grantDefault":
    case "revokeDefault":
      return [];
  }
}

function gains(changes: readonly Change[]): readonly string[] {
  const present = changes.flatMap((change) => (change.kind === "grant" ? change.privileges : []));
  const future = changes.flatMap((change) => (change.kind === "grantDefault" ? change.privileges : []));
  return [...privileges("gains", present, ""), ...privileges("gains", future, " on future objects")];
}

function losses(changes: readonly Change[]): readonly string[] {
  const present = changes.flatMap((change) => (change.kind === "revoke" && !change.grantOptionOnly ? change.privileges : []));
  const options = changes.flatMap((change) => (change.kind === "revoke" && change.grantOptionOnly ? change.privileges : []));
  const future = changes.flatMap((change) => (change.kind === "revokeDefault" ? change.privileges : []));
  return [
    ...privileges("**loses**", present, ""),
    ...privileges("loses the grant option of", options, ""),
    ...privileges("**loses**", future, " on future objects"),
  ];
}

function privileges(verb: string, names: readonly string[], where: string): readonly string[] {
  const distinct = [...new Set(names)];
  if (distinct.length === 0) return [];
  const shown = distinct.slice(0, maximumPrivileges).map((name) => code(name, nameLength));
  return [`${verb} ${listed(shown, distinct.length)}${where}`];
}

function attributeWords(from: RoleAttributes, to: RoleAttributes): readonly string[] {
  const limit = (number: number): string => (number === -1 ? "none" : String(number));
  const until = (instant: string | null): string => (instant === null ? "never" : code(instant, nameLength));
  return [
    ...attributeKeywords
      .filter(([key]) => from[key] !== to[key])
      .map(([key, word]) => (to[key] ? `NO${word} → ${word}` : `${word} → NO${word}`)),
    ...(from.connectionLimit === to.connectionLimit
      ? []
      : [`connection limit ${limit(from.connectionLimit)} → ${limit(to.connectionLimit)}`]),
    ...(from.validUntil === to.validUntil ? [] : [`expires ${until(from.validUntil)} → ${until(to.validUntil)}`]),
  ];
}
