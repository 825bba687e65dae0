// Whether the admin can do what the plans need, before anything is changed.
import type { Connection } from "../io/postgres.ts";
import { messageOf } from "../model/error-message.ts";
import type { RolePlan } from "../model/plan.ts";
import { inquire, type Answer, type RoleFacts } from "./preflight/inquiry.ts";
import { databaseOf, needsOf, type ObjectNeed, type PlanNeeds, type RoleNeed, type TransferNeed } from "./preflight/needs.ts";
import { judgeObjectNeed, type Finding } from "./preflight/object-verdict.ts";
import { renderLacks } from "./preflight/message.ts";
import type { Lack } from "./preflight/remedy.ts";
import { judgeRoleNeed, type RoleView } from "./preflight/role-verdict.ts";
import { judgeTransfer } from "./preflight/transfer-verdict.ts";

type Input = {
  readonly connection: Connection;
  readonly open: (database: string) => Promise<Connection>;
  readonly plans: readonly RolePlan[];
};

/** What the admin lacks for one role's plan. */
export type Shortfall = {
  /** The first line says all that is missing; the others are the SQL that would give it. */
  readonly message: string;
  /** SQL of the statements that can be left out, so that all the others can run; empty where none of them can. */
  readonly withheld: ReadonlySet<string>;
};

type Question = { readonly needs: readonly ObjectNeed[]; readonly transfers: readonly TransferNeed[] };

/** What one inquiry found, by what was asked. */
type Findings = {
  readonly roles: readonly RoleFacts[];
  readonly needs: ReadonlyMap<string, Finding>;
  readonly transfers: ReadonlyMap<TransferNeed, Answer["transfers"][number]>;
};

/** `problem`: the database could not be asked. */
type Asked = Findings | { readonly problem: string };

/**
 * One query on the maintenance database, and one on each database that the plans change something in; of a superuser only where it has
 * to become the role that granted something.
 * @param connection to the maintenance database, as the admin. @param open gives others.
 * @returns what the admin lacks, for each role that cannot be applied, or not as a whole.
 */
export async function preflight(input: Input): Promise<ReadonlyMap<string, Shortfall>> {
  const created = new Set(
    input.plans.flatMap((plan) => plan.statements.flatMap(({ change }) => (change.kind === "createRole" ? [change.role] : []))),
  );
  const all = input.plans.map((plan) => needsOf(plan, created));
  const roles = [...new Set([...all.flatMap(rolesIn), "pg_signal_backend"])];
  const shared = { needs: distinctNeeds(all).get(null) ?? [], transfers: [] };
  const cluster = await inquire(input.connection, { roles, ...shared });
  const needs = cluster.admin.superuser ? all.map(ofGrantors) : all;
  const objects = distinctNeeds(needs);
  const databases = new Set([...objects.keys(), ...needs.flatMap((plan) => plan.transfers.map(({ database }) => database))]);
  const asked = await Promise.all(
    [...databases].flatMap((database) => (database === null ? [] : [askDatabase(input, { database, needs, objects })])),
  );
  const inquiries = new Map<string | null, Asked>([[null, findingsOf(shared, cluster)], ...asked]);
  const view = viewOf(cluster, inquiries);
  return new Map(
    needs.flatMap((plan): readonly (readonly [string, Shortfall])[] => {
      const lacks = lacksOf(plan, view, inquiries);
      if (lacks.length === 0) return [];
      const withheld = withheldOf(plan, view, inquiries);
      const message = renderLacks(lacks, view, { roleName: plan.plan.roleName, isPartial: withheld.size > 0 });
      return [[plan.plan.roleName, { message, withheld }]];
    }),
  );
}

/**
 * An attribute that the admin may not take keeps nothing else from being done: whoever was given it by hand would keep login and access
 * by that.
 */
function withheldOf(plan: PlanNeeds, view: RoleView, inquiries: ReadonlyMap<string | null, Asked>): ReadonlySet<string> {
  const isWithheld = (need: RoleNeed): boolean => need.kind === "alter" && judgeRoleNeed(need, view).length > 0;
  const withheld = new Set(plan.roles.flatMap((need) => (need.kind === "alter" && isWithheld(need) ? [need.sql] : [])));
  const others = lacksOf({ ...plan, roles: plan.roles.filter((need) => !isWithheld(need)) }, view, inquiries);
  const isAll = plan.plan.statements.every(({ sql }) => withheld.has(sql));
  return others.length > 0 || isAll ? new Set() : withheld;
}

/** Where the statement becomes another role, a superuser is none any more; it may do everything else. */
function ofGrantors(needs: PlanNeeds): PlanNeeds {
  return { ...needs, roles: [], objects: needs.objects.filter(({ need }) => need.grantor !== null), transfers: [] };
}

/** Equal needs of several roles are one question. */
function distinctNeeds(needs: readonly PlanNeeds[]): ReadonlyMap<string | null, readonly ObjectNeed[]> {
  const all = needs.flatMap((plan) => plan.objects.map(({ need }) => need));
  const distinct = [...new Map(all.map((need) => [keyOf(need), need])).values()];
  return Map.groupBy(distinct, (need) => databaseOf(need.on));
}

function keyOf(need: ObjectNeed): string {
  return JSON.stringify(need);
}

function rolesIn({ roles, objects, transfers }: PlanNeeds): readonly string[] {
  return [
    ...roles.flatMap((need) => {
      if (need.kind === "membership") return [need.group, need.member, ...(need.grantor === null ? [] : [need.grantor])];
      return "role" in need ? [need.role] : [];
    }),
    ...objects.flatMap(({ need }) => need.grantor ?? []),
    ...transfers.flatMap(({ role, to }) => [role, to]),
  ];
}

async function askDatabase(
  { open }: Input,
  {
    database,
    needs,
    objects,
  }: {
    readonly database: string;
    readonly needs: readonly PlanNeeds[];
    readonly objects: ReadonlyMap<string | null, readonly ObjectNeed[]>;
  },
): Promise<readonly [string, Asked]> {
  const transfers = needs.flatMap((plan) => plan.transfers.filter((transfer) => transfer.database === database));
  const question = { needs: objects.get(database) ?? [], transfers };
  try {
    await using connection = await open(database);
    return [database, findingsOf(question, await inquire(connection, { roles: [], ...question }))];
  } catch (error) {
    return [database, { problem: messageOf(error) }];
  }
}

function findingsOf({ needs, transfers }: Question, answer: Answer): Findings {
  const lacking = Map.groupBy(answer.lacking, ({ need }) => need);
  const closed = new Map(answer.closed.map((item) => [item.need, item]));
  return {
    roles: answer.roles,
    needs: new Map(needs.map((need, id) => [keyOf(need), { lacking: lacking.get(id) ?? [], closed: closed.get(id) }])),
    transfers: new Map(
      answer.transfers.flatMap((found) => {
        const need = transfers[found.number];
        return need === undefined ? [] : [[need, found] as const];
      }),
    ),
  };
}

/** The owners of objects are known only from their databases. */
function viewOf(cluster: Answer, inquiries: ReadonlyMap<string | null, Asked>): RoleView {
  const roles = [...inquiries.values()].flatMap((asked) => ("problem" in asked ? [] : asked.roles));
  return { admin: cluster.admin, roles: new Map(roles.map((role) => [role.name, role])) };
}

function lacksOf(plan: PlanNeeds, view: RoleView, inquiries: ReadonlyMap<string | null, Asked>): readonly Lack[] {
  const lacks = [
    ...plan.roles.flatMap((need) => judgeRoleNeed(need, view)),
    ...plan.objects.flatMap(({ need, sql }) =>
      lacksIn(inquiries.get(databaseOf(need.on)), ({ needs }) => {
        const finding = needs.get(keyOf(need));
        if (!finding) throw new Error("a need was not asked for");
        return judgeObjectNeed(need, finding, { view, sql });
      }),
    ),
    ...plan.transfers.flatMap((need) =>
      lacksIn(inquiries.get(need.database), ({ transfers }) => judgeTransfer(need, transfers.get(need), view)),
    ),
  ];
  return [...new Map(lacks.map((lack) => [lack.text, lack])).values()];
}

/** Where a database could not be asked, that is what is missing. */
function lacksIn(asked: Asked | undefined, judge: (findings: Findings) => readonly Lack[]): readonly Lack[] {
  if (!asked) throw new Error("a need was not asked for");
  if (!("problem" in asked)) return judge(asked);
  return [{ text: `a connection to ask what it may do: ${asked.problem}`, remedies: [] }];
}
