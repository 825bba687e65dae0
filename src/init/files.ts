// All files of a new access repository, as text.
import type { ActionPin } from "../model/action-pin.ts";
import { planCheckName } from "../model/plan-check-name.ts";
import { accessFile, codeOwnersFile, gitIgnoreFile, inventoryFile, rolesFile, settingsFile } from "./access-files.ts";
import { dispatchWorkflow, dispatchWorkflowPath } from "./dispatch-workflow.ts";
import { driftWorkflow, driftWorkflowPath } from "./drift-workflow.ts";
import { ownStore, readme } from "./readme.ts";
import { applyRunnerOf, isOwnRunner, ownMark, type WorkflowOptions } from "./workflow-parts.ts";
import { applyWorkflow, applyWorkflowPath, planWorkflow, planWorkflowPath } from "./workflows.ts";

export type InitInput = {
  readonly pin: ActionPin;
  readonly options: WorkflowOptions;
  /** `owner/name` of the access repository; `null` where nobody knows it yet. */
  readonly repository: string | null;
  /** People and teams with `@`. */
  readonly codeOwners: readonly string[];
  /** https://github.com, or an own server. */
  readonly serverUrl: string;
};

export type InitFile = {
  /** From the root of the Git repository, with `/`. */
  readonly path: string;
  readonly text: string;
};

/** @returns the files in the order in which people should read them. */
export function initFiles(input: InitInput): readonly InitFile[] {
  const { pin, options, repository, serverUrl } = input;
  const [name = "", commit = ""] = pin.uses.split("@");
  const schemas = `${serverUrl}/${name}/raw/${commit}/schemas`;
  const inside = (file: string): string => (options.directory === "" ? file : `${options.directory}/${file}`);
  const mark = ownMark;
  return [
    {
      path: inside("README.md"),
      text: readme({ options, checkName: planCheckName("default"), mark, documentation: `${serverUrl}/${name}/blob/${commit}` }),
    },
    { path: inside("rolewright.yaml"), text: settingsFile({ schemas, repository, store: storeOf(options) }) },
    { path: inside("inventory.csv"), text: inventoryFile },
    { path: inside("roles.csv"), text: rolesFile },
    { path: inside("access.yaml"), text: accessFile({ schemas }) },
    { path: inside(".gitignore"), text: gitIgnoreFile({ mark, sessionLog: options.sessionLog }) },
    { path: ".github/CODEOWNERS", text: codeOwnersFile({ mark, owners: input.codeOwners, directory: options.directory }) },
    { path: planWorkflowPath, text: planWorkflow(pin, options) },
    { path: applyWorkflowPath, text: applyWorkflow(pin, options) },
    { path: driftWorkflowPath, text: driftWorkflow(pin, options) },
    { path: dispatchWorkflowPath, text: dispatchWorkflow(pin, options) },
  ];
}

/** Beside its checkout a runner keeps nothing for itself: what runs there next finds it. */
function storeOf(options: WorkflowOptions): string {
  if (isOwnRunner(applyRunnerOf(options))) return ownStore;
  const depth = options.directory === "" ? 0 : options.directory.split("/").length;
  return `${"../".repeat(depth + 1)}credentials`;
}

/** Whether `--force` may write a file again: only where it still says that we wrote it. */
export function isOurs(text: string): boolean {
  return text.slice(0, 500).includes(ownMark);
}
