// Common table expressions over what GRANT … ON ALL TABLES, SEQUENCES and ROUTINES covers, shared by the roll-up and the lists of names.
import { routineSignature } from "../model/routine-signature.ts";

/** Tables, partitioned tables, views, materialized views, foreign tables; and sequences, identity columns' included. */
const relationKinds = "c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')";
const relationKind = "CASE c.relkind WHEN 'S' THEN 'sequences' ELSE 'tables' END";

/**
 * `inserter`: who is to INSERT and where, from the parameter of insertParameter().
 * `drawn`: sequences and the schemas whose tables' column defaults draw from them. The default of a partition is never evaluated
 * for an INSERT through its parent, and identity columns need no privilege: neither has a part in it.
 * @param parameter `$3`: an empty list spares the search through pg_depend.
 */
export const drawnSequences = (parameter: string): string => `
inserter AS MATERIALIZED (
  SELECT w.want, w.role, ARRAY(SELECT json_array_elements_text(w.schemas)::oid) AS schemas
  FROM json_to_recordset(${parameter}::json) AS w (want int, role oid, schemas json)
),
drawn AS MATERIALIZED (
  SELECT d.refobjid AS sequence, array_agg(DISTINCT t.relnamespace) AS schemas
  FROM pg_depend d
  JOIN pg_attrdef f ON f.oid = d.objid
  JOIN pg_class t ON t.oid = f.adrelid AND NOT t.relispartition
  WHERE json_array_length(${parameter}::json) > 0
    AND d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid = 0
  GROUP BY d.refobjid
)`;

/** `kin`: how many objects of a schema share kind, owner, ACL and need. A schema has few distinct ACLs, so that few have to be exploded. */
export const countedKin = (schemas: string): string => `
kin AS MATERIALIZED (
  SELECT row_number() OVER () AS id, k.* FROM (
    SELECT c.relnamespace AS schema, ${relationKind} AS kind, c.relispartition AS partition, c.relowner AS owner, c.relacl AS acl,
      s.schemas AS drawn, count(*)::int AS n
    FROM pg_class c LEFT JOIN drawn s ON s.sequence = c.oid AND c.relkind = 'S'
    WHERE ${relationKinds} AND c.relnamespace = ANY (${schemas}::oid[])
    GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL
    SELECT p.pronamespace, 'routines', false, p.proowner, p.proacl, NULL, count(*)::int
    FROM pg_proc p WHERE p.pronamespace = ANY (${schemas}::oid[])
    GROUP BY p.pronamespace, p.proowner, p.proacl) k
)`;

/** `kin`, with the names of its members instead of their number, in the schemas and kinds of `asked`. */
export const namedKin = `
kin AS MATERIALIZED (
  SELECT row_number() OVER () AS id, k.* FROM (
    SELECT c.relnamespace AS schema, ${relationKind} AS kind, c.relispartition AS partition, c.relowner AS owner, c.relacl AS acl,
      s.schemas AS drawn, array_agg(c.relname::text) AS names
    FROM pg_class c LEFT JOIN drawn s ON s.sequence = c.oid AND c.relkind = 'S'
    WHERE ${relationKinds} AND (c.relnamespace, ${relationKind}) IN (SELECT a.schema, a.kind FROM asked a)
    GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL
    SELECT p.pronamespace, 'routines', false, p.proowner, p.proacl, NULL, array_agg(${routineSignature})
    FROM pg_proc p WHERE p.pronamespace IN (SELECT a.schema FROM asked a WHERE a.kind = 'routines')
    GROUP BY p.pronamespace, p.proowner, p.proacl) k
)`;

/** One row per table (not partition), sequence or routine in the schemas and kinds of `asked`, by its name and a letter for its kind. */
export const askedObjects = `
  SELECT c.relnamespace AS schema, ${relationKind} AS kind, c.relkind::text AS letter, c.relname::text AS name
  FROM pg_class c
  WHERE ${relationKinds} AND NOT c.relispartition AND (c.relnamespace, ${relationKind}) IN (SELECT a.schema, a.kind FROM asked a)
  UNION ALL
  SELECT p.pronamespace, 'routines', p.prokind::text, ${routineSignature}
  FROM pg_proc p WHERE p.pronamespace IN (SELECT a.schema FROM asked a WHERE a.kind = 'routines')`;

/** SQL of the SHA-256 over sorted texts, each behind its length, so that no name can pass for two. In the database's encoding: a conversion may fail. */
export const digestOf = (text: string, order: string): string =>
  `encode(sha256(convert_to(COALESCE(string_agg(octet_length(${text}) || ':' || ${text}, '' ORDER BY ${order}), ''), getdatabaseencoding())), 'hex')`;
