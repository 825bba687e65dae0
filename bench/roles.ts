// Roles as rolewright would have made them, so that a plan finds them in sync.
import { markedComment } from "../src/model/marker.ts";
import { ident, literal } from "../src/model/quote.ts";
import { generateRoleName } from "../src/model/role-name.ts";
import { defaultSettings } from "../src/model/settings.ts";

export type BenchRole = {
  readonly resource: string;
  readonly label: string;
  readonly roleName: string;
  /** Every other role reads only. */
  readonly writes: boolean;
};

/** A number of roles of one resource; `series` tells those of several access repositories on one cluster apart. */
export function makeRoles(resource: string, series: string, count: number): readonly BenchRole[] {
  return Array.from({ length: count }, (_, index) => {
    const writes = index % 2 === 1;
    const label = `${series}-${index + 1}-${writes ? "rw" : "ro"}`;
    const generated = generateRoleName({ prefix: defaultSettings.prefix, resource, label });
    if ("problem" in generated) throw new Error(generated.problem);
    return { resource, label, roleName: generated.roleName, writes };
  });
}

/** One line of roles.csv. */
export function roleLine({ resource, label, writes }: BenchRole, scopes: readonly string[]): string {
  return `${resource},managed,${label},${scopes.join(";")},${writes ? "SELECT;INSERT;UPDATE;DELETE" : "SELECT"},`;
}

export function createRolesSql(roles: readonly BenchRole[], repository: string): string {
  const comment = literal(markedComment(null, { repository, isDeclared: true }));
  return roles
    .map(({ roleName }) => `CREATE ROLE ${ident(roleName)} LOGIN INHERIT; COMMENT ON ROLE ${ident(roleName)} IS ${comment};`)
    .join("\n");
}

/** What the roles hold in one schema once rolewright has applied. */
export function grantSchemaSql(schema: string, roles: readonly BenchRole[]): string {
  const names = (chosen: readonly BenchRole[]): string => chosen.map(({ roleName }) => ident(roleName)).join(", ");
  const writers = names(roles.filter(({ writes }) => writes));
  const readers = names(roles.filter(({ writes }) => !writes));
  return [
    ...(roles.length > 0 ? [`GRANT USAGE ON SCHEMA ${ident(schema)} TO ${names(roles)};`] : []),
    ...(readers === "" ? [] : [`GRANT SELECT ON ALL TABLES IN SCHEMA ${ident(schema)} TO ${readers};`]),
    ...(writers === ""
      ? []
      : [
          `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${ident(schema)} TO ${writers};`,
          `GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${ident(schema)} TO ${writers};`,
        ]),
  ].join("\n");
}

export function grantConnectSql(database: string, roles: readonly BenchRole[]): string {
  return `GRANT CONNECT ON DATABASE ${ident(database)} TO ${roles.map(({ roleName }) => ident(roleName)).join(", ")};`;
}
