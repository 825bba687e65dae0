// Entries of the roles → role specs.
import { compareNames } from "../model/name.ts";
import { generateRoleName } from "../model/role-name.ts";
import { roleSpecKey, type RoleSpec, type RoleType } from "../model/role-spec.ts";
import { readExpiry } from "./expiry.ts";
import { itemError, itemWarning } from "./item-problems.ts";
import { hintsFrom } from "./nearest.ts";
import { originOf, placeOf } from "./place-of.ts";
import type { Report } from "./report.ts";
import { checkTypeRules } from "./role-type-rules.ts";
import { resolvePrivileges } from "./resolve-privileges.ts";
import { resolveScopes } from "./resolve-scopes.ts";
import { show } from "./show.ts";
import { isSet, numberOf, textOf, textsOf, type Item } from "./source.ts";

/** What of the repository role specs are held against. */
export type RoleRules = {
  readonly prefix: string;
  /** Names of the inventory; `null` where a file of it could not be read, so that no role's resource is called unknown. */
  readonly resourceNames: ReadonlySet<string> | null;
  /** For what has expired; left out where nobody is to be warned of it. */
  readonly now?: Date | undefined;
};

type ResourceHints = { readonly hintFor: (resource: string) => string };

/** What the roles give to access.yaml: the specs, and the keys of all, also of those that could not be read. */
export type Roles = { readonly roles: readonly RoleSpec[]; readonly keys: ReadonlySet<string> };

/** @returns the role specs by resource and label, each once; problems are reported. */
export function resolveRoles(items: readonly Item[], rules: RoleRules, report: Report): Roles {
  const hintFor = hintsFrom(rules.resourceNames ?? new Set(), "add it to the inventory");
  const first = new Map<string, Item>();
  const byRoleName = new Map<string, Item>();
  const roles: RoleSpec[] = [];
  for (const item of items) {
    const resource = textOf(item.values, "resource_name") ?? "";
    const label = textOf(item.values, "role") ?? "";
    const isNamed = resource !== "" && label !== "";
    const key = roleSpecKey({ resource, label });
    const earlier = isNamed ? first.get(key) : undefined;
    if (earlier !== undefined) {
      const message = `${show(label)} of ${show(resource)} is already declared`;
      reportSecond({
        item,
        earlier,
        code: "duplicate-role",
        message,
        hint: "keep one of the two: what both should do belongs into one",
        report,
      });
      continue;
    }
    if (isNamed) first.set(key, item);
    const spec = resolveRole(item, { ...rules, hintFor }, report);
    if (spec === null) continue;
    const collision = byRoleName.get(spec.roleName);
    if (collision !== undefined) {
      const message = `${show(label)} of ${show(resource)} gets the role name ${spec.roleName}, which another one has`;
      reportSecond({ item, earlier: collision, code: "role-name-collision", message, hint: "give one of the two another label", report });
      continue;
    }
    byRoleName.set(spec.roleName, item);
    roles.push(spec);
  }
  return { roles: roles.toSorted(byResourceAndLabel), keys: new Set(first.keys()) };
}

function byResourceAndLabel(a: RoleSpec, b: RoleSpec): number {
  return compareNames(a.resource, b.resource) || compareNames(a.label, b.label);
}

function reportSecond(input: {
  readonly item: Item;
  readonly earlier: Item;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly report: Report;
}): void {
  const { item, earlier, code, hint, report } = input;
  const place = placeOf(earlier, "role");
  itemError(item, report, { key: "role", code, message: input.message + place.text, hint, related: place.related });
}

function resolveRole(item: Item, rules: RoleRules & ResourceHints, report: Report): RoleSpec | null {
  const { values } = item;
  const resource = resolveResourceName(item, rules, report);
  const label = textOf(values, "role");
  const roleName = resource === null || !label ? null : resolveRoleName({ item, resource, label, prefix: rules.prefix, report });
  const type = resolveType(item);
  const scopes = resolveScopes(item, report);
  const privileges = resolvePrivileges(item, report);
  const expiresAt = resolveExpiry(item, rules.now, report);
  if (type !== null) checkTypeRules({ item, type, roleName, report });
  if (resource === null || label === undefined || roleName === null || type === null) return null;
  const description = textOf(values, "description");
  return {
    resource,
    label,
    roleName,
    type,
    scopes: type === "managed" ? scopes : [],
    privileges: type === "managed" ? privileges : [],
    sourceRole: type === "external" ? (textOf(values, "source_role") ?? null) : null,
    rotatePassword: isSet(values, "rotate_password"),
    connectionLimit: numberOf(values, "connection_limit") ?? null,
    expiresAt,
    futureObjects: isSet(values, "future_objects"),
    acknowledgeHazards: textsOf(values, "acknowledge_hazards")
      .map(({ text }) => text)
      .toSorted(compareNames),
    ...(description !== undefined && { description }),
    origin: originOf(item),
  };
}

function resolveResourceName(item: Item, rules: RoleRules & ResourceHints, report: Report): string | null {
  const name = textOf(item.values, "resource_name");
  if (name === undefined || name === "") return null;
  if (rules.resourceNames === null || rules.resourceNames.has(name)) return name;
  const hint = rules.hintFor(name);
  itemError(item, report, {
    key: "resource_name",
    code: "unknown-resource",
    message: `the resource ${show(name)} is not in the inventory`,
    hint,
  });
  return name;
}

function resolveRoleName(input: {
  readonly item: Item;
  readonly resource: string;
  readonly label: string;
  readonly prefix: string;
  readonly report: Report;
}): string | null {
  const generated = generateRoleName(input);
  if ("roleName" in generated) return generated.roleName;
  itemError(input.item, input.report, {
    key: "role",
    code: "bad-role-name",
    message: generated.problem,
    hint: "choose a short label of letters and digits, such as ro",
  });
  return null;
}

/** `null`: a word that the schema has reported. */
function resolveType(item: Item): RoleType | null {
  const type = item.values.get("type") ?? "managed";
  return type === "managed" || type === "external" ? type : null;
}

function resolveExpiry(item: Item, now: Date | undefined, report: Report): string | null {
  const text = textOf(item.values, "expires_at");
  if (text === undefined || text === "") return null;
  const instant = readExpiry(text);
  if (instant === null) {
    const hint =
      "write a date-time with its zone, such as 2027-01-31T18:00:00Z, or a date such as 2027-01-31, which means its start in UTC";
    itemError(item, report, { key: "expires_at", code: "bad-date", message: `${show(text)} is not an RFC 3339 date or date-time`, hint });
  } else if (now !== undefined && Date.parse(instant) <= now.getTime()) {
    const hint = "choose a later time, or take the role out if nobody is to use it any more";
    const message = `${show(text)} lies in the past: nobody can log in with the password of this role`;
    itemWarning(item, report, { key: "expires_at", code: "expired", message, hint });
  }
  return instant;
}
