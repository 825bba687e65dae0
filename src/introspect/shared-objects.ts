// What targets hold in the shared catalogs, and in which other databases they hold or own something.
import { maximumGrantsByTarget, type ClusterCatalog, type ObjectGrant } from "../model/observed.ts";
import type { Queryable } from "../model/queryable.ts";
import { grantList, heldByTargets, isByTarget, isToTarget } from "./grant-json.ts";
import { onlyRow } from "./only-row.ts";

export type SharedCatalog = {
  readonly grants: readonly ObjectGrant[];
  readonly grantsByTargets: readonly ObjectGrant[];
  readonly ownedTablespaces?: NonNullable<ClusterCatalog["ownedTablespaces"]>;
  readonly footprints: ClusterCatalog["footprints"];
};

type Row = SharedCatalog & Required<Pick<SharedCatalog, "ownedTablespaces">>;

/** pg_parameter_acl came with 15. Its entries are the bootstrap superuser's, OID 10, whoever made them. */
const parametersSince = 150_000;
const parameters = "UNION ALL SELECT 'parameter', p.parname, 10::oid, p.paracl FROM pg_parameter_acl p";

const listed = { object: "json_build_object('kind', e.kind, 'name', e.name)", order: 'e.kind COLLATE "C", e.name COLLATE "C"' };
const grants = grantList({ ...listed, isUsed: "e.used", from: heldByTargets });
const grantsByTargets = grantList({ ...listed, from: `entry e WHERE ${isByTarget}`, most: { ofEachGrantor: maximumGrantsByTarget } });

// Footprints: pg_shdepend has a row for every object and role in its ACL, millions in a large cluster. With the databases and roles
// as parameters the planner knows which of the two indexes is short: the databases' own rows, or the roles'.
const query = (version: number): string => `
WITH entry AS MATERIALIZED (
  SELECT e.* FROM (
    SELECT o.kind || ' ' || o.name AS id, o.kind, o.name, o.owner, a.* FROM (
      SELECT 'database' AS kind, d.datname::text AS name, d.datdba AS owner, d.datacl AS acl FROM pg_database d
      UNION ALL SELECT 'tablespace', t.spcname::text, t.spcowner, t.spcacl FROM pg_tablespace t
      ${version >= parametersSince ? parameters : ""}) o
    CROSS JOIN LATERAL aclexplode(o.acl) a) e
  WHERE (${isToTarget}) OR (${isByTarget})
)
SELECT
  ${grants} AS grants,
  ${grantsByTargets} AS "grantsByTargets",
  (SELECT COALESCE(json_agg(json_build_object('role', pg_get_userbyid(t.spcowner), 'name', t.spcname)
      ORDER BY pg_get_userbyid(t.spcowner)::text COLLATE "C", t.spcname::text COLLATE "C"), '[]')
   FROM pg_tablespace t WHERE t.spcowner = ANY ($1::oid[])) AS "ownedTablespaces",
  (SELECT COALESCE(json_agg(json_build_object('role', r.rolname, 'database', d.datname)
      ORDER BY r.rolname::text COLLATE "C", d.datname::text COLLATE "C"), '[]')
   FROM (SELECT DISTINCT s.refobjid, s.dbid FROM pg_shdepend s
         WHERE s.dbid = ANY ($2::oid[]) AND s.refclassid = 'pg_authid'::regclass AND s.refobjid = ANY ($1::oid[])) f
   JOIN pg_roles r ON r.oid = f.refobjid JOIN pg_database d ON d.oid = f.dbid) AS footprints`;

/**
 * @param input.targets OIDs of the target roles.
 * @param input.otherDatabases OIDs of the databases to look for footprints in.
 */
export async function readSharedObjects(
  db: Queryable,
  input: { readonly version: number; readonly targets: readonly number[]; readonly otherDatabases: readonly number[] },
): Promise<SharedCatalog> {
  const { rows } = await db.query<Row>(query(input.version), [input.targets, input.otherDatabases]);
  const { ownedTablespaces, ...shared } = onlyRow(rows);
  return { ...shared, ...(ownedTablespaces.length > 0 && { ownedTablespaces }) };
}
