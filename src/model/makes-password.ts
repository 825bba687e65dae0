// Whether an apply makes a password, which has to be kept somewhere. What a statement does says it, never its text: that names objects.
import type { Statement } from "./plan.ts";

/** True for a plan that makes one. */
export function makesPassword({ statements }: { readonly statements: readonly Pick<Statement, "change">[] }): boolean {
  return statements.some(setsPassword);
}

/** True for a statement that a verifier is put into. */
export function setsPassword({ change }: Pick<Statement, "change">): boolean {
  return change.kind === "createRole" || change.kind === "setPassword";
}
