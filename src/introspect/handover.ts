// What orphans that are to be dropped leave to their heir and that runs with its owner's rights, or is run by others on what the heir will own:
// names, and a digest of the definitions, so that nobody changes a body after it was reviewed.
import { maximumHandoverNames, type Handover } from "../model/observed.ts";
import type { Queryable } from "../model/queryable.ts";
import { routineSignature } from "../model/routine-signature.ts";
import { digestOf } from "./objects.ts";
import { onlyRow } from "./only-row.ts";

const relation = "quote_ident(n.nspname) || '.' || quote_ident(c.relname)";
const relations = "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace";
const isOwned = "c.relowner = ANY ($1::oid[])";

// A view with security_invoker, from 15 on, has the rights of whoever reads it.
const isInvoker = `EXISTS (SELECT FROM pg_options_to_table(c.reloptions) o WHERE o.option_name = 'security_invoker' AND o.option_value::boolean)`;

const query = `
WITH item AS MATERIALIZED (
  SELECT p.proowner AS owner, CASE WHEN p.prosecdef THEN 'securityDefiner' ELSE 'routine' END AS kind, ${routineSignature} AS name,
    json_build_array(p.prokind, l.lanname, p.prosrc, p.probin, p.proconfig, pg_get_function_sqlbody(p.oid), pg_get_expr(p.proargdefaults, 0))::text AS definition
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.proowner = ANY ($1::oid[])
  UNION ALL SELECT c.relowner, CASE WHEN ${isInvoker} THEN 'invokerView' ELSE 'view' END, ${relation},
    json_build_array(c.relkind, pg_get_viewdef(c.oid), c.reloptions)::text
  FROM ${relations} WHERE c.relkind IN ('v', 'm') AND ${isOwned}
  UNION ALL SELECT c.relowner, 'rule', quote_ident(r.rulename) || ' on ' || ${relation}, pg_get_ruledef(r.oid)
  FROM pg_rewrite r JOIN ${relations} ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN' AND ${isOwned}
  UNION ALL SELECT c.relowner, 'trigger', quote_ident(t.tgname) || ' on ' || ${relation}, pg_get_triggerdef(t.oid)
  FROM pg_trigger t JOIN ${relations} ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND ${isOwned}
)
SELECT COALESCE(json_agg(json_build_object('role', h.role, 'kind', h.kind, 'total', h.total, 'names', h.names, 'digest', h.digest)
  ORDER BY h.role COLLATE "C", h.kind COLLATE "C"), '[]') AS handover
FROM (
  SELECT pg_get_userbyid(i.owner)::text AS role, i.kind, count(*) AS total, (array_agg(i.name ORDER BY i.name COLLATE "C"))[1:$2::int] AS names,
    ${digestOf("(json_build_array(i.name, i.definition)::text)", 'i.name COLLATE "C", i.definition COLLATE "C"')} AS digest
  FROM item i GROUP BY i.owner, i.kind) h`;

/** @param roles OIDs of the orphans that are to be dropped and own something here. */
export async function readHandover(db: Queryable, roles: readonly number[]): Promise<readonly Handover[]> {
  if (roles.length === 0) return [];
  const { rows } = await db.query<{ readonly handover: readonly Handover[] }>(query, [roles, maximumHandoverNames]);
  return onlyRow(rows).handover;
}
