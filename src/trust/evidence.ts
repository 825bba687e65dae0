// Evidence: what the plan of a pull request came to, as the check run on its head carries it and as an apply compares it.
// It is worth nothing by itself; see judge-check.ts for what makes it trusted.
import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { PlanBasis } from "../model/plan-basis.ts";

export type EvidenceRole = {
  readonly resource: string;
  readonly role: string;
  readonly checksum: string;
  /** SHA-256 of each statement with its database and the relations there; see statement-digest.ts. */
  readonly statements: readonly string[];
  /** What its checksum covers, so that a refusal can say what differs; left out where the whole would not fit. */
  readonly basis?: PlanBasis;
};

export type Evidence = {
  readonly v: typeof evidenceVersion;
  readonly environment: string;
  /** The workflow run that planned. */
  readonly run: number;
  /** The head of the pull request, or the commit of the merge group. */
  readonly head: string;
  /** What it was planned on top of. */
  readonly base: string;
  /** Over all role plans. */
  readonly checksum: string;
  readonly catalog: string;
  readonly declared: string;
  /** The clusters that it was planned on; see targets-digest.ts. */
  readonly targets: string;
  /** Resources whose connection the pull request adds or changes: nobody has planned them, and nobody may apply them by this. */
  readonly unconnected: readonly string[];
  /** Where the passwords go that an apply makes; see store-digest.ts. */
  readonly store: string;
  /** `null` where they would not fit. */
  readonly roles: readonly EvidenceRole[] | null;
};

export const evidenceVersion = 1;

const maximumJsonBytes = 32 * 1_048_576;

const pattern = /<!-- rolewright-evidence v1 ([A-Za-z0-9_-]+) -->/u;

/**
 * Evidence as a comment that Markdown does not show.
 * @param maximum characters. Bases go first, then the roles; the checksum always stays.
 */
export function formatEvidence(evidence: Evidence, maximum: number): string {
  const bare = evidence.roles?.map(({ basis: _, ...role }) => role) ?? null;
  const candidates = [evidence.roles, bare, null];
  const texts = candidates.map((roles) => `<!-- rolewright-evidence v${evidenceVersion} ${encode({ ...evidence, roles })} -->`);
  return texts.find((text) => text.length <= maximum) ?? texts.at(-1) ?? "";
}

/** @returns `null` where the text carries no evidence of this version. */
export function parseEvidence(text: string): Evidence | null {
  const encoded = pattern.exec(text)?.[1];
  if (encoded === undefined) return null;
  try {
    const json = inflateRawSync(Buffer.from(encoded, "base64url"), { maxOutputLength: maximumJsonBytes }).toString();
    const value: unknown = JSON.parse(json);
    return isEvidence(value) ? value : null;
  } catch {
    return null;
  }
}

/**
 * What the run of a plan prints about its evidence, and what an apply compares: nobody else can print into a run, while whoever may write
 * checks may write or change the text of a check run. @returns "" where the text carries no evidence.
 */
export function evidenceDigest(text: string): string {
  const found = pattern.exec(text)?.[0];
  return found === undefined ? "" : `sha256:${createHash("sha256").update(found).digest("hex")}`;
}

function encode(evidence: Evidence): string {
  return deflateRawSync(JSON.stringify(evidence), { level: 9 }).toString("base64url");
}

function isEvidence(value: unknown): value is Evidence {
  if (!isObject(value) || value["v"] !== evidenceVersion) return false;
  const { environment, run, head, base, checksum, catalog, declared, targets, unconnected, store, roles } = value;
  return (
    Number.isSafeInteger(run) &&
    [environment, head, base, checksum, catalog, declared, targets, store].every((text) => typeof text === "string") &&
    isTexts(unconnected) &&
    (roles === null || (Array.isArray(roles) && roles.every(isRole)))
  );
}

function isRole(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { resource, role, checksum, statements, basis } = value;
  return (
    [resource, role, checksum].every((text) => typeof text === "string") && isTexts(statements) && (basis === undefined || isBasis(basis))
  );
}

function isBasis(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { config, target, observed, sqlPlan } = value;
  return isObject(config) && isObject(target) && isTexts(observed) && typeof sqlPlan === "string";
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
