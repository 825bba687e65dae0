// What the admin lacks for one role's plan, in words and in SQL. Pure.
import { remedySql, type Lack } from "./remedy.ts";
import { quoted, type RoleView } from "./role-verdict.ts";

/** More than these are counted; the SQL is there for all. */
const shownLacks = 8;

/**
 * One line of words, then the SQL, each statement beginning a line.
 * @param plan.roleName the role of the plan: what is given to it changes the plan. @param plan.isPartial what is lacked is left out.
 */
export function renderLacks(
  lacks: readonly Lack[],
  view: RoleView,
  { roleName, isPartial }: { readonly roleName: string; readonly isPartial: boolean },
): string {
  const shown = lacks.slice(0, shownLacks).map(({ text }) => text);
  const more = lacks.length > shownLacks ? `; and ${lacks.length - shownLacks} more` : "";
  const words = `the admin ${quoted(view.admin.name)} lacks ${shown.join("; ")}${more}; ${isPartial ? "that was left out" : "nothing was changed"}`;
  const remedies = lacks.flatMap((lack) => lack.remedies);
  const sql = remedySql(remedies, view.admin, view.roles);
  if (sql.length === 0) return words;
  const isStale = remedies.some((remedy) => remedy.kind === "statement" || (remedy.kind === "privilege" && remedy.to === roleName));
  const then = isStale ? "plan and apply again" : "apply again";
  return [words, `run this as a superuser, or what concerns objects as their owner, and ${then}:`, ...sql].join("\n");
}
