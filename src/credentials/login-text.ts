// Reads the value of a secret: `postgres://user:password@host:port/database?sslmode=…` or `user:password`.
// No message ever repeats any of it but the host and port of a DSN, its sslmode, and the names of its parameters.
import { type SslMode, sslModes } from "../model/resource.ts";

export type Login = { readonly user: string; readonly password: string };

export type LoginText = Login & {
  /** `null`: the value is `user:password`, which goes with any endpoint. */
  readonly endpoint: { readonly host: string; readonly port: number } | null;
  readonly sslmode: SslMode | null;
};

export type LoginProblem = { readonly problem: string; readonly hint: string };

const whyEmpty = "GitHub Actions passes a secret that does not exist, or that the run may not have, as an empty text";

/** What is said of one. */
export const emptyValue = {
  problem: "it is empty",
  hint: `set it to a DSN or to user:password; ${whyEmpty}`,
  tableHint: `set it to lines of resource_name,username,password below a header; ${whyEmpty}`,
} as const;

/** In one piece the redactor would take it for a secret. */
const dsnForm = "a DSN: postgres:// and behind it user:password@host:port/database";

const encodeHint =
  "in a DSN, write characters of the user and password other than letters and digits as percent escapes: @ is %40, : %3A, / %2F, ? %3F, # %23, % %25";

export function readLoginText(value: string): LoginText | LoginProblem {
  // Files and secret managers like to end a value with a line break.
  const text = value.replace(/\r?\n$/u, "");
  if (text === "") return { problem: emptyValue.problem, hint: emptyValue.hint };
  if (/\p{Cc}/u.test(text))
    return { problem: "it holds a line break or another control character", hint: "set it to one DSN or one user:password" };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//iu.exec(text)?.[0];
  if (scheme === undefined) return readPair(text);
  if (!/^postgres(?:ql)?:/iu.test(scheme)) return { problem: "it is a URL, but not one of PostgreSQL", hint: `write ${dsnForm}` };
  return readDsn(text.slice(scheme.length));
}

function readPair(text: string): LoginText | LoginProblem {
  const colon = text.indexOf(":");
  if (colon === -1)
    return {
      problem: "it is neither a DSN nor user:password",
      hint: `write user:password, or ${dsnForm}`,
    };
  const user = text.slice(0, colon);
  // A user is sent and shown; in libpq's own notation the password stands in it.
  if (/[\s=]|^jdbc$/u.test(user))
    return {
      problem: "it is neither a DSN nor user:password",
      hint: `write ${dsnForm}, also where the user has a blank or = in it`,
    };
  return checked({ user, password: text.slice(colon + 1), endpoint: null, sslmode: null });
}

function readDsn(rest: string): LoginText | LoginProblem {
  const [, authority = "", , query] = /^([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/u.exec(rest) ?? [];
  const [userinfo, address] = authority.split("@");
  // A second @, wherever it stands, means that what looks like a host may be the end of a password.
  if (rest.split("@").length !== 2 || userinfo === undefined || address === undefined) {
    return { problem: "its user, password and host cannot be told apart", hint: encodeHint };
  }
  const colon = userinfo.indexOf(":");
  const user = decode(colon === -1 ? userinfo : userinfo.slice(0, colon));
  const password = decode(colon === -1 ? "" : userinfo.slice(colon + 1));
  if (user === null || password === null) return { problem: "it holds a % that starts no percent escape", hint: encodeHint };
  const endpoint = readAddress(address);
  if (endpoint === null)
    return {
      problem: "its host or port cannot be read",
      hint: "write one host and one port behind the @, as in db.example.com:5432/postgres",
    };
  const sslmode = readQuery(query ?? "");
  return "problem" in sslmode ? sslmode : checked({ user, password, endpoint, sslmode: sslmode.sslmode });
}

function readAddress(address: string): { readonly host: string; readonly port: number } | null {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]%,\s]+))(?::([0-9]{1,5}))?$/u.exec(address) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits ?? 5432);
  return host === undefined || port < 1 || port > 65_535 ? null : { host, port };
}

function readQuery(query: string): { readonly sslmode: SslMode | null } | LoginProblem {
  // The database stands in the path, or here where a path could not hold it; every connection names its own.
  const parameters = [...new URLSearchParams(query)].filter(([name]) => name !== "dbname");
  const others = [...new Set(parameters.map(([name]) => name).filter((name) => name !== "sslmode"))];
  if (others.length > 0) {
    const names = others.map((name) => JSON.stringify(name.slice(0, 40))).join(", ");
    return {
      problem: `its parameters ${names} are not supported`,
      hint: "take them out: of the parameters of a DSN only sslmode counts, and the rest stands in the inventory",
    };
  }
  const [first, ...rest] = parameters.map(([, value]) => value);
  if (first === undefined) return { sslmode: null };
  const known = sslModes.find((mode) => mode === first);
  if (known === undefined || rest.length > 0) {
    return { problem: "its sslmode is not supported", hint: `write one of ${sslModes.join(", ")}; the others fall back to plain text` };
  }
  return { sslmode: known };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function checked(login: LoginText): LoginText | LoginProblem {
  if (login.user === "") return { problem: "its user is empty", hint: "write the user before the password, as in user:password" };
  if (login.password === "")
    return { problem: "its password is empty", hint: "give the login a password: an empty one never means that none is needed" };
  if (/\p{Cc}/u.test(login.user + login.password))
    return { problem: "its user or password holds a control character", hint: "choose another password" };
  return login;
}
