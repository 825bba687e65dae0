// Whether the admin may grant or revoke on the objects that a statement covers. Pure.
import { listed } from "../../model/count.ts";
import type { Target } from "../../model/change.ts";
import type { ObjectRef } from "../../model/object-ref.ts";
import { ident } from "../../model/quote.ts";
import { inDatabase } from "../../model/place-words.ts";
import { maximumNames, type Answer, type Lacking, type RoleFacts } from "./inquiry.ts";
import { databaseOf, type ObjectNeed } from "./needs.ts";
import { inheritRemedies, isJoinable, type Lack, type Remedy } from "./remedy.ts";
import { quoted, type RoleView } from "./role-verdict.ts";

/** What one inquiry found about one need. */
export type Finding = { readonly lacking: readonly Lacking[]; readonly closed: Answer["closed"][number] | undefined };

/** @param sql the statement, for a superuser to run where nothing else helps. */
export function judgeObjectNeed(
  need: ObjectNeed,
  finding: Finding,
  { view, sql }: { readonly view: RoleView; readonly sql: string },
): readonly Lack[] {
  const grantor = need.grantor === null ? undefined : view.roles.get(need.grantor);
  if (grantor?.superuser) return [superuserGrantor(need, { grantor, sql })];
  const lacks = finding.lacking.map((lacking): Lack => {
    return { text: textOf(need, lacking), remedies: remediesOf(need, lacking, { view, sql }) };
  });
  const isForOthers = lacks.length > 0 && lacks.every((lack) => lack.remedies.every(({ kind }) => kind === "statement"));
  return isForOthers ? lacks : [...lacks, ...closedSchema(need, finding, view)];
}

/**
 * A superuser acts as the owner even after SET ROLE, and counts as one whose grant options cannot end: what it granted before it was
 * one can be taken back only while it is none.
 */
function superuserGrantor({ on }: ObjectNeed, { grantor, sql }: { readonly grantor: RoleFacts; readonly sql: string }): Lack {
  const role = ident(grantor.name);
  const script = ["BEGIN", `ALTER ROLE ${role} NOSUPERUSER`, sql, `ALTER ROLE ${role} SUPERUSER`, "COMMIT"].join(";\n");
  return {
    text: `a way to revoke what ${quoted(grantor.name)}, a superuser, granted ${onTarget(on)}`,
    remedies: [{ kind: "statement", database: databaseOf(on), sql: script }],
  };
}

function remediesOf(
  need: ObjectNeed,
  lacking: Lacking,
  { view, sql }: { readonly view: RoleView; readonly sql: string },
): readonly Remedy[] {
  const { admin, roles } = view;
  const owner = roles.get(lacking.owner);
  const canJoin = owner !== undefined && isJoinable(owner);
  const database = databaseOf(need.on);
  if (need.mustOwn)
    return canJoin && !lacking.rival ? inheritRemedies(lacking.owner, owner, admin) : [{ kind: "statement", database, sql }];
  if (canJoin && need.on.kind !== "database") return inheritRemedies(lacking.owner, owner, admin);
  return [
    {
      kind: "privilege",
      database,
      privileges: need.privileges,
      on: narrowed(need.on, lacking),
      to: admin.name,
      withGrantOption: true,
      unless: canJoin ? [lacking.owner] : [],
    },
  ];
}

/** The objects of one owner instead of all, as long as they can be named. */
function narrowed(on: Target, { names, count }: Lacking): Target {
  if (count > maximumNames) return on;
  const { database } = "database" in on ? on : { database: "" };
  switch (on.kind) {
    case "allTables":
      return { kind: "objects", database, objects: names.map((name): ObjectRef => ({ kind: "table", schema: on.schema, name })) };
    case "allSequences":
      return { kind: "objects", database, objects: names.map((name): ObjectRef => ({ kind: "sequence", schema: on.schema, name })) };
    case "allRoutines":
      return {
        kind: "objects",
        database,
        objects: names.map((signature): ObjectRef => ({ kind: "routine", schema: on.schema, signature })),
      };
    case "objects":
      return {
        ...on,
        objects: on.objects.filter((object) => !("name" in object) || object.kind === "column" || names.includes(object.name)),
      };
    case "database":
    case "tablespace":
    case "parameter":
    case "schema":
      return on;
  }
}

/** Objects of a schema can be named only with USAGE on it, by whoever names them. */
function closedSchema({ on, grantor }: ObjectNeed, { closed }: Finding, { admin, roles }: RoleView): readonly Lack[] {
  const schema = schemaNameOf(on);
  const database = databaseOf(on);
  if (!closed || schema === null || database === null) return [];
  const joinable = closed.usableBy.filter((name) => {
    const facts = roles.get(name);
    return facts !== undefined && isJoinable(facts);
  });
  const remedy: Remedy = {
    kind: "privilege",
    database,
    privileges: ["USAGE"],
    on: { kind: "schema", database, schema },
    to: grantor ?? admin.name,
    withGrantOption: false,
    unless: grantor === null ? joinable : [],
  };
  const whose = grantor === null ? "" : `, which ${quoted(grantor)} needs to revoke what it granted`;
  return [{ text: `USAGE on schema ${quoted(schema)}${inDatabase(database)}${whose}`, remedies: [remedy] }];
}

function schemaNameOf(on: Target): string | null {
  if ("schema" in on) return on.schema;
  const object = on.kind === "objects" ? on.objects[0] : undefined;
  return object !== undefined && "schema" in object ? object.schema : null;
}

/** More than these are counted. */
const shownNames = 5;

function textOf({ privileges, on, mustOwn }: ObjectNeed, { owner, rival, count, names }: Lacking): string {
  const right = `the right to ${mustOwn ? "revoke" : "grant"} ${privileges.join(", ")}`;
  const shown = names.slice(0, shownNames).map(quoted);
  const which = on.kind in bulkNames || on.kind === "objects" ? `: ${listed(shown, count)}` : "";
  const because = rival ? ", where the admin has a grant option besides and so would leave what the owner granted" : "";
  return `${right} ${onTarget(on, count)}, owned by ${quoted(owner)}${which}${because}`;
}

const bulkNames: Readonly<Record<string, string>> = { allTables: "tables", allSequences: "sequences", allRoutines: "routines" };

function onTarget(on: Target, count?: number): string {
  switch (on.kind) {
    case "database":
      return `on database ${quoted(on.database)}`;
    case "tablespace":
    case "parameter":
      return `on ${on.kind} ${quoted(on.name)}`;
    case "schema":
      return `on schema ${quoted(on.schema)} in database ${quoted(on.database)}`;
    case "allTables":
    case "allSequences":
    case "allRoutines":
      return `on ${count === undefined ? "" : `${count} of the `}${bulkNames[on.kind]} of schema ${quoted(on.schema)} in database ${quoted(on.database)}`;
    case "objects": {
      const schema = schemaNameOf(on);
      return `on ${count ?? on.objects.length} named objects${schema === null ? "" : ` of schema ${quoted(schema)}`} in database ${quoted(on.database)}`;
    }
  }
}
