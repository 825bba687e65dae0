// Whether an apply of a plan makes a password that has to be kept somewhere.
import { passwordPlaceholder, type Statement } from "./plan.ts";

export function makesPassword(plans: readonly { readonly statements: readonly Pick<Statement, "sql">[] }[]): boolean {
  return plans.some(({ statements }) => statements.some(({ sql }) => sql.includes(passwordPlaceholder)));
}
