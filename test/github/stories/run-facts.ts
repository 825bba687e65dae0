// What a run of a story came to, as tests ask for it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Session } from "../../../src/model/session.ts";
import type { Artifact } from "../host/state.ts";
import type { RunRecord } from "../workflow.ts";
import type { StepRecord } from "../workflow/steps.ts";

/** rolewright's own step in a job, the first one unless named. */
function ownStep(record: RunRecord | undefined, job: string | undefined): StepRecord | undefined {
  const found = job === undefined ? record?.jobs[0] : record?.jobs.find(({ id }) => id === job);
  return found?.steps.find(({ id }) => id === "rolewright");
}

export function outputsOf(record: RunRecord | undefined, job?: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(ownStep(record, job)?.result?.outputs ?? []);
}

export function summaryOf(record: RunRecord | undefined, job?: string): string {
  return ownStep(record, job)?.result?.summary ?? "";
}

/** What the page of the run shows, for the message of an assertion. */
export function logOf(record: RunRecord | undefined): string {
  return record?.jobs.flatMap(({ steps, notes }) => [...notes, ...steps.map(({ log }) => log)]).join("\n") ?? "no run";
}

/** The sessions that a run has uploaded, applies and plans. */
export function sessionsOf(record: RunRecord | undefined): readonly Session[] {
  return (record?.run.artifacts ?? []).flatMap(({ directory }: Artifact) =>
    readdirSync(directory, { recursive: true, encoding: "utf8" })
      .filter((name) => /^\d{4}\/\d{2}\/\d{2}\/[0-9a-f-]+\.yaml$/u.test(name))
      .map((name): Session => parse(readFileSync(join(directory, name), "utf8"))),
  );
}
