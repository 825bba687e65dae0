// The difference of one role in one database.
import type { Change } from "../model/change.ts";
import { isCounted } from "../model/object-ref.ts";
import type { ObjectGrant } from "../model/observed.ts";
import { grantBulk, isWantedBulk, revokeBulk } from "./bulk.ts";
import type { DatabaseContext } from "./database-context.ts";
import { diffDefaultPrivileges } from "./default-privileges.ts";
import { isLeftAlone } from "./foreign-grants.ts";
import { grantsInUse, grantsOverColumnsInUse } from "./in-use.ts";
import { revokeUnwanted } from "./object-grants.ts";
import { grantSchemas } from "./schemas.ts";

export function diffDatabase(context: DatabaseContext): readonly Change[] {
  const { catalog, role } = context;
  const isInUse = grantsInUse(catalog.grantsByTargets, role.isCleared);
  const isOverColumnInUse = grantsOverColumnsInUse(catalog.grants, isInUse);
  // Only as the role itself can others revoke what it has granted, and for that it has to get into the schema.
  const open = new Set(catalog.grants.filter(isInUse).flatMap(({ object }) => ("schema" in object ? [object.schema] : [])));
  const isNeeded = ({ object, privilege }: ObjectGrant): boolean =>
    object.kind === "schema" && privilege === "USAGE" && open.has(object.name);
  return [
    ...revokeBulk(context),
    ...revokeUnwanted({
      entries: catalog.grants.filter((entry) => !isInUse(entry) && !isOverColumnInUse(entry) && !isNeeded(entry)),
      isWanted: (entry) => isWanted(context, entry),
      isCounted: ({ object }) => isCounted(object),
      isLeftAlone: (entry) => isLeftAlone(role, entry),
      target: (entry) =>
        entry.object.kind === "schema"
          ? { kind: "schema", database: catalog.name, schema: entry.object.name }
          : { kind: "objects", database: catalog.name, objects: [entry.object] },
    }),
    ...grantSchemas(context),
    ...grantBulk(context),
    ...diffDefaultPrivileges(context),
  ];
}

function isWanted(context: DatabaseContext, entry: ObjectGrant): boolean {
  const { object, privilege } = entry;
  switch (object.kind) {
    case "schema": {
      const wanted: readonly string[] = context.wanted.schemas;
      return wanted.includes(privilege) && context.inScope.has(object.name);
    }
    case "table":
      return isWantedBulk(context, { schema: object.schema, kind: "tables", privilege });
    case "routine":
      return isWantedBulk(context, { schema: object.schema, kind: "routines", privilege });
    case "sequence":
      return entry.isNeeded === true && privilege === "USAGE";
    default:
      return false;
  }
}
