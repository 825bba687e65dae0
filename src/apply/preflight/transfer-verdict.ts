// Whether the admin may hand over what a role owns. Pure.
import type { Target } from "../../model/change.ts";
import { membershipOptionsSince } from "../../model/observed.ts";
import { inDatabase } from "../../model/place-words.ts";
import type { Answer } from "./inquiry.ts";
import type { TransferNeed } from "./needs.ts";
import { isJoinable, type Lack } from "./remedy.ts";
import { quoted, type RoleView } from "./role-verdict.ts";

/**
 * What it takes besides the rights of both roles, for what is neither a relation nor a type.
 * https://www.postgresql.org/docs/current/sql-alterschema.html and the like: who may change an owner.
 */
export function judgeTransfer(
  { database, to: heir }: TransferNeed,
  found: Answer["transfers"][number] | undefined,
  { admin, roles }: RoleView,
): readonly Lack[] {
  const to = roles.get(heir);
  if (!found || !to) return [];
  const needsSet = found.needsSet && admin.version >= membershipOptionsSince && !to.set && isJoinable(to);
  const become: Lack = {
    text: `the right to become ${quoted(heir)}, the new owner${inDatabase(database)}`,
    remedies: [{ kind: "membership", role: heir, option: "set" }],
  };
  const onDatabase = createOn({ kind: "database", database }, { runsIn: null, to: admin.name });
  return [
    ...(needsSet ? [become] : []),
    ...(found.needsCreate ? [{ ...onDatabase, text: `CREATE on database ${quoted(database)}, to hand over schemas` }] : []),
    ...found.closed.map((schema): Lack => {
      const onSchema = createOn({ kind: "schema", database, schema }, { runsIn: database, to: heir });
      return { ...onSchema, text: `CREATE on schema ${quoted(schema)}${inDatabase(database)} for ${quoted(heir)}, the new owner` };
    }),
  ];
}

function createOn(on: Target, { runsIn, to }: { readonly runsIn: string | null; readonly to: string }): Pick<Lack, "remedies"> {
  return {
    remedies: [{ kind: "privilege", database: runsIn, privileges: ["CREATE"], on, to, withGrantOption: false, unless: [] }],
  };
}
