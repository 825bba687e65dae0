// What has to be true after an apply, said a second time and in another way than src/ says it: for every entry of every ACL in turn.
import type { RoleSpec } from "../../../src/model/role-spec.ts";
import type { Desired } from "./desired.ts";
import { repository } from "./desired.ts";
import type { DatabaseFacts, Entry, Facts } from "./facts.ts";

/**
 * A role that the plan was able to bring to what is declared, or an orphan that the settings act upon. One that is blocked has lost and got what
 * does not depend on what it granted onwards.
 */
export type Judged = { readonly role: string; readonly spec: RoleSpec | null; readonly isBlocked: boolean };

/** @returns every way in which the cluster is not as declared; empty where all is well. */
export function deviations(input: {
  readonly before: Facts;
  readonly after: Facts;
  readonly judged: readonly Judged[];
  readonly desired: Desired;
  readonly version: number;
}): readonly string[] {
  const { judged, after } = input;
  return [
    ...judged.flatMap((item) => {
      if (item.spec === null) return orphanDeviations(item, input);
      if (item.isBlocked) return [];
      return [
        ...roleDeviations(item.spec, input),
        ...(item.spec.type === "managed" ? after.local.flatMap((facts) => databaseDeviations(item.spec as RoleSpec, facts, input)) : []),
      ];
    }),
    ...outsideDeviations(input),
  ];
}

type Input = Parameters<typeof deviations>[0];

function wantedOnTables(spec: RoleSpec, version: number): ReadonlySet<string> {
  const every = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", ...(version >= 17 ? ["MAINTAIN"] : [])];
  const declared: readonly string[] = spec.privileges;
  return new Set(every.filter((privilege) => declared.includes("ALL") || declared.includes(privilege)));
}

function isInScope(spec: RoleSpec, database: string, schema: string): boolean {
  const isSystem = schema.startsWith("pg_") || schema === "information_schema";
  return spec.scopes.some((scope) => scope.database === database && (scope.schema === schema || (scope.schema === null && !isSystem)));
}

function roleDeviations(spec: RoleSpec, { before, after, desired }: Input): readonly string[] {
  const role = after.roles.find(({ name }) => name === spec.roleName);
  if (!role) return [`${spec.roleName} does not exist`];
  const wanted = {
    login: true,
    inherit: true,
    superuser: false,
    createdb: false,
    createrole: false,
    replication: false,
    bypassrls: false,
    limit: spec.connectionLimit ?? -1,
  };
  const { until, ...attributes } = role.attributes;
  const found: string[] = [];
  if (JSON.stringify(attributes) !== JSON.stringify(wanted)) found.push(`${role.name} has ${JSON.stringify(attributes)}`);
  const sameInstant = spec.expiresAt === null ? until === null : typeof until === "string" && instant(until) === instant(spec.expiresAt);
  if (!sameInstant) found.push(`${role.name} is valid until ${JSON.stringify(until)} instead of ${spec.expiresAt}`);
  const was = before.roles.find(({ name }) => name === spec.roleName);
  if (role.comment?.endsWith(`[rolewright ${repository}]`) !== true) found.push(`${role.name} has the comment ${role.comment}`);
  const text = was?.comment?.replace(`[rolewright ${repository}]`, "").trim() ?? "";
  if (text !== "" && role.comment?.startsWith(text) !== true) found.push(`${role.name} lost its comment ${text}`);
  if (was && was.hasPassword !== role.hasPassword) found.push(`${role.name} got or lost a password`);
  if (!was && !role.hasPassword) found.push(`${role.name} has no password`);
  const held = after.memberships.filter(({ member }) => member === spec.roleName);
  for (const row of held) if (row.role !== spec.sourceRole || row.admin) found.push(`${role.name} is a member: ${JSON.stringify(row)}`);
  if (spec.sourceRole !== null && !held.some((row) => row.role === spec.sourceRole && row.inherit !== false))
    found.push(`${role.name} does not inherit ${spec.sourceRole}`);
  return [...found, ...(spec.type === "managed" ? sharedDeviations(spec, after, desired) : [])];
}

function instant(text: string): number {
  return new Date(text).getTime();
}

/** Whether an entry stays although nobody declared it: another than the owner made it, and the settings say so. */
function isLeftAlone(entry: Entry, { settings }: Desired): boolean {
  return settings.foreignGrants === "report" && entry.grantor !== entry.owner;
}

function sharedDeviations(spec: RoleSpec, after: Facts, desired: Desired): readonly string[] {
  const held = after.shared.filter((entry) => entry.grantee === spec.roleName && entry.owner !== spec.roleName);
  const wanted = new Set(spec.scopes.map(({ database }) => database));
  const isWanted = (entry: Entry): boolean => entry.kind === "database" && entry.privilege === "CONNECT" && wanted.has(entry.on);
  return [
    ...held
      .filter((entry) => !isLeftAlone(entry, desired) && (!isWanted(entry) || entry.grantable))
      .map((entry) => `too much: ${JSON.stringify(entry)}`),
    ...[...wanted]
      .filter((database) => after.databases.some(({ name, owner }) => name === database && owner !== spec.roleName))
      .filter((database) => !held.some((entry) => isWanted(entry) && entry.on === database))
      .map((database) => `${spec.roleName} lacks CONNECT on ${database}`),
  ];
}

function databaseDeviations(spec: RoleSpec, facts: DatabaseFacts, { after, desired, version }: Input): readonly string[] {
  const role = spec.roleName;
  const tables = wantedOnTables(spec, version);
  const inScope = (schema: string): boolean => isInScope(spec, facts.name, schema);
  const inserts = tables.has("INSERT");
  const needed = new Set(facts.draws.filter(({ schema }) => inserts && inScope(schema)).map(({ sequence }) => sequence));
  const required: string[] = [];
  const key = (kind: string, on: string, privilege: string): string => JSON.stringify([kind, on, privilege]);
  const allowed = new Set<string>();
  for (const schema of facts.schemas.filter(({ name }) => inScope(name))) {
    const privileges = spec.privileges.includes("CREATE") ? ["USAGE", "CREATE"] : ["USAGE"];
    for (const privilege of privileges) {
      allowed.add(key("schema", JSON.stringify([schema.name]), privilege));
      if (schema.owner !== role) required.push(key("schema", JSON.stringify([schema.name]), privilege));
    }
  }
  for (const object of facts.objects) {
    const privileges =
      object.kind === "table" && inScope(object.schema)
        ? [...tables]
        : object.kind === "routine" && inScope(object.schema) && spec.privileges.includes("EXECUTE")
          ? ["EXECUTE"]
          : object.kind === "sequence" && (needed.has(object.on) || (spec.futureObjects && inserts && inScope(object.schema)))
            ? ["USAGE"]
            : [];
    const isRequired = object.owner !== role && !object.partition && (object.kind !== "sequence" || needed.has(object.on));
    for (const privilege of privileges) {
      allowed.add(key(object.kind, object.on, privilege));
      if (isRequired) required.push(key(object.kind, object.on, privilege));
    }
  }
  const held = facts.entries.filter((entry) => entry.grantee === role && entry.owner !== role);
  const keys = new Set(held.map((entry) => key(entry.kind, spaceless(entry.on), entry.privilege)));
  const allowedKeys = new Set([...allowed].map(normalise));
  return [
    ...held
      .filter(
        (entry) =>
          !isLeftAlone(entry, desired) && (entry.grantable || !allowedKeys.has(key(entry.kind, spaceless(entry.on), entry.privilege))),
      )
      .map((entry) => `too much in ${facts.name}: ${JSON.stringify(entry)}`),
    ...required.filter((wanted) => !keys.has(normalise(wanted))).map((wanted) => `${role} lacks in ${facts.name}: ${wanted}`),
    ...defaultDeviations(spec, facts, { after, desired, version }),
  ];
}

/** json_build_array and JSON.stringify set spaces differently. */
function spaceless(on: string): string {
  return on.startsWith("[") ? JSON.stringify(JSON.parse(on)) : on;
}

function normalise(key: string): string {
  const [kind, on, privilege] = JSON.parse(key) as [string, string, string];
  return JSON.stringify([kind, spaceless(on), privilege]);
}

function defaultDeviations(
  spec: RoleSpec,
  facts: DatabaseFacts,
  { after, desired, version }: Pick<Input, "after" | "desired" | "version">,
): readonly string[] {
  const role = spec.roleName;
  const tables = [...wantedOnTables(spec, version)];
  const wanted = new Set(
    !spec.futureObjects
      ? []
      : facts.schemas
          .filter(({ name }) => isInScope(spec, facts.name, name))
          .flatMap(({ name }) =>
            creatorsOf(name, { spec, facts, after, desired, version }).flatMap((creator) => [
              ...tables.map((privilege) => JSON.stringify([creator, name, "r", privilege])),
              ...(tables.includes("INSERT") ? [JSON.stringify([creator, name, "S", "USAGE"])] : []),
              ...(spec.privileges.includes("EXECUTE") ? [JSON.stringify([creator, name, "f", "EXECUTE"])] : []),
            ]),
          ),
  );
  const held = facts.defaults.filter((entry) => entry.grantee === role && entry.creator !== role);
  const keys = new Set(held.map(({ creator, schema, what, privilege }) => JSON.stringify([creator, schema, what, privilege])));
  return [
    ...held
      .filter((entry) => entry.grantable || !wanted.has(JSON.stringify([entry.creator, entry.schema, entry.what, entry.privilege])))
      .map((entry) => `default too much in ${facts.name}: ${JSON.stringify(entry)}`),
    ...[...wanted].filter((key) => !keys.has(key)).map((key) => `${role} lacks the default in ${facts.name}: ${key}`),
  ];
}

/** Who owns or may create something in a schema: by ownership, by a grant of CREATE to itself, or as somebody who inherits from those. */
function creatorsOf(
  schema: string,
  {
    spec,
    facts,
    after,
    desired,
    version,
  }: { readonly spec: RoleSpec; readonly facts: DatabaseFacts; readonly after: Facts; readonly desired: Desired; readonly version: number },
): readonly string[] {
  const managed = new Set(desired.specs.filter(({ type }) => type === "managed").map(({ roleName }) => roleName));
  const orphans = new Set(
    after.roles
      .filter(
        ({ name, comment, attributes }) =>
          comment?.endsWith(`[rolewright ${repository}]`) === true &&
          attributes["superuser"] !== true &&
          !desired.specs.some(({ roleName }) => roleName === name),
      )
      .map(({ name }) => name),
  );
  // One that is only reported keeps what it has; so does a superuser.
  const leaving = desired.settings.orphans.action === "report" ? new Set<string>() : orphans;
  const databaseOwner = after.databases.find(({ name }) => name === facts.name)?.owner ?? "";
  // An orphan that waits for others before it can be dropped creates nothing any more, and its heir will.
  const heirOf = (name: string): string =>
    desired.settings.orphans.action === "drop" && orphans.has(name) ? desired.settings.orphans.reassignTo : name;
  const resolve = (name: string): string => heirOf(name === "pg_database_owner" ? databaseOwner : name);
  const owners = new Set([
    ...facts.schemas.filter(({ name }) => name === schema).map(({ owner }) => resolve(owner)),
    ...facts.objects
      .filter((object) => object.schema === schema && ["table", "sequence", "routine"].includes(object.kind))
      .map(({ owner }) => heirOf(owner)),
  ]);
  const holders = facts.entries
    .filter(
      (entry) =>
        entry.kind === "schema" &&
        entry.on === JSON.stringify([schema]) &&
        entry.privilege === "CREATE" &&
        entry.grantee !== "" &&
        entry.grantee !== entry.owner,
    )
    // A grant to an orphan is no inheritance: what it owns goes to its heir, what it holds goes away.
    .map(({ grantee }) => (grantee === "pg_database_owner" ? resolve(grantee) : grantee))
    .filter((name) => !managed.has(name) && !leaving.has(name));
  const declared = desired.specs
    .filter((other) => managed.has(other.roleName) && other.privileges.includes("CREATE") && isInScope(other, facts.name, schema))
    .map(({ roleName }) => roleName);
  const creators = new Set([...owners, ...holders, ...declared]);
  // Of declared roles the declaration counts, also where their own plan could not be applied.
  const declaredRoles = new Set(desired.specs.map(({ roleName }) => roleName));
  const memberships = [
    ...after.memberships.filter(({ member }) => !declaredRoles.has(member)),
    ...desired.specs.flatMap(({ sourceRole, roleName }) =>
      sourceRole === null ? [] : [{ role: sourceRole, member: roleName, inherit: true }],
    ),
  ];
  for (let grown = true; grown;) {
    grown = false;
    for (const { role, member, inherit } of memberships) {
      const inherits =
        version >= 16
          ? inherit === true
          : declaredRoles.has(member) || after.roles.find(({ name }) => name === member)?.attributes["inherit"] === true;
      if (!inherits || !creators.has(role) || creators.has(member) || managed.has(member) || leaving.has(member)) continue;
      creators.add(member);
      grown = true;
    }
  }
  const isSuperuser = (name: string): boolean =>
    !declaredRoles.has(name) && after.roles.find((role) => role.name === name)?.attributes["superuser"] === true;
  return [...creators].filter(
    (name) =>
      name !== spec.roleName &&
      !name.startsWith("pg_") &&
      after.roles.some((role) => role.name === name) &&
      (owners.has(name) || !isSuperuser(name)),
  );
}

function orphanDeviations({ role, isBlocked }: Judged, { before, after, desired }: Input): readonly string[] {
  const { action } = desired.settings.orphans;
  const now = after.roles.find(({ name }) => name === role);
  if (action === "drop" && !isBlocked) return now ? [`${role} was not dropped`] : [];
  const was = before.roles.find(({ name }) => name === role);
  if (!now || !was) return [`${role} is gone`];
  const wasIn = new Map(before.local.map(({ name, entries }) => [name, entries]));
  const places = [
    { was: before.shared, is: after.shared },
    ...after.local.map(({ name, entries }) => ({ was: wasIn.get(name) ?? [], is: entries })),
  ];
  // What was in use when the plan was made stays, also where the same apply took it from another role of ours.
  const held = places.flatMap(({ was: entries, is }) =>
    is.filter(
      (entry) => entry.grantee === role && entry.owner !== role && !isLeftAlone(entry, desired) && !(isBlocked && isInUse(entry, entries)),
    ),
  );
  return [
    ...["login", "superuser", "createdb", "createrole", "replication", "bypassrls"]
      .filter((power) => now.attributes[power] !== false)
      .map((power) => `orphan ${role} keeps ${power}`),
    ...(was.attributes["login"] === true && now.hasPassword ? [`${role} keeps its password`] : []),
    ...held.map((entry) => `orphan holds ${JSON.stringify(entry)}`),
    ...after.memberships
      .filter(({ member, admin }) => member === role && !(isBlocked && admin))
      .map((row) => `orphan is a member ${JSON.stringify(row)}`),
    ...after.local.flatMap(({ defaults }) =>
      defaults
        .filter(({ grantee, creator }) => grantee === role && creator !== role)
        .map((entry) => `orphan gets ${JSON.stringify(entry)}`),
    ),
  ];
}

/** Of system objects the facts have only what our roles hold, and not what these made of it. */
function isInUse({ kind, on, privilege, grantable, grantee }: Entry, entries: readonly Entry[]): boolean {
  const isSystem = on.startsWith('["pg_catalog"') || on.startsWith('["information_schema"');
  const isUsed = entries.some(
    (entry) => entry.grantor === grantee && entry.kind === kind && entry.on === on && entry.privilege === privilege,
  );
  // Whoever revokes it as the role has to get into its schema.
  return (grantable && (isSystem || isUsed)) || (kind === "schema" && privilege === "USAGE");
}

/** Everything that is about nobody we judge: the same before and after, but for what dropped orphans owned. */
function outsideDeviations(input: Input): readonly string[] {
  const was = new Set(outside(input.before, input));
  const is = new Set(outside(input.after, input));
  return [
    ...[...was].filter((line) => !is.has(line)).map((line) => `lost outside: ${line}`),
    ...[...is].filter((line) => !was.has(line)).map((line) => `new outside: ${line}`),
  ];
}

function outside(facts: Facts, { judged, before, desired }: Input): readonly string[] {
  const { orphans } = desired.settings;
  const dropped = new Set(
    orphans.action === "drop" ? judged.filter(({ spec, isBlocked }) => spec === null && !isBlocked).map(({ role }) => role) : [],
  );
  const heir = orphans.action === "drop" ? orphans.reassignTo : "";
  const heirOf = (name: string): string => (dropped.has(name) ? heir : name);
  const ours = new Set(judged.map(({ role }) => role));
  // The grants of an external role are nobody's but its own.
  const withGrants = new Set(judged.filter(({ spec }) => spec === null || spec.type === "managed").map(({ role }) => role));
  const inherited = new Set([
    ...before.shared.filter(({ owner }) => dropped.has(owner)).map(({ kind, on }) => JSON.stringify(["", kind, on])),
    ...before.local.flatMap(({ name, entries }) =>
      entries.filter(({ owner }) => dropped.has(owner)).map(({ kind, on }) => JSON.stringify([name, kind, on])),
    ),
  ]);
  const entryLines = (database: string, entries: readonly Entry[]): readonly string[] =>
    entries
      .filter((entry) => entry.grantee === entry.owner || !withGrants.has(entry.grantee))
      // PostgreSQL forgets an ACL that says no more than the built-in one.
      .filter((entry) => entry.kind !== "parameter" || entry.grantee !== entry.owner)
      .map((entry) => ({ ...entry, owner: heirOf(entry.owner), grantee: heirOf(entry.grantee), grantor: heirOf(entry.grantor) }))
      .filter((entry) => !(inherited.has(JSON.stringify([database, entry.kind, entry.on])) && entry.grantee === heir))
      .map((entry) => JSON.stringify([database, entry]));
  return [
    ...facts.roles.filter(({ name }) => !ours.has(name)).map((role) => JSON.stringify(role)),
    ...facts.memberships.filter(({ member, role }) => !ours.has(member) && !dropped.has(role)).map((row) => JSON.stringify(row)),
    ...facts.databases.map(({ name, owner }) => JSON.stringify([name, heirOf(owner)])),
    ...entryLines("", facts.shared),
    ...facts.local.flatMap(({ name, schemas, objects, entries, defaults, system }) => [
      ...schemas.map((schema) => JSON.stringify([name, schema.name, heirOf(schema.owner)])),
      ...objects.map((object) => JSON.stringify([name, { ...object, owner: heirOf(object.owner) }])),
      ...entryLines(name, entries),
      ...defaults
        .filter(({ grantee, creator }) => grantee !== creator && !withGrants.has(grantee) && !dropped.has(creator))
        .filter(({ schema, grantee }) => schema !== null || grantee !== "")
        .map((entry) => JSON.stringify([name, entry])),
      JSON.stringify([name, system]),
    ]),
  ];
}
