// The runner's command files: outputs, state and the job summary.
// https://docs.github.com/actions/reference/workflow-commands#environment-files
import { randomUUID } from "node:crypto";
import { appendFile } from "node:fs/promises";

/**
 * Appends a name and a value to GITHUB_OUTPUT or GITHUB_STATE. The delimiter cannot be guessed, so that no value can end itself and
 * begin another. @throws Error where the value has the delimiter in it.
 */
export async function appendValue(path: string, name: string, value: string): Promise<void> {
  const delimiter = `rolewright_${randomUUID()}`;
  if (value.includes(delimiter)) throw new Error(`the value of ${name} has the delimiter in it`);
  await appendFile(path, `${name}<<${delimiter}\n${value}\n${delimiter}\n`);
}

/** Appends Markdown to GITHUB_STEP_SUMMARY. */
export async function appendSummary(path: string, markdown: string): Promise<void> {
  await appendFile(path, `${markdown}\n`);
}
