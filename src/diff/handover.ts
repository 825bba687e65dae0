// What an orphan that is to be dropped leaves to its heir and that is more than a thing: code that would run with the heir's rights, and policies
// of other owners' tables that DROP OWNED takes along.
import { listed } from "../model/count.ts";
import type { Danger } from "../model/change.ts";
import { compareNames } from "../model/name.ts";
import { maximumHandoverNames, type DatabaseCatalog, type Handover, type Policy } from "../model/observed.ts";
import { inDatabase } from "../model/place-words.ts";
import type { Blocked } from "../model/role-diff.ts";
import type { DatabaseContext } from "./database-context.ts";
import type { RoleContext } from "./role-context.ts";
import { powersOf } from "./source-role.ts";

/** Whose the orphan's things will be; `null` where it is not to be dropped. */
function heirOf({ settings }: RoleContext): string | null {
  return settings.orphans.action === "drop" ? settings.orphans.reassignTo : null;
}

/**
 * What people have to decide about before the orphan can be dropped. Until then it is disabled.
 * Everybody may run a SECURITY DEFINER routine unless somebody has revoked that: whoever made it would have the heir's rights.
 */
export function blockedHandover(context: RoleContext, databases: readonly DatabaseContext[]): readonly Blocked[] {
  const heir = heirOf(context);
  if (heir === null) return [];
  const { roleName } = context.spec;
  return databases.flatMap(({ catalog }): readonly Blocked[] => {
    const at = inDatabase(catalog.name);
    const definers = (catalog.handover ?? []).filter(({ kind }) => kind === "securityDefiner");
    const restrictive = policiesToGo(context, catalog).filter(({ isRestrictive }) => isRestrictive);
    const decision = { by: roleName, database: catalog.name, change: null };
    return [
      ...definers.map((definer) => ({
        message: `${roleName} owns SECURITY DEFINER routines${at} that would run with the rights of ${heir}: ${namesOf(definer)}; drop them, make them SECURITY INVOKER, or give them to another owner by hand`,
        ...decision,
      })),
      ...(restrictive.length > 0
        ? [
            {
              message: `restrictive policies${at} name ${roleName} and no role that stays, and would be dropped: ${policiesOf(restrictive)}; drop them, or let them name other roles, by hand`,
              ...decision,
            },
          ]
        : []),
    ];
  });
}

/** The heir itself: until another one is named, or that one is fit to be it, the orphan is disabled. */
export function blockedHeir(context: RoleContext): readonly Blocked[] {
  const heir = heirOf(context);
  const problem = heir === null ? null : heirProblem(context, heir);
  return problem === null ? [] : [{ message: problem, by: context.spec.roleName, database: null, change: null }];
}

/** Why nothing can be given to a role; `null` if it can. */
function heirProblem({ spec, observed }: RoleContext, heir: string): string | null {
  if (heir === spec.roleName) return `${heir} cannot be its own new owner; name another role in orphans.drop.reassign_to`;
  const { sources, roles } = observed.cluster;
  if (!sources.has(heir) && !roles.has(heir))
    return `the role ${JSON.stringify(heir)} of orphans.drop.reassign_to does not exist; make it, or name another`;
  // Views, rules, index expressions and whatever the heir runs itself: what an orphan has left in them would have these powers.
  const reached = sources.get(heir)?.reaches ?? [];
  const predefined = reached.filter(({ name }) => name.startsWith("pg_")).map(({ name }) => `${heir} has the rights of ${name}`);
  const powers = [...predefined, ...reached.flatMap(powersOf).map(({ message }) => message)].toSorted(compareNames);
  if (powers.length === 0) return null;
  return `${heir} cannot be the new owner of what ${spec.roleName} leaves, since code in that would run with its rights: ${powers.join(", ")}; name a role without such powers in orphans.drop.reassign_to`;
}

/** DROP OWNED takes a role out of a policy, and drops the policy where no other is left: with the last of several orphans, too. */
function policiesToGo({ leaving }: RoleContext, { policies }: DatabaseCatalog): readonly Policy[] {
  return policies.filter(({ others }) => others.every((role) => leaving.has(role)));
}

/** What the statement that gives the things away does besides. */
export function handoverDangers(context: RoleContext, catalog: DatabaseCatalog, heir: string): readonly Danger[] {
  const { handover = [] } = catalog;
  const dropped = policiesToGo(context, catalog);
  return [
    ...handover.flatMap((item): readonly Danger[] => {
      const words = wordsFor[item.kind];
      return words === null ? [] : [{ code: "runs-as-new-owner", message: `${words[0]} ${namesOf(item)} ${words[1]} ${heir}` }];
    }),
    ...(dropped.length > 0
      ? [{ code: "drops-policies", message: `policies that name no role that stays are dropped: ${policiesOf(dropped)}` } as const]
      : []),
  ];
}

/** A trigger function has the rights of whoever changes the table. */
const wordsFor: Readonly<Record<Handover["kind"], readonly [string, string] | null>> = {
  securityDefiner: ["SECURITY DEFINER routines", "will run with the rights of"],
  view: ["views", "will run with the rights of"],
  rule: ["rules", "will run with the rights of"],
  trigger: ["triggers", "will fire on tables of, and run with the rights of where it changes them,"],
  routine: null,
  invokerView: null,
};

export function handoverWarnings(context: RoleContext, databases: readonly DatabaseContext[]): readonly string[] {
  const heir = heirOf(context);
  if (heir === null) return [];
  return databases.flatMap(({ catalog }) => handoverDangers(context, catalog, heir).map(({ message }) => `${catalog.name}: ${message}`));
}

/** What the reviewer relied on: a body, or a policy, that has changed since makes the plan stale. */
export function handoverEntries(context: RoleContext, catalog: DatabaseCatalog): readonly string[] {
  if (heirOf(context) === null) return [];
  const { handover = [], policies } = catalog;
  const going = new Set(policiesToGo(context, catalog));
  return [
    ...handover.map(({ kind, total, names, digest }) => `leaves ${kind} ${total} ${JSON.stringify(names)} (${digest})`),
    ...policies.map((row) => {
      const { schema, table, policy, isRestrictive } = row;
      return `named by ${isRestrictive ? "restrictive policy" : "policy"} ${JSON.stringify(policy)} on ${JSON.stringify([schema, table])}${going.has(row) ? " alone" : ""}`;
    }),
  ];
}

function namesOf({ names, total }: Handover): string {
  return listed(
    names.map((name) => JSON.stringify(name)),
    total,
  );
}

function policiesOf(policies: readonly Policy[]): string {
  const names = policies.map(({ schema, table, policy }) => `${JSON.stringify(policy)} on ${JSON.stringify(`${schema}.${table}`)}`);
  return listed(names.slice(0, maximumHandoverNames), names.length);
}
