// What a change of a role's own attributes does to people.
import { attributeKeywords } from "../model/attribute-keywords.ts";
import type { RoleAttributes } from "../model/observed.ts";
import type { Hazard } from "../model/plan.ts";

/** Without LOGIN, whose loss has a hazard of its own. */
const powers = attributeKeywords.filter(([key]) => key !== "login");

export function attributeHazards(role: string, from: RoleAttributes, to: RoleAttributes): readonly Hazard[] {
  const changed = powers.filter(([key]) => from[key] !== to[key]);
  const limits = limitChanges(from, to);
  const lost = [...changed.filter(([key]) => from[key]).map(([, word]) => word), ...limits.tighter];
  const gained = [
    ...(to.login && !from.login ? ["LOGIN"] : []),
    ...changed.filter(([key]) => to[key]).map(([, word]) => word),
    ...limits.looser,
  ];
  return [
    ...(from.login && !to.login ? [{ code: "disables-login", message: `${role} can no longer log in; open sessions go on` } as const] : []),
    ...(lost.length > 0 ? [{ code: "revokes-access", message: lost.join(", ") } as const] : []),
    ...(gained.length > 0 ? [{ code: "widens-access", message: gained.join(", ") } as const] : []),
  ];
}

type LimitChanges = { readonly tighter: readonly string[]; readonly looser: readonly string[] };

/** RFC 3339 instants in UTC sort like text, since introspection and the files write them in one form. */
function limitChanges(from: RoleAttributes, to: RoleAttributes): LimitChanges {
  const connections = (limit: number): number => (limit === -1 ? Infinity : limit);
  const until = (instant: string | null): string => instant ?? "infinity";
  const words = {
    connections: to.connectionLimit === -1 ? "no connection limit" : `connection limit ${to.connectionLimit}`,
    until: to.validUntil === null ? "no expiry" : `expiry ${to.validUntil}`,
  };
  const isFewer = connections(to.connectionLimit) < connections(from.connectionLimit);
  const isEarlier = until(to.validUntil) < until(from.validUntil);
  const changed = [
    ...(from.connectionLimit === to.connectionLimit ? [] : [{ text: words.connections, isTighter: isFewer }]),
    ...(from.validUntil === to.validUntil ? [] : [{ text: words.until, isTighter: isEarlier }]),
  ];
  return {
    tighter: changed.filter(({ isTighter }) => isTighter).map(({ text }) => text),
    looser: changed.filter(({ isTighter }) => !isTighter).map(({ text }) => text),
  };
}
