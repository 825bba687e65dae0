// What the schemas say of one list: its keys, their types, and which are required. CSV columns and flags are read by the same
// entries that check YAML, so that the formats cannot drift apart.
import inventorySchema from "../../schemas/inventory.schema.json" with { type: "json" };
import rolesSchema from "../../schemas/roles.schema.json" with { type: "json" };
import { splitList } from "./split-list.ts";

export type ListKind = "inventory" | "roles";

type ValueType = "string" | "integer" | "boolean" | "array";

/** A column of CSV and the key that it is in YAML. */
export type Column = { readonly name: string; readonly key: string; readonly type: ValueType; readonly required: boolean };

type EntrySchema = { readonly required: readonly string[]; readonly properties: Readonly<Record<string, { readonly type: string }>> };

/** The hub's CSV says permissions where its YAML and its command line say privileges. */
const columnNames = new Map([["privileges", "permissions"]]);

/** The columns of a CSV file, in the order of the schema. */
export const columnsOf: Readonly<Record<ListKind, readonly Column[]>> = {
  inventory: readColumns(inventorySchema.$defs.resource),
  roles: readColumns(rolesSchema.$defs.role),
};

/** The key under which a YAML file of this kind keeps its list, first choice first. */
export const listKeys: Readonly<Record<ListKind, readonly [string, ...string[]]>> = {
  inventory: ["resources", "items"],
  roles: ["items"],
};

/** The header that the hub writes. */
export const minimalHeader: Readonly<Record<ListKind, string>> = {
  inventory: "name,type,host,port",
  roles: "resource_name,type,role,scopes,permissions,source_role",
};

function readColumns(schema: EntrySchema): readonly Column[] {
  return Object.entries(schema.properties).map(([key, property]) => ({
    key,
    name: columnNames.get(key) ?? key,
    type: readType(property.type),
    required: schema.required.includes(key),
  }));
}

function readType(type: string): ValueType {
  if (type === "integer" || type === "boolean" || type === "array") return type;
  return "string";
}

/**
 * Reads the text of a cell or a flag as its column's type. Text of the wrong form stays text, so that the schema reports it.
 * @param separator between the entries of a list: `;` in CSV, `,` in flags.
 */
export function readText(column: Column, text: string, separator: ";" | ","): unknown {
  switch (column.type) {
    case "string":
      return text;
    case "integer":
      return /^[+-]?\d{1,15}$/u.test(text) ? Number(text) : text;
    case "boolean":
      return readBoolean(text);
    case "array":
      return splitList(text, separator).map((part) => part.text);
  }
}

/** Spreadsheets write TRUE and FALSE. */
function readBoolean(text: string): boolean | string {
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : text;
}
