// References to logins, which stand in the repository instead of the logins: a scheme, a colon, and what the scheme looks up.
import { oneOf } from "./show.ts";

const knownSchemes = ["env", "file"] as const;
const laterSchemes = ["vault", "aws-sm", "rds-iam", "exec"] as const;

export type ReferenceProblem = { readonly code: string; readonly message: string; readonly hint: string };

/**
 * Checks a credential reference, `env:NAME` or `file:PATH`.
 * @returns what is wrong with it, or `null`. The message never repeats the value, which may be a password.
 */
export function checkReference(name: string, value: string): ReferenceProblem | null {
  const known = knownSchemes.map((scheme) => `${scheme}:`);
  const hint = `write a reference, env:NAME or file:PATH, and keep the login itself out of the repository`;
  const [, scheme, rest] = /^([a-z][a-z0-9-]*):(.*)$/su.exec(value) ?? [];
  const later = laterSchemes.find((candidate) => candidate === scheme);
  if (later !== undefined) {
    return {
      code: "unsupported-credential-scheme",
      message: `${name}: the scheme ${later}: is not supported yet by this version`,
      hint: `the known schemes are ${oneOf(known)}`,
    };
  }
  if (scheme === "env" && rest !== undefined && !rest.includes("://")) return checkVariable(name, rest);
  if (scheme === "file" && rest !== undefined && !rest.includes("://")) return rest.trim() === "" ? empty(name, "file:PATH") : null;
  if (/[:=\s@]/u.test(value)) {
    return {
      code: "literal-password",
      message: `${name} holds a login instead of a reference to one; the known schemes are ${oneOf(known)}`,
      hint,
    };
  }
  return { code: "bad-credential-reference", message: `${name} is not a reference; the known schemes are ${oneOf(known)}`, hint };
}

function checkVariable(name: string, variable: string): ReferenceProblem | null {
  if (variable === "") return empty(name, "env:NAME");
  if (/^[A-Za-z_][A-Za-z0-9_]*$/u.test(variable)) return null;
  return {
    code: "bad-credential-reference",
    message: `${name}: what follows env: is not the name of an environment variable`,
    hint: "write env: and a name of letters, digits and _, such as env:ANALYTICS_ADMIN",
  };
}

function empty(name: string, form: string): ReferenceProblem {
  return { code: "bad-credential-reference", message: `${name}: nothing follows the scheme`, hint: `write ${form}` };
}
