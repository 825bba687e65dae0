// What a run of a story came to, as tests ask for it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Session } from "../../../src/model/session.ts";
import type { Artifact } from "../host/state.ts";
import type { StepResult } from "../runner/process.ts";
import type { RunRecord } from "../workflow.ts";

/** What rolewright's own step in a job came to, in the first job unless named. */
export function stepOf(record: RunRecord | undefined, job?: string): StepResult | null {
  const found = job === undefined ? record?.jobs[0] : record?.jobs.find(({ id }) => id === job);
  return found?.steps.find(({ id }) => id === "rolewright")?.result ?? null;
}

export function outputsOf(record: RunRecord | undefined, job?: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(stepOf(record, job)?.outputs ?? []);
}

export function reasonOf(record: RunRecord | undefined, job?: string): string | undefined {
  return stepOf(record, job)?.outputs.get("reason-code");
}

export function summaryOf(record: RunRecord | undefined, job?: string): string {
  return stepOf(record, job)?.summary ?? "";
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
