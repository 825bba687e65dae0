// The reviewed plans that `apply` is given: one session, or a result file; and the goals that plan them again.
import { readBounded } from "../io/files.ts";
import type { ReviewedPlan } from "../apply/gate.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { describeReadProblem } from "../load/read-text.ts";
import { declarablePrivileges } from "../model/privilege.ts";
import { generateRoleName } from "../model/role-name.ts";
import type { RoleSpec } from "../model/role-spec.ts";
import { parseScope } from "../model/scope.ts";
import type { Session } from "../model/session.ts";
import { maximumArtifactBytes, parseArtifact } from "../session/artifact.ts";
import type { Goal } from "../reconcile.ts";
import { renderDiagnostics } from "../review/diagnostics-text.ts";
import type { SessionReader } from "../session/read.ts";
import { UsageError, type CommandContext } from "./context.ts";
import { contradictedSpec, contradictionRefusal } from "./contradiction.ts";
import { alteredError, findSession } from "./find-session.ts";
import { rolesOfOthers, specGoals } from "./goals.ts";
import type { Provenance } from "./provenance.ts";
import { recordedPlan } from "./recorded-plan.ts";
import type { ApplySource } from "./selection.ts";
import type { Workspace } from "./workspace.ts";

/** @returns the sessions of the plans; `null` where they cannot be read, which has been said. */
export async function readReviewed(context: CommandContext, log: SessionReader, source: ApplySource): Promise<readonly Session[] | null> {
  if (source.from === "result") return readResult(context, source.path);
  const found = await findSession(log, source.sid);
  if ("diagnostics" in found) return complain(context, found.diagnostics);
  const { session, problem } = found;
  if (problem !== null) throw alteredError(session.sid, problem);
  if (session.resource_name !== source.resource) {
    throw new UsageError(
      `session ${session.sid} is a plan for ${session.resource_name}, not for ${source.resource}`,
      `rolewright apply ${session.resource_name} --sid ${session.sid}`,
    );
  }
  if (session.kind !== "plan")
    throw new UsageError(`session ${session.sid} is of an apply, not of a plan`, "plan again, and give the sid of that plan");
  return [session];
}

async function readResult(context: CommandContext, path: string): Promise<readonly Session[] | null> {
  const outcome = await readBounded(path, maximumArtifactBytes);
  if ("problem" in outcome)
    throw new UsageError(
      `the result file ${path}: ${describeReadProblem(outcome.problem, maximumArtifactBytes).message}`,
      "rolewright plan -o FILE writes one",
    );
  const parsed = parseArtifact(new TextDecoder().decode(outcome.bytes), path);
  return "diagnostics" in parsed ? complain(context, parsed.diagnostics) : parsed.value.results;
}

function complain(context: CommandContext, diagnostics: readonly Diagnostic[]): null {
  for (const line of renderDiagnostics(diagnostics)) context.output.error(line);
  if (context.json) context.output.json({ error: { message: "the reviewed plan cannot be read", hint: null }, diagnostics });
  return null;
}

export function reviewedPlan(session: Session, { isFromFile }: Pick<Provenance, "isFromFile">): ReviewedPlan {
  return {
    sid: session.sid,
    roleName: session.config.role_name,
    checksum: session.sql_plan_checksum,
    checksumVersion: session.checksum_version ?? 1,
    config: session.config,
    target: session.target,
    observed: session.observed,
    sqlPlan: session.sql_plan,
    hazards: session.hazards,
    isFromFile,
    recorded: recordedPlan(session, { status: "failed", message: session.message }),
  };
}

/** What a resource's plans are made again from. */
export type ApplyGoal = {
  readonly resource: string;
  /** `null` for a resource that is gone. */
  readonly goal: Goal | null;
  readonly sessions: readonly Session[];
  /** Those that cannot be planned again, and why. */
  readonly refused: readonly { readonly session: Session; readonly reason: string }[];
};

/**
 * Plans of the repository's files are made again from these files as they are now, so that a changed declaration is seen;
 * plans of flags and other files from what they say themselves, where the repository does not say otherwise.
 * @param altered reasons why plans, by sid, are not those that were recorded.
 */
export function applyGoals(workspace: Workspace, sessions: readonly Session[], altered: ReadonlyMap<string, string>): readonly ApplyGoal[] {
  const byResource = Map.groupBy(sessions, (session) => session.resource_name);
  return [...byResource].map(([name, all]): ApplyGoal => {
    const resource = workspace.desired.resources.find((candidate) => candidate.name === name);
    if (!resource) {
      const reason = `the resource ${name} is not in the inventory any more; plan again`;
      return { resource: name, goal: null, sessions: [], refused: all.map((session) => ({ session, reason })) };
    }
    const refused = refusalsOf(workspace, all, altered);
    const own = all.filter((session) => !refused.some((refusal) => refusal.session === session));
    const [base] = specGoals(
      { ...workspace, desired: { ...workspace.desired, resources: [resource] } },
      own.filter(isGiven).map((session) => specOf(workspace, session)),
    );
    const specs = base?.specs ?? workspace.desired.roles.filter((spec) => spec.resource === name);
    const isKnown = (session: Session): boolean =>
      session.source === "orphan" || specs.some((spec) => spec.roleName === session.config.role_name);
    const goal: Goal = {
      resource,
      specs,
      planned: new Set(own.filter(isKnown).map((session) => session.config.role_name)),
      undeclared: base?.undeclared ?? new Set(),
      declaredElsewhere: rolesOfOthers(workspace.desired, name),
      withOrphans: own.some((session) => session.source === "orphan"),
      settings: workspace.desired.settings,
    };
    const gone = own
      .filter((session) => !isKnown(session))
      .map((session) => ({ session, reason: `${session.config.role_name} is no longer declared; plan again` }));
    return { resource: name, goal, sessions: own.filter(isKnown), refused: [...refused, ...gone] };
  });
}

/** Those that are not planned again at all: what they say must not take the place of what is declared. */
function refusalsOf(workspace: Workspace, sessions: readonly Session[], altered: ReadonlyMap<string, string>): ApplyGoal["refused"] {
  return sessions.flatMap((session) => {
    const reason = altered.get(session.sid) ?? contradictionOf(workspace, session);
    return reason === null ? [] : [{ session, reason }];
  });
}

/** Whether the plan brings its own role spec, from flags or a file, instead of one that the repository declares. */
function isGiven({ source }: Session): boolean {
  return source === "file" || source === "flags";
}

function contradictionOf({ desired }: Workspace, session: Session): string | null {
  if (!isGiven(session)) return null;
  const declared = contradictedSpec(desired, { resource: session.resource_name, label: session.label }, session.config);
  return declared === null ? null : contradictionRefusal(declared);
}

/**
 * A role spec as its own session remembers it.
 * @throws UsageError where the role's name is not the one that is made for its resource and label: a file could name any role.
 */
function specOf({ desired }: Workspace, session: Session): RoleSpec {
  const { config } = session;
  const made = generateRoleName({ prefix: desired.settings.prefix, resource: session.resource_name, label: session.label });
  if (!("roleName" in made) || made.roleName !== config.role_name) {
    throw new UsageError(
      `session ${session.sid} is for a role ${JSON.stringify(config.role_name)}, which is not how the role ${session.label} of ${session.resource_name} is called`,
      "plan again",
    );
  }
  return {
    resource: session.resource_name,
    label: session.label,
    roleName: config.role_name,
    type: config.type === "external" ? "external" : "managed",
    scopes: config.scopes.map((text) => {
      const scope = parseScope(text);
      if ("problem" in scope) throw new UsageError(`session ${session.sid}: scope ${JSON.stringify(text)}: ${scope.problem}`, "plan again");
      return scope;
    }),
    privileges: declarablePrivileges.filter((privilege) => config.privileges.includes(privilege)),
    sourceRole: config.source_role === "" ? null : config.source_role,
    rotatePassword: config.rotate_password,
    connectionLimit: config.connection_limit ?? null,
    expiresAt: config.expires_at ?? null,
    futureObjects: config.future_objects ?? false,
    acknowledgeHazards: config.acknowledge_hazards ?? [],
    origin: { file: "", line: 0, column: 0 },
  };
}
