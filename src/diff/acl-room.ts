// The ACL of a relation is kept, compressed, in its row of pg_class, which has to fit into one page. Where it is full, every further
// GRANT on that relation fails, whoever runs it (F70).
import type { DatabaseCatalog } from "../model/observed.ts";
import type { RoleSpec } from "../model/role-spec.ts";
import type { DatabaseContext } from "./database-context.ts";
import { schemasInScope, scopesByDatabase, type ScopesByDatabase } from "./role-context.ts";

/** Measured on PostgreSQL 15 and 18: "row is too big: size 8168, maximum size 8160", with about 170 bytes besides the ACL. */
const fullBytes = 7_980;

const warningBytes = 6_000;

/** Measured for roles made one after the other that hold the same: 2,442 of them fit. Scattered ones with various privileges take 4 and more. */
const fewestBytesPerEntry = 3.3;

/** By database, then by schema: how many roles of this run will get their first entry on tables there. */
export type Newcomers = ReadonlyMap<string, ReadonlyMap<string, number>>;

export function countNewcomers(specs: readonly RoleSpec[], catalogs: readonly DatabaseCatalog[]): Newcomers {
  const managed = specs.filter(({ type }) => type === "managed").map((spec) => ({ role: spec.roleName, scopes: scopesByDatabase(spec) }));
  return new Map(catalogs.map((catalog) => [catalog.name, newcomersIn(managed, catalog)]));
}

function newcomersIn(
  specs: readonly { readonly role: string; readonly scopes: ScopesByDatabase }[],
  catalog: DatabaseCatalog,
): ReadonlyMap<string, number> {
  const holders = new Set(catalog.bulkGrants.filter(({ kind }) => kind === "tables").map(({ role, schema }) => keyOf(role, schema)));
  const counts = new Map<string, number>();
  for (const { role, scopes } of specs) {
    const own = scopes.get(catalog.name);
    if (own === undefined) continue;
    for (const { name, tables } of schemasInScope(own, catalog)) {
      if (tables > 0 && !holders.has(keyOf(role, name))) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

function keyOf(role: string, schema: string): string {
  return JSON.stringify([role, schema]);
}

/** @returns a warning for each schema in scope where an ACL is near the end of its page, or gets there by this run. */
export function aclWarnings({ role, catalog, schemas }: DatabaseContext): readonly string[] {
  return schemas.flatMap((schema) => {
    const coming = role.newcomers.get(catalog.name)?.get(schema.name) ?? 0;
    const entries = schema.maximumGrantees;
    const bytes = schema.aclBytes ?? entries * fewestBytesPerEntry;
    const expected = bytes + coming * Math.max(fewestBytesPerEntry, entries === 0 ? 0 : bytes / entries);
    if (expected < warningBytes) return [];
    const more = coming === 0 ? "" : ` and gets up to ${coming} more by this run`;
    return [
      `${catalog.name}.${schema.name}: the largest ACL has ${entries} entries${more}, about ${Math.round((expected / fullBytes) * 100)} % of what a page holds; ` +
        "once it is full, every further GRANT on that object fails, whoever runs it. Give the privileges to one managed role, and declare the others as " +
        "external roles with that one as their source_role: members need no entry of their own",
    ];
  });
}
