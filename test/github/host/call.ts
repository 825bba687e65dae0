// One request as a route sees it, and the answers it may give.
import type { Json, JsonObject } from "../openapi/contract.ts";
import type { Identity, Repository } from "./state.ts";

export type Flavor = "github" | "ghes" | "gitea";

export type Addresses = { readonly server: string; readonly api: string; readonly graphql: string };

export type Call = {
  readonly flavor: Flavor;
  readonly at: Addresses;
  readonly repository: Repository;
  readonly repositories: ReadonlyMap<string, Repository>;
  readonly identity: Identity;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  /** How many times `/commits/{sha}/pulls` still answers as if the index had not caught up. */
  readonly isLate: () => boolean;
};

export type Answer = {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole list, which the server cuts into pages; `within` is the key that holds it beside `total_count`. */
  readonly list?: readonly Json[];
  readonly within?: string;
};

export type Route = (call: Call) => Answer;

/** An answer other than the wanted one, as GitHub words it. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export const notFound = (): Refusal => new Refusal(404, "Not Found");
/** @param accepted as in the header of GitHub: `pull_requests=write` */
export const notAccessible = (accepted?: string): Refusal =>
  new Refusal(403, "Resource not accessible by integration", accepted === undefined ? {} : { "x-accepted-github-permissions": accepted });

/** A parameter of the path; the contract has made sure that it is there. */
export function parameter(call: Call, name: string): string {
  return call.parameters[name] ?? "";
}

export function text(body: JsonObject, key: string): string | null {
  const value = body[key];
  return typeof value === "string" ? value : null;
}

/** What `found` is, else 404. */
export function required<T>(found: T | null | undefined): T {
  if (found === null || found === undefined) throw notFound();
  return found;
}
