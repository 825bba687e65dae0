// Grants in the shared catalogs: CONNECT on the declared databases and nothing else on any database, tablespace or parameter.
import type { Change, Target } from "../model/change.ts";
import type { ObjectGrant } from "../model/observed.ts";
import { isLeftAlone } from "./foreign-grants.ts";
import { grantsInUse } from "./in-use.ts";
import { revokeUnwanted } from "./object-grants.ts";
import { declaredDatabases, type RoleContext } from "./role-context.ts";

export function diffSharedObjects(context: RoleContext): readonly Change[] {
  const { spec, observed } = context;
  const wanted = new Set(declaredDatabases(spec));
  const entries = observed.cluster.grants;
  const isInUse = grantsInUse(observed.cluster.grantsByTargets, context.isCleared);
  const isConnect = (entry: ObjectGrant): boolean =>
    entry.object.kind === "database" && entry.privilege === "CONNECT" && wanted.has(entry.object.name);
  const connected = new Set(entries.filter(isConnect).map((entry) => targetName(entry)));
  // An owner needs no grant, and its own entry is none (F30).
  const owned = new Set(observed.cluster.databases.filter(({ owner }) => owner === spec.roleName).map(({ name }) => name));
  return [
    ...revokeUnwanted({
      entries: entries.filter((entry) => !isInUse(entry)),
      isWanted: isConnect,
      isCounted: () => false,
      isLeftAlone: (entry) => isLeftAlone(context, entry),
      target: sharedTarget,
    }),
    ...[...wanted]
      .filter((database) => !connected.has(database) && !owned.has(database))
      .map((database): Change => ({ kind: "grant", privileges: ["CONNECT"], on: { kind: "database", database }, grantee: spec.roleName })),
  ];
}

function targetName(entry: ObjectGrant): string {
  return "name" in entry.object ? entry.object.name : "";
}

/** What a grant in the shared catalogs is on. */
export function sharedTarget(entry: ObjectGrant): Target {
  const { object } = entry;
  switch (object.kind) {
    case "database":
      return { kind: "database", database: object.name };
    case "tablespace":
    case "parameter":
      return { kind: object.kind, name: object.name };
    default:
      throw new Error(`a ${object.kind} is not in the shared catalogs`);
  }
}
