// One database's own catalogs for all target roles, in at most ten queries: counts first, then the names that the counts ask for.
import type { DatabaseInterest } from "../model/interest.ts";
import { isSystemSchema, compareNames } from "../model/name.ts";
import type { BulkKind } from "../model/object-ref.ts";
import {
  maximumGrantsByTarget,
  type BulkException,
  type BulkGrant,
  type DatabaseCatalog,
  type ObjectGrant,
  type SchemaInfo,
} from "../model/observed.ts";
import type { Queryable } from "../model/queryable.ts";
import { readColumnGrants } from "./columns.ts";
import { readDefaultPrivileges, type DefaultCatalog } from "./default-privileges.ts";
import { readDigests } from "./digests.ts";
import { readEntries } from "./entries.ts";
import { readExceptions } from "./exceptions.ts";
import { readHandover } from "./handover.ts";
import { columnUsesOf, holdingsOf, onwardsOf, ownersOf, totalsOf, type Holding } from "./holdings.ts";
import { readOtherObjects } from "./other-objects.ts";
import { readOwned, type OwnedCatalog } from "./owned.ts";
import { entryQuestions, exceptionQuestions, type Counts } from "./questions.ts";
import { readRollUp, type RollUp } from "./roll-up.ts";
import { readSchemas, type SchemaCatalog } from "./schemas.ts";
import { wantsOf, type Want } from "./want.ts";

/**
 * Reads the catalogs of the database that `db` is connected to, with CONNECT alone, inside the caller's transaction and under its
 * `search_path = pg_catalog`. Its queries see one state only where that transaction is REPEATABLE READ.
 * @throws Error when the connection is not what the interest asks for, or more entries exist than a plan can name.
 */
export async function introspectDatabase(db: Queryable, interest: DatabaseInterest): Promise<DatabaseCatalog> {
  const catalog = await readSchemas(db, { database: interest.database, roles: interest.roles.map(({ role }) => role) });
  const wants = wantsOf(interest.roles, catalog);
  const targets = wants.flatMap((want) => want.oid ?? []);
  const leaving = wants.filter(({ heir }) => heir !== null).flatMap(({ oid }) => oid ?? []);
  const rollUp = await readRollUp(db, { wants, schemas: catalog.schemas.map((schema) => schema.oid) });
  const names = new Map(catalog.schemas.map(({ oid, name }) => [oid, name]));
  const schemaName = (oid: number): string => names.get(oid) ?? "";
  const columns = await readColumnGrants(db, targets);
  const counts = countsOf({ wants, rollUp, columnGrants: columns.grants, schemaName });
  const exceptions = await readExceptions(db, { questions: exceptionQuestions(counts), wants, schemaName });
  const entries = await readEntries(db, { wants, questions: entryQuestions(counts), byTargets: rollUp.byTargets });
  const others = await readOtherObjects(db, targets);
  const defaults = await readDefaultPrivileges(db, { wants, totals: rollUp.totals, members: interest.members });
  const owned = await readOwned(db, targets, leaving);
  const owns = ownsOf({ wants, rollUp, owned });
  const handover = await readHandover(db, leavingOwners(wants, owns));
  const digest = await readDigests(db, { wants, needs: rollUp.needs });
  return {
    name: interest.database,
    schemas: schemaInfos({ catalog, rollUp, defaults, digest }),
    bulkGrants: bulkGrants(
      counts.holdings.filter((holding) => !counts.isSystem(holding.schema)),
      { wants, schemaName },
    ),
    exceptions: exceptions.toSorted(compareExceptions),
    grants: [...others.grants, ...entries.grants, ...columns.grants],
    neededSequences: neededSequences(rollUp, { wants, schemaName }),
    defaultPrivileges: defaults.defaultPrivileges,
    owns,
    grantsByTargets: firstOfEachGrantor([...others.grantsByTargets, ...entries.grantsByTargets, ...columns.grantsByTargets]),
    policies: owned.policies,
    ...(handover.length > 0 && { handover }),
  };
}

function countsOf(input: {
  readonly wants: readonly Want[];
  readonly rollUp: RollUp;
  readonly columnGrants: readonly ObjectGrant[];
  readonly schemaName: (oid: number) => string;
}): Counts {
  const { wants, rollUp, columnGrants, schemaName } = input;
  const isUsed = columnUsesOf(columnGrants);
  return {
    wants,
    holdings: holdingsOf(wants, rollUp),
    needs: rollUp.needs,
    total: totalsOf(rollUp.totals),
    owns: ownersOf(rollUp.totals),
    isSystem: (schema) => isSystemSchema(schemaName(schema)),
    isGrantedOnwards: onwardsOf(rollUp.byTargets),
    isUsedOnColumn: ({ want, schema, kind, privilege }) =>
      kind !== "routines" && isUsed(wants[want]?.role ?? "", schemaName(schema), privilege),
  };
}

/** OIDs of the orphans that are to be dropped and own something here. */
function leavingOwners(wants: readonly Want[], owns: DatabaseCatalog["owns"]): readonly number[] {
  const owners = new Set(owns.map(({ role }) => role));
  return wants.flatMap(({ role, oid, heir }) => (oid !== null && heir !== null && owners.has(role) ? [oid] : []));
}

function compareExceptions(a: BulkException, b: BulkException): number {
  return compareKeys(a, b) || compareNames(a.kind, b.kind) || compareNames(a.privilege, b.privilege) || compareNames(a.which, b.which);
}

function neededSequences(
  { needs }: RollUp,
  { wants, schemaName }: { readonly wants: readonly Want[]; readonly schemaName: (oid: number) => string },
): DatabaseCatalog["neededSequences"] {
  return needs
    .map(({ want, schema, needed, missing }) => ({ role: wants[want]?.role ?? "", schema: schemaName(schema), needed, missing }))
    .toSorted(compareKeys);
}

function firstOfEachGrantor(grants: readonly ObjectGrant[]): readonly ObjectGrant[] {
  const counts = new Map<string, number>();
  return grants.filter(({ grantor }) => {
    const count = (counts.get(grantor) ?? 0) + 1;
    counts.set(grantor, count);
    return count <= maximumGrantsByTarget;
  });
}

function schemaInfos(input: {
  readonly catalog: SchemaCatalog;
  readonly rollUp: RollUp;
  readonly defaults: DefaultCatalog;
  readonly digest: (schema: number, kind: BulkKind) => string;
}): readonly SchemaInfo[] {
  const { catalog, rollUp, defaults, digest } = input;
  const total = totalsOf(rollUp.totals);
  const partitions = Map.groupBy(
    rollUp.totals.filter((row) => row.partition),
    (row) => row.schema,
  );
  const publicTables = Map.groupBy(rollUp.publicTables, (row) => row.schema);
  const longestAcls = new Map(rollUp.longestAcls.map((row) => [row.schema, row]));
  const creators = new Map(defaults.creators.map((row) => [row.schema, row.creators]));
  return catalog.schemas
    .filter((schema) => !isSystemSchema(schema.name))
    .map(({ oid, name, owner, publicPrivileges }) => ({
      name,
      owner,
      tables: total(oid, "tables"),
      partitions: (partitions.get(oid) ?? []).reduce((sum, row) => sum + row.count, 0),
      sequences: total(oid, "sequences"),
      routines: total(oid, "routines"),
      digests: { tables: digest(oid, "tables"), sequences: digest(oid, "sequences"), routines: digest(oid, "routines") },
      publicPrivileges,
      publicTablePrivileges: (publicTables.get(oid) ?? []).map((row) => row.privilege),
      ...aclSize(longestAcls.get(oid)),
      creators: creators.get(oid) ?? [],
    }));
}

/** From here on it matters how large an ACL is; below, and on most servers everywhere, it is no fact worth telling. */
const manyEntries = 500;

function aclSize(longest: RollUp["longestAcls"][number] | undefined): Pick<SchemaInfo, "maximumGrantees" | "aclBytes"> {
  const { entries, bytes } = longest ?? { entries: 0, bytes: 0 };
  return { maximumGrantees: entries, ...(entries < manyEntries ? {} : { aclBytes: bytes }) };
}

function bulkGrants(
  holdings: readonly Holding[],
  { wants, schemaName }: { readonly wants: readonly Want[]; readonly schemaName: (oid: number) => string },
): readonly BulkGrant[] {
  return holdings
    .map(({ want, schema, kind, privilege, held, heldByOwner, heldPartitions, heldPartitionsByOwner }) => {
      return {
        role: wants[want]?.role ?? "",
        schema: schemaName(schema),
        kind,
        privilege,
        held,
        heldByOwner,
        heldPartitions,
        heldPartitionsByOwner,
      };
    })
    .toSorted((a, b) => compareKeys(a, b) || compareNames(a.kind, b.kind) || compareNames(a.privilege, b.privilege));
}

/** OIDs order nothing: a restored database has others. */
function compareKeys(a: { readonly role: string; readonly schema: string }, b: typeof a): number {
  return compareNames(a.role, b.role) || compareNames(a.schema, b.schema);
}

function ownsOf(input: {
  readonly wants: readonly Want[];
  readonly rollUp: RollUp;
  readonly owned: OwnedCatalog;
}): DatabaseCatalog["owns"] {
  const counts = new Map<number, number>();
  for (const { owner, count } of [...input.rollUp.totals, ...input.owned.owned]) counts.set(owner, (counts.get(owner) ?? 0) + count);
  return input.wants
    .flatMap(({ role, oid }) => {
      const count = oid === null ? 0 : (counts.get(oid) ?? 0);
      return count > 0 ? [{ role, count }] : [];
    })
    .toSorted((a, b) => compareNames(a.role, b.role));
}
