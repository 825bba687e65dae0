// One directory of test/scenarios is one story: what is there (before.sql), what is wanted (desired/), and what follows from both.
// test/scenarios/README.md describes the files.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { loadRepository } from "../../../src/load/load-repository.ts";
import type { Goal } from "../../../src/reconcile.ts";

/** What a login may do when the story is over. */
export type Probe = {
  /** A label of a role spec, whose delivered credential logs in; otherwise the name of a role. */
  readonly as: string;
  /** Of a role that has one already; any other role without a delivered credential is become by the superuser. */
  readonly password?: string;
  readonly database: string;
  /** "" tries the login alone. */
  readonly sql: string;
  /** `true`, or the SQLSTATE that refuses it. */
  readonly allowed: true | string;
};

export type Scenario = {
  readonly name: string;
  readonly directory: string;
  readonly title: string;
  /** Failure modes of reference/peers.md. */
  readonly modes: readonly string[];
  /** Major versions on which the story is true. */
  readonly versions: { readonly min: number; readonly max: number };
  /** Texts that a failed plan has to say. */
  readonly failures: readonly string[];
  /** What people do about what a plan leaves to them, as psql runs it. */
  readonly decision: string;
  readonly probes: readonly Probe[];
  /** What the last plan says, after the probes. */
  readonly afterProbes: "in-sync" | "out-of-sync";
};

export const newestMajor = 18;
export const oldestMajor = 14;

/** What settings without a name, in a folder without Git, would be called. */
export const repositoryName = "acme/access";

/** Stands in the goldens for the server under test; desired/ names the same. */
export const placeholder = { host: "192.168.18.54", port: 5432 } as const;

const root = fileURLToPath(new URL("../../scenarios", import.meta.url));

export function listScenarios(): readonly Scenario[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => readScenario(entry.name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Those that are about a server of this major version. */
export function scenariosOn(major: number): readonly Scenario[] {
  return listScenarios().filter(({ versions }) => versions.min <= major && major <= versions.max);
}

/** The words under which the suites run a scenario. */
export function titleOf({ modes, title, name }: Scenario): string {
  return `${[...modes, title].join(" ")} (${name})`;
}

/** The goldens are of the newest server that the story is about. */
export function goldenMajor({ versions }: Scenario): number {
  return versions.max;
}

function readScenario(name: string): Scenario {
  if (!/^[a-z]+(?:-[a-z]+)*--[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(name)) throw new Error(`${name}: a scenario is called <area>--<case>`);
  const directory = join(root, name);
  const values = readValues(directory);
  const { title, modes = [], versions = {}, failures = [], decision = "", probes = [], afterProbes = "in-sync", ...unknown } = values;
  const [key] = Object.keys(unknown);
  if (key !== undefined) throw new Error(`${name}/scenario.yaml: unknown key ${key}`);
  if (title === undefined) throw new Error(`${name}/scenario.yaml: the title is missing`);
  const { min = oldestMajor, max = newestMajor } = versions;
  return {
    name,
    directory,
    title,
    modes,
    versions: { min, max },
    failures,
    decision,
    probes: probes.map((probe) => checkProbe(name, probe)),
    afterProbes,
  };
}

type Values = Partial<Omit<Scenario, "name" | "directory" | "versions">> & {
  readonly versions?: { readonly min?: number; readonly max?: number };
};

function readValues(directory: string): Values {
  return parse(readFileSync(join(directory, "scenario.yaml"), "utf8")) as Values;
}

function checkProbe(name: string, probe: Probe): Probe {
  const isComplete = [probe.as, probe.database, probe.sql].every((value) => typeof value === "string");
  const { allowed } = probe;
  if (isComplete && (allowed === true || /^[0-9A-Z]{5}$/u.test(allowed))) return probe;
  throw new Error(
    `${name}/scenario.yaml: a probe needs as, database, sql, and allowed: true or a SQLSTATE; this one is ${JSON.stringify(probe)}`,
  );
}

/** Everything that desired/ wants of its one resource. */
export async function readGoal(scenario: Scenario): Promise<Goal> {
  const { desired, diagnostics } = await loadRepository({ directory: join(scenario.directory, "desired"), repositoryName });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const [resource] = desired.resources;
  if (errors.length > 0 || resource === undefined || desired.resources.length > 1) {
    throw new Error(`${scenario.name}/desired: ${JSON.stringify(errors)}; one resource is needed`);
  }
  const specs = desired.roles;
  return { resource, specs, planned: new Set(specs.map((spec) => spec.roleName)), withOrphans: true, settings: desired.settings };
}
