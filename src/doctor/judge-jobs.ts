// What stands around rolewright's step in its job: the checkout, the secrets, the other steps, the runner.
import { judge, type Check, type Finding } from "./finding.ts";
import { changesServers, taskOf, writesToBranch, type OwnStep } from "./own-steps.ts";

/** @param store `credentials.store` of the settings. */
export function judgeJob(own: OwnStep, store: string | null): readonly Finding[] {
  const checks = [...checkoutChecks(own), ...secretChecks(own), ...companyChecks(own), ...runnerChecks(own, store), ...sessionChecks(own)];
  const { workflow, job } = own;
  return judge(
    `${workflow.path}, job ${job.name}`,
    checks.map((check) => ({ at: job.at, ...check })),
  );
}

function checkoutChecks({ job, step, task }: OwnStep): readonly Check[] {
  const checkout = job.steps.slice(0, job.steps.indexOf(step)).findLast(({ uses }) => uses.startsWith("actions/checkout@"));
  if (checkout === undefined)
    return [
      { code: "checkout", holds: false, good: "", bad: "checks nothing out", advice: "add a step with actions/checkout before rolewright" },
    ];
  const leavesNothing: Check = {
    code: "checkout-token",
    holds: checkout.with["persist-credentials"] === "false",
    good: "the checkout leaves no token behind",
    bad: "the checkout leaves its token in the work tree",
    advice: "with: { persist-credentials: false }",
    at: checkout.at,
  };
  const hasBase: Check = {
    code: "checkout-depth",
    holds: checkout.with["fetch-depth"] === "0",
    good: "the checkout has the base branch, which decides where the plan connects to",
    bad: "the checkout may lack the base branch, which decides where the plan connects to",
    advice: "with: { fetch-depth: 0 }",
    at: checkout.at,
  };
  return task === "plan" ? [leavesNothing, hasBase] : [leavesNothing];
}

const adminSecret = /ROLEWRIGHT_ADMIN|secrets(?:\.\w*|\[[^\]]*)ADMIN/iu;

/** Secrets of an environment reach only the jobs that name it; those of the repository reach whatever branch somebody pushes. */
function secretChecks({ workflow, job, task }: OwnStep): readonly Check[] {
  const isChanging = changesServers(task);
  const hasEnvironment: Check = {
    code: "job-environment",
    holds: job.environment !== "",
    good: `takes its logins from the environment ${job.environment}`,
    bad: "names no environment, so that its logins are secrets of the repository, which every branch can read",
    advice: `environment: rolewright-${isChanging ? "apply" : "plan"}, and the logins as its secrets`,
    otherwise: isChanging ? "problem" : "warning",
  };
  const hasNoAdmin: Check = {
    code: "admin-in-plan",
    holds: !adminSecret.test(job.source) && !adminSecret.test(workflow.head),
    good: "has no admin account",
    bad: "has the admin accounts, although it changes nothing, and a pull request can change what it runs",
    advice: "give it ROLEWRIGHT_PLANNER_CSV: logins that may only CONNECT",
  };
  const namesSecrets: Check = {
    code: "all-secrets",
    holds: !/toJSON\(\s*secrets\s*\)/iu.test(job.source),
    good: "names the secrets that it takes",
    bad: "takes all secrets at once",
    advice: "name each secret: ${{ secrets.ROLEWRIGHT_PLANNER_CSV }}",
  };
  return isChanging ? [hasEnvironment, namesSecrets] : [hasEnvironment, hasNoAdmin, namesSecrets];
}

/**
 * In a job with the admin accounts, every step is as powerful as they are. In one that plans a pull request, whatever runs may be code of
 * that very pull request: a script, an action by a path, what a tool finds in the checkout. It could change rolewright's files, or print
 * the evidence in its place.
 */
function companyChecks({ workflow, job, step, task }: OwnStep): readonly Check[] {
  const isPlan = task === "plan";
  if (!isPlan && !changesServers(task)) return [];
  const strangers = job.steps.filter(
    (each) =>
      each !== step && taskOf(workflow, each) === null && !/^actions\/(?:checkout|upload-artifact|download-artifact)@/u.test(each.uses),
  );
  const names = strangers.map(({ uses }) => uses || "a script").join(", ");
  return [
    isPlan
      ? {
          code: "plan-steps",
          holds: strangers.length === 0,
          good: "runs nothing else beside the plan",
          bad: `runs other steps beside the plan: ${names}; what they run of the checkout is the pull request's, and could forge its plan`,
          advice: "put them into a workflow of their own, on another runner",
        }
      : {
          code: "apply-steps",
          holds: strangers.length === 0,
          good: "runs nothing else beside the admin accounts",
          bad: `runs other steps beside the admin accounts: ${names}`,
          advice: "put them into a job of their own",
          otherwise: "warning",
        },
  ];
}

/** Labels of GitHub's own machines, which are thrown away after each job. */
export const hostedLabel = /^(?:ubuntu|windows|macos)-[\w.-]+$/u;

function runnerChecks({ job, task }: OwnStep, store: string | null): readonly Check[] {
  if (!changesServers(task) || store === null || !store.startsWith("file:")) return [];
  return [
    {
      code: "store-on-runner",
      holds: !job.runsOn.some((label) => hostedLabel.test(label)),
      good: `delivers passwords on a runner of your own (${job.runsOn.join(", ")})`,
      bad: `delivers passwords to ${store} on ${job.runsOn.join(", ")}, which GitHub throws away after the job: they would be lost`,
      advice: "runs-on: [self-hosted, …], a machine that keeps that folder",
    },
  ];
}

function sessionChecks(own: OwnStep): readonly Check[] {
  const { job, step } = own;
  if (step.with["session-log"] === "none" || writesToBranch(own)) return [];
  const uploads = job.steps.filter(({ uses }) => uses.startsWith("actions/upload-artifact@"));
  return [
    {
      code: "sessions-kept",
      holds: uploads.some(({ condition }) => /always\(\)|!\s*cancelled\(\)/u.test(condition)),
      good: "keeps its sessions, also when it fails",
      bad: uploads.length === 0 ? "does not keep its sessions" : "does not keep its sessions when it fails",
      advice: "upload ${{ steps.<id>.outputs.session-dir }} in a step with if: always(), or set session-log: branch:<name>",
      otherwise: "warning",
    },
  ];
}
