// How ACL entries leave the server: as the JSON of ObjectGrant.

/** `aclexplode` calls PUBLIC grantee 0. No role can have this name: it is reserved, in lower case, even when quoted. */
const granteeName = "CASE e.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(e.grantee) END";

/**
 * SQL of one ObjectGrant, from a row `e` with the columns of aclexplode and `owner`.
 * pg_get_userbyid never fails: an owner or grantor that is gone reads `unknown (OID=…)` (F63).
 * @param object SQL of its ObjectRef. @param isNeeded SQL of `isNeeded`; NULL where it has none.
 */
function grantJson(object: string, isNeeded: string | null): string {
  return `json_strip_nulls(json_build_object('role', ${granteeName}, 'object', ${object}, 'privilege', e.privilege_type,
    'grantable', e.is_grantable, 'grantor', pg_get_userbyid(e.grantor), 'byOwner', e.grantor = e.owner,
    'owner', CASE WHEN e.grantor <> e.owner THEN pg_get_userbyid(e.owner) END, 'isNeeded', ${isNeeded ?? "NULL::boolean"}))`;
}

/** SQL to sort entries `e` by, after what names their object: the same order on every server and in every locale. */
const grantOrder = `${granteeName}::text COLLATE "C", e.privilege_type COLLATE "C", pg_get_userbyid(e.grantor)::text COLLATE "C"`;

/** SQL condition: the entry `e` is a grant to a target (`$1`, OIDs). What an owner holds on its own object is not a grant (F30). */
export const isToTarget = "e.grantee = ANY ($1::oid[]) AND e.grantee <> e.owner";

/** SQL condition: a target (`$1`, OIDs) made the entry `e` for somebody else, with a grant option. */
export const isByTarget = "e.grantor = ANY ($1::oid[]) AND e.grantor <> e.owner AND e.grantee <> e.grantor";

/**
 * SQL of the sorted JSON list of ObjectGrants.
 * @param list.object and list.isNeeded as for {@link grantJson}. @param list.order SQL that names the object, to sort by.
 * @param list.from rows `e`, with what follows FROM. @param list.most at most so many, of all or of each grantor.
 */
export function grantList(list: {
  readonly object: string;
  readonly isNeeded?: string;
  readonly order: string;
  readonly from: string;
  readonly most?: { readonly inAll: number } | { readonly ofEachGrantor: number };
}): string {
  const { object, isNeeded = null, order, from, most } = list;
  const sorted = `ORDER BY ${order}, ${grantOrder}`;
  const columns = `${grantJson(object, isNeeded)} AS entry, row_number() OVER (${sorted}) AS at`;
  const rows =
    most !== undefined && "ofEachGrantor" in most
      ? `(SELECT g.* FROM (SELECT ${columns}, row_number() OVER (PARTITION BY e.grantor ${sorted}) AS place FROM ${from}) g
   WHERE g.place <= ${most.ofEachGrantor}) g`
      : `(SELECT ${columns} FROM ${from} ORDER BY at${most === undefined ? "" : ` LIMIT ${most.inAll}`}) g`;
  return `(SELECT COALESCE(json_agg(g.entry ORDER BY g.at), '[]') FROM ${rows})`;
}
