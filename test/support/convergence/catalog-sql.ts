// A drawn catalog as SQL. Statements that PostgreSQL refuses, as a grant in a circle, are left out by whoever runs them.
import type { BulkDraw, Catalog, Choice, DatabaseDraw, GrantDraw, MembershipDraw, RoleDraw } from "./catalog.ts";
import { createObject, sequencePrivileges, tablePrivileges, type Grantable } from "./object-sql.ts";
import { ident, literal } from "./quoting.ts";

export type DatabaseScript = { readonly name: string; readonly statements: readonly string[] };

export type CatalogScript = {
  /** Names of the roles that exist, people's first. */
  readonly people: readonly string[];
  readonly ours: readonly string[];
  readonly roles: readonly string[];
  readonly databases: readonly DatabaseScript[];
  /** Memberships and grants in the shared catalogs, when everything else is there. */
  readonly shared: readonly string[];
};

type Cast = {
  readonly version: number;
  readonly people: readonly string[];
  readonly ours: readonly string[];
  readonly roleNames: readonly string[];
};

/** @param ourNames the generated names, in the order of `catalog.ours`. */
export function scriptOf(catalog: Catalog, ourNames: readonly string[], version: number): CatalogScript {
  const people = catalog.peopleNames;
  const ours = ourNames.filter((_, index) => catalog.ours[index] !== null);
  const cast: Cast = { version, people, ours, roleNames: [...people, ...ours] };
  const databases = catalog.databases.map((draw, index) => ({ draw, name: catalog.databaseNames[index] ?? "" }));
  return {
    people,
    ours,
    roles: [
      ...people.flatMap((name, index) => createRole(name, catalog.people[index], false)),
      ...ourNames.flatMap((name, index) => createRole(name, catalog.ours[index] ?? undefined, true)),
    ],
    databases: databases.map(({ draw, name }) => ({ name, statements: databaseStatements(draw, cast) })),
    shared: [
      ...databases.flatMap(({ draw, name }) => [
        `ALTER DATABASE ${ident(name)} OWNER TO ${ident(pick(["postgres", ...people, ...ours], draw.owner))}`,
        ...(draw.publicConnect ? [] : [`REVOKE CONNECT ON DATABASE ${ident(name)} FROM PUBLIC`]),
      ]),
      ...catalog.memberships.flatMap((draw) => membership(draw, cast)),
      ...catalog.shared.flatMap((draw) =>
        grantStatements(
          draw,
          sharedObjects(
            databases.map(({ name }) => name),
            version,
          ),
          cast,
        ),
      ),
    ],
  };
}

function pick<Item>(items: readonly Item[], at: Choice): Item {
  const item = items[at % items.length];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

const attributeWords = ["LOGIN", "NOINHERIT", "CREATEDB", "CREATEROLE", "REPLICATION", "BYPASSRLS"];

/** Of ours some are superusers with our marker, adopted ones, or another repository's. */
function createRole(name: string, draw: RoleDraw | undefined, isOurs: boolean): readonly string[] {
  if (!draw) return [];
  const words = attributeWords.filter((_, bit) => (draw.attributes >> bit) & 1);
  const superuser = draw.attributes % 17 === 16 ? ["SUPERUSER"] : [];
  const limit = draw.attributes % 5 === 0 ? [`CONNECTION LIMIT ${draw.attributes}`] : [];
  const until =
    ["", "VALID UNTIL 'infinity'", "VALID UNTIL '-infinity'", "VALID UNTIL '2031-02-03 04:05:06.789+07'"][draw.validUntil % 8] ?? "";
  const comments = [
    "",
    "a person's own text",
    "[rolewright test/access]",
    "Text. [rolewright test/access]",
    "it's \\ 'x'",
    "Text. [rolewright test/access]",
  ];
  const comment = draw.comment % 29 === 28 && isOurs ? "[rolewright other/access]" : pick(comments, draw.comment);
  return [
    `CREATE ROLE ${ident(name)} WITH ${[...words, ...superuser, ...limit, until].join(" ")}`,
    ...(isOurs && comment !== "" ? [`COMMENT ON ROLE ${ident(name)} IS ${literal(comment)}`] : []),
    ...(draw.attributes % 2 === 1 ? [`ALTER ROLE ${ident(name)} PASSWORD 'known'`] : []),
  ];
}

function membership({ role, member, admin, inherit, grantor }: MembershipDraw, { version, roleNames, people }: Cast): readonly string[] {
  const group = pick([...roleNames, "pg_monitor", "pg_read_all_data"], role);
  const to = pick(roleNames, member);
  const options = version >= 16 ? ` WITH ADMIN ${admin}, INHERIT ${inherit}` : admin ? " WITH ADMIN OPTION" : "";
  if (grantor === null) return [`GRANT ${ident(group)} TO ${ident(to)}${options}`];
  const by = pick(people, grantor);
  return [`GRANT ${ident(group)} TO ${ident(by)} WITH ADMIN OPTION`, as(by, `GRANT ${ident(group)} TO ${ident(to)}${options}`)];
}

function as(role: string, sql: string): string {
  return `SET LOCAL ROLE ${ident(role)}; ${sql}; RESET ROLE`;
}

function databaseStatements(draw: DatabaseDraw, cast: Cast): readonly string[] {
  const owners = ["postgres", ...cast.people, ...cast.people, ...cast.ours];
  const schemas = ["public", ...draw.schemaNames].slice(0, draw.schemas.length);
  const made = draw.schemas.map((schemaDraw, index) => {
    const schema = schemas[index] ?? "public";
    const owner = ident(pick(owners, schemaDraw.owner));
    const objects = schemaDraw.objects.map((object, at) => {
      const other = pick(schemas, index + object.detail);
      return createObject(object, {
        schema,
        other,
        name: draw.objectNames[at] ?? "x",
        owner: pick(owners, object.owner),
        at: index * 10 + at,
      });
    });
    return {
      schema: [
        ...(schema === "public" ? [] : [`CREATE SCHEMA ${ident(schema)}`]),
        ...(schemaDraw.owner % 3 === 0 ? [] : [`ALTER SCHEMA ${ident(schema)} OWNER TO ${owner}`]),
      ],
      objects,
    };
  });
  const grantables: readonly Grantable[] = [
    ...schemas.map((schema) => ({ on: `SCHEMA ${ident(schema)}`, privileges: ["USAGE", "CREATE"], schema: null })),
    ...made.flatMap(({ objects }) => objects.flatMap(({ grantables: own }) => own)),
    ...systemObjects,
  ];
  const columns = grantables.filter(({ on }) => on.startsWith("TABLE") && !on.includes("pg_catalog"));
  return [
    "CREATE FOREIGN DATA WRAPPER w",
    "CREATE SERVER v FOREIGN DATA WRAPPER w",
    "SELECT pg_catalog.lo_create(4711)",
    ...made.flatMap(({ schema }) => schema),
    ...made.flatMap(({ objects }) => objects.flatMap(({ statements }) => statements)),
    ...draw.defaults.flatMap((item) => defaultStatements(item, schemas, cast)),
    ...draw.bulk.flatMap((item) => bulkStatements(item, schemas, cast)),
    ...draw.grants.flatMap((item) => grantStatements(item, grantables, cast)),
    ...(columns.length === 0 ? [] : draw.columnGrants.flatMap((item) => columnStatements(item, columns, cast))),
  ];
}

const systemObjects: readonly Grantable[] = [
  { on: "LANGUAGE plpgsql", privileges: ["USAGE"], schema: null },
  { on: "FOREIGN DATA WRAPPER w", privileges: ["USAGE"], schema: null },
  { on: "FOREIGN SERVER v", privileges: ["USAGE"], schema: null },
  { on: "LARGE OBJECT 4711", privileges: ["SELECT", "UPDATE"], schema: null },
  { on: "TABLE pg_catalog.pg_authid", privileges: ["SELECT", "UPDATE"], schema: "pg_catalog" },
  { on: "FUNCTION pg_catalog.pg_reload_conf()", privileges: ["EXECUTE"], schema: "pg_catalog" },
  { on: "TABLE information_schema.tables", privileges: ["SELECT"], schema: "information_schema" },
  { on: "SCHEMA information_schema", privileges: ["USAGE"], schema: null },
  { on: "TYPE pg_catalog.int4", privileges: ["USAGE"], schema: "pg_catalog" },
];

function sharedObjects(databases: readonly string[], version: number): readonly Grantable[] {
  return [
    ...databases.map((name) => ({ on: `DATABASE ${ident(name)}`, privileges: ["CONNECT", "TEMP", "CREATE"], schema: null })),
    { on: "TABLESPACE pg_default", privileges: ["CREATE"], schema: null },
    ...(version >= 15
      ? [
          { on: "PARAMETER work_mem", privileges: ["SET"], schema: null },
          { on: 'PARAMETER "my.own"', privileges: ["ALTER SYSTEM"], schema: null },
        ]
      : []),
  ];
}

/** Managed roles come twice, so that most grants are theirs. */
function granteeOf(at: Choice, { people, ours }: Cast): string {
  const name = pick<string | null>([null, ...people, ...ours, ...ours, ...ours], at);
  return name === null ? "PUBLIC" : ident(name);
}

/** A grant, or one by somebody else, who gets what is needed for it first. */
function grantStatements(draw: GrantDraw, grantables: readonly Grantable[], cast: Cast): readonly string[] {
  const { on, privileges, schema } = pick(grantables, draw.object);
  const known = on.startsWith("TABLE") && cast.version >= 17 && !on.includes("pg_catalog") ? [...privileges, "MAINTAIN"] : privileges;
  const privilege = pick(known, draw.privilege);
  const grantee = granteeOf(draw.grantee, cast);
  const option = draw.option && grantee !== "PUBLIC" ? " WITH GRANT OPTION" : "";
  const sql = `GRANT ${privilege} ON ${on} TO ${grantee}${option}`;
  if (draw.via === null) return [sql];
  const by = pick(cast.roleNames, draw.via);
  return [
    ...(schema === null || schema === "pg_catalog" ? [] : [`GRANT USAGE ON SCHEMA ${ident(schema)} TO ${ident(by)}`]),
    `GRANT ${privilege} ON ${on} TO ${ident(by)} WITH GRANT OPTION`,
    as(by, sql),
  ];
}

function columnStatements(draw: GrantDraw, columns: readonly Grantable[], cast: Cast): readonly string[] {
  const { on, schema } = pick(columns, draw.object);
  const privilege = `${pick(["SELECT", "INSERT", "UPDATE", "REFERENCES"], draw.privilege)} (${draw.privilege % 5 === 0 ? "c, tableoid" : "c"})`;
  return grantStatements({ ...draw, object: 0, privilege: 0 }, [{ on: `${on} `, privileges: [privilege], schema }], {
    ...cast,
    version: 14,
  });
}

function bulkStatements({ schema, privilege, kind, grantee }: BulkDraw, schemas: readonly string[], cast: Cast): readonly string[] {
  const [what, privileges] = pick(
    [
      ["TABLES", tablePrivileges],
      ["TABLES", ["SELECT", "INSERT, SELECT", "ALL"]],
      ["SEQUENCES", sequencePrivileges],
      ["ROUTINES", ["EXECUTE"]],
    ] as const,
    kind,
  );
  const to = granteeOf(grantee, cast);
  return [`GRANT ${pick(privileges, privilege)} ON ALL ${what} IN SCHEMA ${ident(pick(schemas, schema))} TO ${to}`];
}

function defaultStatements(draw: DatabaseDraw["defaults"][number], schemas: readonly string[], cast: Cast): readonly string[] {
  const kinds = [
    ["SELECT", "TABLES"],
    ["INSERT, SELECT", "TABLES"],
    ["USAGE", "SEQUENCES"],
    ["EXECUTE", "FUNCTIONS"],
    ["USAGE", "TYPES"],
    ["USAGE", "SCHEMAS"],
    ...(cast.version >= 18 ? [["SELECT", "LARGE OBJECTS"] as const] : []),
  ] as const;
  const [privileges, objects] = pick(kinds, draw.what);
  const where =
    draw.schema === null || objects === "SCHEMAS" || objects === "LARGE OBJECTS" ? "" : ` IN SCHEMA ${ident(pick(schemas, draw.schema))}`;
  const grantee = granteeOf(draw.grantee, cast);
  const option = draw.option && grantee !== "PUBLIC" ? " WITH GRANT OPTION" : "";
  const creator = pick(["postgres", ...cast.roleNames], draw.creator);
  return [`ALTER DEFAULT PRIVILEGES FOR ROLE ${ident(creator)}${where} GRANT ${privileges} ON ${objects} TO ${grantee}${option}`];
}
