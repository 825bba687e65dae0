// How ACL entries leave the server: as the JSON of ObjectGrant.

/** `aclexplode` calls PUBLIC grantee 0. No role can have this name: it is reserved, in lower case, even when quoted. */
const granteeName = "CASE e.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(e.grantee) END";

type ListedGrant = { readonly object: string; readonly isNeeded?: string; readonly isUsed?: string };

/**
 * SQL of one ObjectGrant, from a row `e` with the columns of aclexplode and `owner`.
 * pg_get_userbyid never fails: an owner or grantor that is gone reads `unknown (OID=…)` (F63).
 * @param list.object SQL of its ObjectRef. @param list.isNeeded and list.isUsed SQL of these, for entries that may have them.
 */
function grantJson({ object, isNeeded, isUsed }: ListedGrant): string {
  return `json_strip_nulls(json_build_object('role', ${granteeName}, 'object', ${object}, 'privilege', e.privilege_type,
    'grantable', e.is_grantable, 'grantor', pg_get_userbyid(e.grantor), 'byOwner', e.grantor = e.owner,
    'owner', CASE WHEN e.grantor <> e.owner THEN pg_get_userbyid(e.owner) END, 'isNeeded', ${isNeeded ?? "NULL::boolean"},
    'isUsed', ${isUsed === undefined ? "NULL::boolean" : `CASE WHEN e.is_grantable AND ${isUsed} THEN true END`}))`;
}

/** SQL to sort entries `e` by, after what names their object: the same order on every server and in every locale. */
const grantOrder = `${granteeName}::text COLLATE "C", e.privilege_type COLLATE "C", pg_get_userbyid(e.grantor)::text COLLATE "C"`;

/** SQL condition: the entry `e` is a grant to a target (`$1`, OIDs). What an owner holds on its own object is not a grant (F30). */
export const isToTarget = "e.grantee = ANY ($1::oid[]) AND e.grantee <> e.owner";

/** SQL condition: a target (`$1`, OIDs) made the entry `e` for somebody else, with a grant option. */
export const isByTarget = "e.grantor = ANY ($1::oid[]) AND e.grantor <> e.owner AND e.grantee <> e.grantor";

/** SQL: what targets have granted onwards, from rows `entry` with an `id` of their object. */
export const onwards = `SELECT DISTINCT e.id, e.grantor, e.privilege_type FROM entry e WHERE ${isByTarget}`;

/** SQL of a join condition: the row `u` of {@link onwards} was granted with the privilege of the entry `e`. */
export const isUse = "u.id = e.id AND u.grantor = e.grantee AND u.privilege_type = e.privilege_type";

/** SQL of what follows FROM: rows `e` of `entry` that are grants to targets, and whether each is `used`. */
export const heldByTargets = `
(SELECT e.*, u.id IS NOT NULL AS used FROM entry e LEFT JOIN (${onwards}) u ON ${isUse} WHERE ${isToTarget}) e`;

/**
 * SQL of the sorted JSON list of ObjectGrants.
 * @param list.object and the others of one grant: see {@link grantJson}. @param list.order SQL that names the object, to sort by.
 * @param list.from rows `e`, with what follows FROM. @param list.most at most so many, of all or of each grantor.
 */
export function grantList(
  list: ListedGrant & {
    readonly order: string;
    readonly from: string;
    readonly most?: { readonly inAll: number } | { readonly ofEachGrantor: number };
  },
): string {
  const { order, from, most } = list;
  const sorted = `ORDER BY ${order}, ${grantOrder}`;
  const columns = `${grantJson(list)} AS entry, row_number() OVER (${sorted}) AS at`;
  const rows =
    most !== undefined && "ofEachGrantor" in most
      ? `(SELECT g.* FROM (SELECT ${columns}, row_number() OVER (PARTITION BY e.grantor ${sorted}) AS place FROM ${from}) g
   WHERE g.place <= ${most.ofEachGrantor}) g`
      : `(SELECT ${columns} FROM ${from} ORDER BY at${most === undefined ? "" : ` LIMIT ${most.inAll}`}) g`;
  return `(SELECT COALESCE(json_agg(g.entry ORDER BY g.at), '[]') FROM ${rows})`;
}
