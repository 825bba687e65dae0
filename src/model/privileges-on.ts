// The ON part of GRANT and REVOKE.
import type { Target } from "./change.ts";
import type { ObjectRef } from "./object-ref.ts";
import { ident, identsIn } from "./quote.ts";

/** `ON …` for a list of privileges; columns stand with the privileges, so both are rendered together. */
export function privilegesOn(privileges: readonly string[], target: Target): string {
  if (target.kind === "objects") return privilegesOnObjects(privileges, target.objects);
  return `${privileges.join(", ")} ON ${targetSql(target)}`;
}

function targetSql(target: Exclude<Target, { kind: "objects" }>): string {
  switch (target.kind) {
    case "database":
      return `DATABASE ${ident(target.database)}`;
    case "tablespace":
      return `TABLESPACE ${ident(target.name)}`;
    case "parameter":
      return `PARAMETER ${parameterSql(target.name)}`;
    case "schema":
      return `SCHEMA ${ident(target.schema)}`;
    case "allTables":
      return `ALL TABLES IN SCHEMA ${ident(target.schema)}`;
    case "allSequences":
      return `ALL SEQUENCES IN SCHEMA ${ident(target.schema)}`;
    case "allRoutines":
      return `ALL ROUTINES IN SCHEMA ${ident(target.schema)}`;
  }
}

/** A parameter may be an extension's, with a dot between two names. */
function parameterSql(name: string): string {
  return name.split(".").map(ident).join(".");
}

function privilegesOnObjects(privileges: readonly string[], objects: readonly ObjectRef[]): string {
  const [first] = objects;
  if (!first) throw new Error("a grant names no object");
  if (first.kind === "column") {
    const columns = objects.flatMap((object) => (object.kind === "column" ? [ident(object.name)] : [])).join(", ");
    return `${privileges.map((privilege) => `${privilege} (${columns})`).join(", ")} ON TABLE ${ident(first.schema)}.${ident(first.table)}`;
  }
  return `${privileges.join(", ")} ON ${keywords[first.kind]} ${objects.map(objectName).join(", ")}`;
}

const keywords: Readonly<Record<Exclude<ObjectRef["kind"], "column">, string>> = {
  database: "DATABASE",
  schema: "SCHEMA",
  language: "LANGUAGE",
  foreignDataWrapper: "FOREIGN DATA WRAPPER",
  foreignServer: "FOREIGN SERVER",
  tablespace: "TABLESPACE",
  parameter: "PARAMETER",
  largeObject: "LARGE OBJECT",
  table: "TABLE",
  sequence: "SEQUENCE",
  type: "TYPE",
  routine: "ROUTINE",
};

function objectName(object: ObjectRef): string {
  switch (object.kind) {
    case "largeObject":
      return object.oid;
    case "routine":
      return identsIn(object.signature);
    case "table":
    case "sequence":
    case "type":
      return `${ident(object.schema)}.${ident(object.name)}`;
    case "parameter":
      return parameterSql(object.name);
    default:
      return ident(object.name);
  }
}
