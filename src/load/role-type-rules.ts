// What a managed role must say and an external one may not, and the reverse.
import type { RoleType } from "../model/role-spec.ts";
import { itemError } from "./item-problems.ts";
import { nameTooLong } from "./name-length.ts";
import type { Report } from "./report.ts";
import { show } from "./show.ts";
import { isSet, textOf, textsOf, type Item } from "./source.ts";

type Input = {
  readonly item: Item;
  readonly type: RoleType;
  /** `null` where none could be generated. */
  readonly roleName: string | null;
  readonly report: Report;
};

/** Reports what does not belong to the role's type, and what is missing for it. Empty text and empty lists say nothing. */
export function checkTypeRules(input: Input): void {
  if (input.type === "managed") checkManaged(input);
  else checkExternal(input);
}

function checkManaged({ item, report }: Input): void {
  const { nameOf } = item.source;
  for (const key of ["scopes", "privileges"]) {
    // What is not a list at all was reported as such.
    const value = item.values.get(key);
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) continue;
    const example = key === "scopes" ? "a database or database.schema" : "SELECT";
    itemError(item, report, {
      key,
      code: `missing-${key}`,
      message: "a managed role needs some",
      hint: `add ${nameOf(key)}, such as ${example}`,
    });
  }
  if ((textOf(item.values, "source_role") ?? "") !== "") {
    const hint = `remove it, or write ${nameOf("type")} external`;
    itemError(item, report, { key: "source_role", code: "source-role-on-managed", message: "a managed role has no source role", hint });
  }
  if (textsOf(item.values, "acknowledge_hazards").length > 0) {
    const hint = "remove it";
    itemError(item, report, {
      key: "acknowledge_hazards",
      code: "hazards-on-managed",
      message: "a managed role has no source role whose hazards could be acknowledged",
      hint,
    });
  }
}

function checkExternal({ item, roleName, report }: Input): void {
  const { nameOf } = item.source;
  for (const key of ["scopes", "privileges"]) {
    if (textsOf(item.values, key).length === 0) continue;
    const hint = `remove them, or write ${nameOf("type")} managed`;
    itemError(item, report, {
      key,
      code: `${key}-on-external`,
      message: "an external role has none: it is a member of its source role and nothing else",
      hint,
    });
  }
  if (isSet(item.values, "future_objects")) {
    const message = "an external role has no grants that could cover future objects";
    itemError(item, report, { key: "future_objects", code: "future-objects-on-external", message, hint: "remove it" });
  }
  const source = item.values.get("source_role") ?? "";
  if (source === "") {
    const hint = `add ${nameOf("source_role")}, such as pg_read_all_data`;
    itemError(item, report, { key: "source_role", code: "missing-source-role", message: "an external role needs one", hint });
  } else if (typeof source === "string") checkSourceRole({ item, source, roleName, report });
}

function checkSourceRole(input: {
  readonly item: Item;
  readonly source: string;
  readonly roleName: string | null;
  readonly report: Report;
}): void {
  const { item, source, roleName, report } = input;
  const tooLong = nameTooLong("role", source);
  if (tooLong !== null) return itemError(item, report, { key: "source_role", ...tooLong });
  const problem = sourceRoleProblem(source, roleName);
  if (problem === null) return;
  itemError(item, report, {
    key: "source_role",
    code: "bad-source-role",
    message: `${show(source)} ${problem}`,
    hint: "name an existing role, such as pg_read_all_data",
  });
}

function sourceRoleProblem(source: string, roleName: string | null): string | null {
  if (source.trim() !== source) return "starts or ends with a space";
  if (["public", "none"].includes(source.toLowerCase())) return "is a keyword of PostgreSQL, not a role";
  return source === roleName ? "is the name of this role itself" : null;
}
