// What the token of a job may do, and what it has to be able to do.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions
import { judge, type Check, type Finding } from "./finding.ts";
import { writesToBranch, type OwnStep, type Task } from "./own-steps.ts";
import type { Permissions } from "./workflow.ts";

type Scopes = Readonly<Record<string, "read" | "write">>;

const needed: Readonly<Record<Task, Scopes>> = {
  plan: { contents: "read", "pull-requests": "write", checks: "write" },
  "branch-plan": { contents: "read" },
  apply: { contents: "read", "pull-requests": "write", checks: "write", actions: "read" },
  "expected-apply": { contents: "read", "pull-requests": "write", checks: "write", actions: "read" },
  drift: { contents: "read", issues: "write" },
  "drift-apply": { contents: "read", issues: "write", "pull-requests": "write", checks: "write", actions: "read" },
};

/** Cloud logins. */
const harmless = new Set(["id-token", "metadata"]);

export function judgePermissions(own: OwnStep): readonly Finding[] {
  const { workflow, job } = own;
  return judge(`${workflow.path}, job ${job.name}`, [{ ...permissionCheck(own), at: job.at }, ...superfluous(own)]);
}

function permissionCheck(own: OwnStep): Check {
  const { workflow, job } = own;
  const wanted = wantedScopes(own);
  const held = job.permissions ?? workflow.permissions;
  const missing = Object.entries(wanted).filter(([scope, level]) => !holds(held, scope, level));
  const isVague = held === null || held === "write-all";
  return {
    code: "permissions",
    holds: !isVague && missing.length === 0,
    good: `its token may do what it has to: ${inWords(Object.entries(wanted))}`,
    bad: isVague
      ? held === null
        ? "its token may do whatever the repository gives by default"
        : "its token may write everything"
      : `its token lacks ${inWords(missing)}`,
    advice: `write permissions in the job: ${inWords(Object.entries(wanted))}`,
  };
}

function superfluous(own: OwnStep): readonly Check[] {
  const { workflow, job } = own;
  const wanted = wantedScopes(own);
  const held = job.permissions ?? workflow.permissions;
  if (held === null || typeof held === "string") return [];
  const more = Object.entries(held).filter(([scope, level]) => level === "write" && wanted[scope] !== "write" && !harmless.has(scope));
  if (more.length === 0) return [];
  return [
    {
      code: "permissions-superfluous",
      holds: false,
      good: "",
      bad: `its token may do what rolewright does not need: ${inWords(more)}`,
      advice: "take it out, or do what needs it in a job of its own",
      otherwise: "warning",
      at: job.at,
    },
  ];
}

function wantedScopes({ task, step }: OwnStep): Scopes {
  const { comment = "", evidence = "" } = step.with;
  const { checks, "pull-requests": pulls, ...always } = needed[task];
  return {
    ...always,
    ...(pulls === undefined || (task === "plan" && comment === "none" && evidence !== "comment-hmac") ? {} : { "pull-requests": pulls }),
    ...(checks === undefined || evidence === "comment-hmac" ? {} : { checks }),
    ...(writesToBranch({ task, step }) ? { contents: "write" } : {}),
  };
}

function holds(held: Permissions, scope: string, level: "read" | "write"): boolean {
  if (held === null || held === "write-all") return true;
  if (held === "read-all") return level === "read";
  return held[scope] === "write" || held[scope] === level;
}

function inWords(scopes: readonly (readonly [scope: string, level: string])[]): string {
  return scopes.map(([scope, level]) => `${scope}: ${level}`).join(", ");
}
