// Any declaration of roles for a drawn catalog.
import * as fc from "fast-check";
import { acknowledgeableHazards } from "../../../src/model/source-power.ts";
import type { Privilege } from "../../../src/model/privilege.ts";
import { generateRoleName } from "../../../src/model/role-name.ts";
import type { RoleSpec } from "../../../src/model/role-spec.ts";
import { defaultSettings, type Settings } from "../../../src/model/settings.ts";
import type { Choice } from "./catalog.ts";
import type { CatalogScript } from "./catalog-sql.ts";

export const resourceName = "Main db";
export const repository = "test/access";
export const labels = ["ro", "rw", "dba", "etl", "old"];
export const roleNames: readonly string[] = labels.map(nameOf);

function nameOf(label: string): string {
  const made = generateRoleName({ prefix: "hoopdev", resource: resourceName, label });
  if ("problem" in made) throw new Error(made.problem);
  return made.roleName;
}

type SpecDraw = {
  readonly label: number;
  readonly isExternal: boolean;
  readonly scopes: readonly { readonly database: Choice; readonly schema: Choice | null }[];
  readonly privileges: readonly Privilege[];
  readonly source: Choice;
  readonly acknowledges: boolean;
  readonly futureObjects: boolean;
  readonly connectionLimit: number | null;
  readonly expiresAt: string | null;
};

export type DesiredDraw = {
  readonly specs: readonly SpecDraw[];
  readonly orphans: Choice;
  readonly heir: Choice;
  readonly foreignGrants: Settings["foreignGrants"];
};

const spec: fc.Arbitrary<SpecDraw> = fc.record({
  label: fc.nat({ max: labels.length - 1 }),
  isExternal: fc.nat({ max: 4 }).map((number) => number === 4),
  scopes: fc.array(fc.record({ database: fc.nat({ max: 59 }), schema: fc.option(fc.nat({ max: 59 }), { freq: 2 }) }), {
    maxLength: 3,
    size: "max",
  }),
  privileges: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.subarray<Privilege>(
        ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "CREATE", "EXECUTE"],
        { minLength: 1 },
      ),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Privilege[]>(
        ["SELECT"],
        ["SELECT", "INSERT"],
        ["INSERT", "CREATE"],
        ["ALL"],
        ["EXECUTE"],
        ["MAINTAIN"],
        ["ALL", "CREATE", "EXECUTE"],
      ),
    },
  ),
  source: fc.nat({ max: 59 }),
  acknowledges: fc.nat({ max: 7 }).map((number) => number < 7),
  futureObjects: fc.boolean(),
  connectionLimit: fc.option(fc.nat({ max: 9 }), { freq: 2 }),
  expiresAt: fc.option(fc.constantFrom("2031-02-03T04:05:06Z", "2031-02-03T04:05:06.789Z", "9999-12-31T23:59:59Z"), { freq: 2 }),
});

export const anyDesired: fc.Arbitrary<DesiredDraw> = fc.record({
  specs: fc.uniqueArray(spec, { minLength: 1, maxLength: 4, selector: ({ label }) => label, size: "max" }),
  orphans: fc.nat({ max: 59 }),
  heir: fc.nat({ max: 59 }),
  foreignGrants: fc.constantFrom("revoke", "revoke", "revoke", "report"),
});

export type Desired = { readonly specs: readonly RoleSpec[]; readonly settings: Settings };

/** @param schemas the schemas of each database, people's alone. */
export function desiredOf(draw: DesiredDraw, script: CatalogScript, schemas: ReadonlyMap<string, readonly string[]>): Desired {
  const heir = ["postgres", ...script.people][draw.heir % (script.people.length + 1)] ?? "postgres";
  const orphans = (
    [
      { action: "report" },
      { action: "disable", terminateSessions: false },
      { action: "drop", reassignTo: heir, terminateSessions: true },
    ] as const
  )[draw.orphans % 3];
  const specs = draw.specs.map((item) => specOf(item, script, schemas));
  return {
    specs,
    settings: { ...defaultSettings, repository, foreignGrants: draw.foreignGrants, orphans: orphans ?? { action: "report" } },
  };
}

function specOf(draw: SpecDraw, script: CatalogScript, schemas: ReadonlyMap<string, readonly string[]>): RoleSpec {
  const label = labels[draw.label] ?? "";
  const databases = [...schemas.keys()];
  const sources = [...script.people, "pg_monitor", "pg_read_all_data", ...roleNames.filter((name) => name !== nameOf(label))];
  const scopes = draw.scopes.map(({ database, schema }) => {
    const name = databases[database % databases.length] ?? "";
    const known = schemas.get(name) ?? [];
    return { database: name, schema: schema === null ? null : (known[schema % known.length] ?? "public") };
  });
  const unique = [...new Map(scopes.map((scope) => [JSON.stringify(scope), scope])).entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, scope]) => scope);
  return {
    resource: resourceName,
    label,
    roleName: nameOf(label),
    type: draw.isExternal ? "external" : "managed",
    scopes: draw.isExternal ? [] : unique,
    privileges: draw.isExternal ? [] : draw.privileges,
    sourceRole: draw.isExternal ? (sources[draw.source % sources.length] ?? null) : null,
    rotatePassword: false,
    connectionLimit: draw.connectionLimit,
    expiresAt: draw.expiresAt,
    futureObjects: !draw.isExternal && draw.futureObjects,
    acknowledgeHazards: draw.isExternal && draw.acknowledges ? acknowledgeableHazards : [],
    origin: { file: "roles.yaml", line: 1, column: 1 },
  };
}
