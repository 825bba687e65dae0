// doctor: what is missing for changes of access to be planned, reviewed and applied safely: in the files, in the workflows, on GitHub.
import { codeOwnersPaths } from "../doctor/code-owners.ts";
import { diagnose, wantedEnvironments, type HostFacts, type LocalFacts } from "../doctor/diagnose.ts";
import type { Seen } from "../doctor/finding.ts";
import type { EnvironmentFacts, SeenEnvironments } from "../doctor/judge-environments.ts";
import { classicRules, rulesetRules } from "../io/github/branch-rules.ts";
import { connectGitHub, statusOf, type GitHubClient } from "../io/github/client.ts";
import { getEnvironment } from "../io/github/environments.ts";
import { defaultBranchOf } from "../io/github/repository.ts";
import { readCheckout, readGitFacts, type Checkout } from "../io/git.ts";
import { discover } from "../load/discover.ts";
import { loadRepository } from "../load/load-repository.ts";
import { newReport } from "../load/report.ts";
import { messageOf } from "../model/error-message.ts";
import { unnamedRepository } from "../model/marker.ts";
import { renderDoctor } from "../review/doctor-text.ts";
import { UsageError, type CommandContext, type ExitCode } from "./context.ts";
import { isRepositoryName, readRepositoryName } from "./init-options.ts";
import { readTextFiles, readWorkflows } from "./workflow-files.ts";

/** @param options.repository `owner/name`; `null`: what the workflow run, Git or the settings say. @returns 1 where there is a problem. */
export async function runDoctor(context: CommandContext, options: { readonly repository: string | null }): Promise<ExitCode> {
  const directory = context.repositoryDirectory;
  const checkout = await readCheckout(directory, context.env).catch(() => null);
  const local = await lookAtFiles(context, checkout);
  const repository = await repositoryOf(context, options.repository, local.files.repositoryName);
  const host = await lookAtHost(context, repository, local);
  const defaultBranch = "value" in host ? host.value.branch.name : (checkout?.defaultBranch ?? "main");
  const findings = diagnose({ repository, defaultBranch, local, host, hasCheckRuns: hasCheckRuns(context) });
  if (context.json) context.output.json({ repository, defaultBranch, findings });
  else context.output.lines(renderDoctor({ repository, findings, width: context.output.width }));
  return findings.some(({ state }) => state === "problem") ? 1 : 0;
}

function apiUrlOf({ env }: CommandContext): string {
  return env["GITHUB_API_URL"] ?? "https://api.github.com";
}

/** Gitea and Forgejo have none: https://docs.gitea.com/development/api-usage says where their API is. */
function hasCheckRuns(context: CommandContext): boolean {
  return !/\/api\/v1\/*$/u.test(apiUrlOf(context));
}

/** @param inSettings what roles carry: any text, so that only one that has the form of a name on a host counts as one. */
async function repositoryOf(
  { env, repositoryDirectory }: CommandContext,
  named: string | null,
  inSettings: string | null,
): Promise<string> {
  const name = named ?? env["GITHUB_REPOSITORY"] ?? (await readGitFacts(repositoryDirectory, env).catch(() => null))?.hostedName ?? null;
  if (name !== null) return readRepositoryName(name);
  if (inSettings !== null && isRepositoryName(inSettings)) return inSettings;
  throw new UsageError("nothing says which repository on GitHub this is", "name it: rolewright doctor --repository acme/access");
}

async function lookAtFiles({ repositoryDirectory: directory }: CommandContext, checkout: Checkout | null): Promise<LocalFacts> {
  const root = checkout?.topLevel ?? directory;
  const { desired, diagnostics } = await loadRepository({ directory });
  const { repository, credentials } = desired.settings;
  const prefix = checkout === null || checkout.prefix === "" ? "" : `${checkout.prefix}/`;
  const found = await discover(directory, newReport());
  return {
    files: {
      errors: diagnostics.filter(({ severity }) => severity === "error").length,
      repositoryName: repository === unnamedRepository ? null : repository,
      store: credentials.store,
    },
    workflows: await readWorkflows(root),
    codeOwners: await readTextFiles(root, codeOwnersPaths),
    accessPaths: found.map(({ file }) => `${prefix}${file}`),
  };
}

async function lookAtHost(context: CommandContext, repository: string, local: LocalFacts): Promise<Seen<HostFacts>> {
  const { env, output, toolVersion } = context;
  const token = [env["GITHUB_TOKEN"], env["GH_TOKEN"]].find((text) => text !== undefined && text !== "");
  if (token === undefined) return { hidden: "set GITHUB_TOKEN to a token that may read the repository: GITHUB_TOKEN=$(gh auth token)" };
  context.addSecret(token);
  const apiUrl = apiUrlOf(context);
  const client = connectGitHub({ apiUrl, token, repository, toolVersion, report: (text) => output.note(text) });
  try {
    const branch = await defaultBranchOf(client);
    if (branch === null) throw new UsageError(`${apiUrl} has no repository ${repository}, or the token does not see it`);
    const rules = await rulesetRules(client, branch);
    const classic = await classicRules(client, branch);
    const seen = classic === null ? { hidden: "it needs the permission administration: read" } : { value: classic };
    const environments = await lookAtEnvironments(client, wantedEnvironments(local.workflows));
    return { value: { branch: { name: branch, rules, classic: seen }, environments } };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (statusOf(error) === 401)
      throw new UsageError(`${apiUrl} does not take the token`, "is GITHUB_TOKEN of this host, and has it expired?");
    throw new UsageError(`${apiUrl} could not be asked: ${messageOf(error)}`, "GITHUB_API_URL names the API of an own server");
  }
}

async function lookAtEnvironments(client: GitHubClient, names: readonly string[]): Promise<SeenEnvironments> {
  const seen = new Map<string, Seen<EnvironmentFacts | null>>();
  for (const name of names) {
    try {
      seen.set(name, { value: await getEnvironment(client, name) });
    } catch (error) {
      if (statusOf(error) !== 403) throw error;
      seen.set(name, { hidden: "the token needs the permission actions: read" });
    }
  }
  return seen;
}
