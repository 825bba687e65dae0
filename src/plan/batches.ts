// Role plans of one resource → the batches that apply runs. Roles that want the same thing share a statement, and every batch
// knows whom it serves, so that each session lists the statements that served it.
import type { Batch, SharedStatement } from "../model/batch.ts";
import { partKey, partOf, schemaOf, type Change } from "../model/change.ts";
import type { RolePlan, Statement } from "../model/plan.ts";
import { compareNames } from "../model/name.ts";
import { orderChanges } from "./order.ts";
import { renderChange } from "./render.ts";

/**
 * @param splitBySchema whether a schema of a database gets its own transaction: on 14, where revoking is quadratic in the
 * tables of one transaction, and for very large schemas.
 * @returns cluster first, then terminate, then databases by name, then retire.
 */
export function batchesOf(plans: readonly RolePlan[], splitBySchema: (database: string, schema: string) => boolean): readonly Batch[] {
  const statements = plans.flatMap((plan) => plan.statements);
  const groups = Map.groupBy(statements, (statement) => JSON.stringify([partKey(statement.part), batchSchema(statement, splitBySchema)]));
  const batches = [...groups.values()].flatMap((group): readonly Batch[] => {
    const [first] = group;
    return first ? [{ part: first.part, schema: batchSchema(first, splitBySchema), statements: share(group) }] : [];
  });
  return batches.toSorted((a, b) => compareNames(sortKey(a), sortKey(b)));
}

const phaseOrder = { cluster: "0", terminate: "1", database: "2", retire: "3" } as const;

/** What belongs to no schema comes last: DROP OWNED takes the USAGE that acting as a role in a schema needs. */
function sortKey({ part, schema }: Batch): string {
  return `${phaseOrder[part.phase]} ${partKey(part)} ${schema === null ? "1" : `0${schema}`}`;
}

function share(statements: readonly Statement[]): readonly SharedStatement[] {
  const shared = Map.groupBy(statements, (statement) => sharingKey(statement.change));
  const firsts = [...shared.values()].flatMap((group) => (group[0] ? [{ change: group[0].change, group }] : []));
  const byChange = new Map(firsts.map(({ change, group }) => [change, group]));
  return orderChanges(firsts.map(({ change }) => change)).map((change) => {
    const grantees = (byChange.get(change) ?? []).flatMap((statement) => granteeOf(statement.change)).toSorted(compareNames);
    return { sql: renderChange(change, isShareable(change) ? grantees : []), change, roles: grantees };
  });
}

/** Grants made by another role are left apart: each is its own change of role. */
function isShareable(change: Change): boolean {
  return (
    change.kind === "grant" ||
    change.kind === "grantDefault" ||
    change.kind === "revokeDefault" ||
    (change.kind === "revoke" && change.grantor === null)
  );
}

function sharingKey(change: Change): string {
  return isShareable(change) ? JSON.stringify({ ...change, grantee: null }) : JSON.stringify(change);
}

function granteeOf(change: Change): readonly string[] {
  if ("grantee" in change) return [change.grantee];
  if ("member" in change) return [change.member];
  return [change.role];
}

function batchSchema({ change }: Statement, splitBySchema: (database: string, schema: string) => boolean): string | null {
  const schema = schemaOf(change);
  const part = partOf(change);
  return schema !== null && part.phase === "database" && splitBySchema(part.database, schema) ? schema : null;
}
