// The flags of `plan R --role L …` → Source with one entry.
import { columnsOf, readText } from "./columns.ts";
import type { Source } from "./source.ts";

/** As the command line gives them; lists with `,` between their entries. */
export type RoleFlags = {
  readonly resource: string;
  readonly role?: string | undefined;
  readonly type?: string | undefined;
  readonly scopes?: string | undefined;
  readonly privileges?: string | undefined;
  readonly sourceRole?: string | undefined;
  readonly rotatePassword?: boolean | undefined;
};

/** What people type for a key of a role spec. */
const flagNames: Readonly<Record<string, string>> = {
  resource_name: "the resource",
  role: "--role",
  type: "--type",
  scopes: "--scopes",
  privileges: "--privileges",
  source_role: "--source-role",
  rotate_password: "--rotate-password",
};

/** @returns a source without positions, whose keys are called by their flags. */
export function flagSource(flags: RoleFlags): Source {
  const texts = {
    resource_name: flags.resource,
    role: flags.role,
    type: flags.type,
    scopes: flags.scopes,
    privileges: flags.privileges,
    source_role: flags.sourceRole,
  };
  const entry: Record<string, unknown> = Object.create(null);
  for (const [key, text] of Object.entries(texts)) {
    const column = columnsOf.roles.find((candidate) => candidate.key === key);
    if (text !== undefined && column !== undefined) entry[key] = readText(column, text, ",");
  }
  if (flags.rotatePassword !== undefined) entry["rotate_password"] = flags.rotatePassword;
  const nowhere = (): undefined => undefined;
  return {
    file: "command line",
    format: "flags",
    value: { items: [entry] },
    locate: nowhere,
    locateKey: nowhere,
    nameOf: (key) => flagNames[key] ?? key,
  };
}
