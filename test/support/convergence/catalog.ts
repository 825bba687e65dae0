// Any state of a cluster that people could have made, as numbers that catalog-sql.ts turns into SQL: they shrink well.
import * as fc from "fast-check";
import { namesOf } from "./names.ts";

/** Picks one of a list by its remainder, so that any number is a choice. */
export type Choice = number;

const choice = (): fc.Arbitrary<Choice> => fc.nat({ max: 239 });
const rarely = (): fc.Arbitrary<boolean> => fc.nat({ max: 5 }).map((number) => number === 5);

export type RoleDraw = { readonly attributes: Choice; readonly validUntil: Choice; readonly comment: Choice };

const role: fc.Arbitrary<RoleDraw> = fc.record({ attributes: choice(), validUntil: choice(), comment: choice() });

export type ObjectDraw = { readonly kind: Choice; readonly owner: Choice; readonly detail: Choice };

const object: fc.Arbitrary<ObjectDraw> = fc.record({ kind: choice(), owner: choice(), detail: choice() });

export type GrantDraw = {
  readonly object: Choice;
  readonly privilege: Choice;
  readonly grantee: Choice;
  /** Who makes the grant, with a grant option received before; `null`: the owner's side. */
  readonly via: Choice | null;
  readonly option: boolean;
};

const grant: fc.Arbitrary<GrantDraw> = fc.record({
  object: choice(),
  privilege: choice(),
  grantee: choice(),
  via: fc.option(choice(), { freq: 3 }),
  option: rarely(),
});

export type BulkDraw = { readonly schema: Choice; readonly privilege: Choice; readonly kind: Choice; readonly grantee: Choice };

export type DefaultDraw = {
  readonly creator: Choice;
  readonly schema: Choice | null;
  readonly what: Choice;
  readonly grantee: Choice;
  readonly option: boolean;
};

export type SchemaDraw = { readonly owner: Choice; readonly objects: readonly ObjectDraw[] };

export type DatabaseDraw = {
  readonly owner: Choice;
  readonly publicConnect: boolean;
  readonly schemas: readonly SchemaDraw[];
  readonly schemaNames: readonly string[];
  readonly objectNames: readonly string[];
  readonly grants: readonly GrantDraw[];
  readonly columnGrants: readonly GrantDraw[];
  readonly bulk: readonly BulkDraw[];
  readonly defaults: readonly DefaultDraw[];
};

const database: fc.Arbitrary<DatabaseDraw> = fc.record({
  owner: choice(),
  publicConnect: fc.boolean(),
  schemas: fc.array(fc.record({ owner: choice(), objects: fc.array(object, { maxLength: 5, size: "max" }) }), {
    minLength: 1,
    maxLength: 3,
    size: "max",
  }),
  schemaNames: namesOf({ min: 3, max: 3 }),
  objectNames: namesOf({ min: 8, max: 8 }),
  grants: fc.array(grant, { maxLength: 12, size: "max" }),
  columnGrants: fc.array(grant, { maxLength: 3 }),
  bulk: fc.array(fc.record({ schema: choice(), privilege: choice(), kind: choice(), grantee: choice() }), { maxLength: 5, size: "max" }),
  defaults: fc.array(
    fc.record({ creator: choice(), schema: fc.option(choice(), { freq: 2 }), what: choice(), grantee: choice(), option: rarely() }),
    { maxLength: 4, size: "max" },
  ),
});

export type MembershipDraw = {
  readonly role: Choice;
  readonly member: Choice;
  readonly admin: boolean;
  readonly inherit: boolean;
  readonly grantor: Choice | null;
};

export type Catalog = {
  readonly peopleNames: readonly string[];
  readonly people: readonly RoleDraw[];
  /** Roles that have the generated names before rolewright ever ran; `null`: this one does not exist yet. */
  readonly ours: readonly (RoleDraw | null)[];
  readonly databaseNames: readonly string[];
  readonly databases: readonly DatabaseDraw[];
  readonly memberships: readonly MembershipDraw[];
  readonly shared: readonly GrantDraw[];
};

/** @param labels how many generated names there are. */
export function anyCatalog(labels: number): fc.Arbitrary<Catalog> {
  return fc.record({
    peopleNames: namesOf({ min: 4, max: 4 }),
    people: fc.array(role, { minLength: 4, maxLength: 4 }),
    ours: fc.array(fc.option(role, { freq: 2 }), { minLength: labels, maxLength: labels }),
    databaseNames: namesOf({ min: 3, max: 3 }),
    databases: fc
      .tuple(fc.constantFrom(1, 1, 1, 2, 2, 3), fc.array(database, { minLength: 3, maxLength: 3 }))
      .map(([count, databases]) => databases.slice(0, count)),
    memberships: fc.array(
      fc.record({ role: choice(), member: choice(), admin: rarely(), inherit: fc.boolean(), grantor: fc.option(choice(), { freq: 3 }) }),
      { maxLength: 6, size: "max" },
    ),
    shared: fc.array(grant, { maxLength: 5, size: "max" }),
  });
}
