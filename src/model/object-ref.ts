// References to catalog objects that can carry an ACL.
import { isSystemSchema } from "./name.ts";

export type ObjectRef =
  | {
      readonly kind: "database" | "schema" | "language" | "foreignDataWrapper" | "foreignServer" | "tablespace" | "parameter";
      readonly name: string;
    }
  | { readonly kind: "largeObject"; readonly oid: string }
  | { readonly kind: "table" | "sequence" | "type"; readonly schema: string; readonly name: string }
  /** `signature` is what `regprocedure` prints under an empty search path: quoted, schema-qualified, with argument types. */
  | { readonly kind: "routine"; readonly schema: string; readonly signature: string }
  | { readonly kind: "column"; readonly schema: string; readonly table: string; readonly name: string };

/** Whether the roll-ups have the object in their counts: tables, sequences and routines of people's schemas. All others come by name alone. */
export function isCounted(object: ObjectRef): boolean {
  return (object.kind === "table" || object.kind === "sequence" || object.kind === "routine") && !isSystemSchema(object.schema);
}

/** Kinds that GRANT … ON ALL … IN SCHEMA covers, so that they are counted instead of named. */
export type BulkKind = "tables" | "sequences" | "routines";
