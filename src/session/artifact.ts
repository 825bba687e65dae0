// The result file of `plan -o`, which `apply -f` takes: every plan of a run as its session, and a checksum over all of them.
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import resultSchema from "../../schemas/result.schema.json" with { type: "json" };
import sessionSchema from "../../schemas/session.schema.json" with { type: "json" };
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Session } from "../model/session.ts";
import { inWrittenOrder, literalSessionKeys } from "./written-order.ts";
import { checkYaml, parseYaml, type ParsedYaml, type Reading } from "./read-yaml.ts";
import { formatYaml } from "./write-yaml.ts";
import { planChecksum } from "../model/combined-checksum.ts";

/** Rises when the meaning of the file changes; files of another version are refused. */
export const artifactVersion = 1;

export const maximumArtifactBytes = 50 * 1_048_576;

export type PlanArtifact = {
  readonly version: typeof artifactVersion;
  /** {@link planChecksum} of the results. */
  readonly checksum: string;
  /** Of the access repository; "" without one. */
  readonly commit: string;
  readonly tool_version: string;
  /** Plan sessions: in sync, out of sync and failed. */
  readonly results: readonly Session[];
};

/** The artifact of a run; the order of the sessions stays. */
export function makeArtifact(input: {
  readonly sessions: readonly Session[];
  readonly commit: string;
  readonly toolVersion: string;
}): PlanArtifact {
  return {
    version: artifactVersion,
    checksum: planChecksum(input.sessions.map((session) => session.sql_plan_checksum)),
    commit: input.commit,
    tool_version: input.toolVersion,
    results: input.sessions,
  };
}

/** YAML text; `parseArtifact` reads the same again. */
export function formatArtifact(artifact: PlanArtifact): string {
  const { version, checksum, commit, tool_version, results } = artifact;
  return formatYaml({ version, checksum, commit, tool_version, results: results.map(inWrittenOrder) }, literalSessionKeys);
}

/** What is wrong with a result file of this size before any of it is read, or `null`. */
export function artifactSizeProblem(bytes: number, file: string): Diagnostic | null {
  if (bytes <= maximumArtifactBytes) return null;
  return {
    severity: "error",
    code: "result-too-large",
    message: `the result file has ${bytes} bytes; the largest that is read has ${maximumArtifactBytes}`,
    hint: "plan fewer resources at once",
    at: { file, line: 1, column: 1 },
  };
}

/** Reads a result file, YAML or JSON, strictly: keys, types, version, and that its checksum is that of its results. */
export function parseArtifact(text: string, file: string): Reading<PlanArtifact> {
  const tooLarge = artifactSizeProblem(Buffer.byteLength(text), file);
  if (tooLarge !== null) return { diagnostics: [tooLarge] };
  const parsed = parseYaml(text, file);
  if ("diagnostics" in parsed) return parsed;
  // First, because another version may well have other keys.
  const otherVersion = versionProblem(parsed.value);
  if (otherVersion !== null) return { diagnostics: [otherVersion] };
  const reading = checkYaml(parsed.value, validator());
  if ("diagnostics" in reading) return reading;
  const problems = contentProblems(reading.value, parsed.value.locate);
  return problems.length > 0 ? { diagnostics: problems } : reading;
}

let compiled: ValidateFunction<PlanArtifact> | undefined;

function validator(): ValidateFunction<PlanArtifact> {
  compiled ??= new Ajv2020({ allErrors: true, allowUnionTypes: true }).addSchema(sessionSchema).compile<PlanArtifact>(resultSchema);
  return compiled;
}

function versionProblem({ value, locate }: ParsedYaml): Diagnostic | null {
  if (typeof value !== "object" || value === null || !("version" in value) || value.version === artifactVersion) return null;
  return {
    severity: "error",
    code: "result-version",
    message: `the result file has version ${JSON.stringify(value.version)}: made by another version, plan again`,
    at: locate(["version"]),
  };
}

function contentProblems(artifact: PlanArtifact, locate: ParsedYaml["locate"]): readonly Diagnostic[] {
  const problems: Diagnostic[] = [];
  const report = (code: string, message: string, pointer: readonly string[], hint: string): void => {
    problems.push({ severity: "error", code, message, hint, at: locate(pointer) });
  };
  if (artifact.checksum !== planChecksum(artifact.results.map((session) => session.sql_plan_checksum))) {
    report("result-checksum", "the checksum is not that of the results: the file has been changed", ["checksum"], "plan again");
  }
  const seen = new Set<string>();
  for (const [index, { kind, resource_name, label, config, target }] of artifact.results.entries()) {
    const at = ["results", String(index)];
    // Orphans have no label.
    const role = label === "" ? config.role_name : label;
    const key = JSON.stringify([resource_name, label, role]);
    if (kind !== "plan") report("result-kind", `result ${index + 1} is an apply; only plans are applied`, [...at, "kind"], "plan again");
    if (target.resource !== resource_name)
      report(
        "result-target",
        `result ${index + 1} is of ${resource_name} and was planned on ${target.resource}`,
        [...at, "target"],
        "plan again",
      );
    if (seen.has(key)) report("result-repeated", `${resource_name}/${role} is planned twice`, [...at, "label"], "plan again");
    seen.add(key);
  }
  return problems;
}
