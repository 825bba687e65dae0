// What the workflow gives the Action, read and checked once. Names and defaults are those of action.yml.
import { UsageError } from "../commands/context.ts";

export type CommentMode = "update" | "recreate" | "changes-only" | "none";

export type SessionLogPlace = { readonly kind: "artifact" | "none" } | { readonly kind: "branch"; readonly branch: string };

export type Inputs = {
  readonly command: "plan" | "apply" | "drift";
  readonly environment: string;
  readonly directory: string;
  readonly token: string;
  readonly comment: CommentMode;
  readonly planWorkflow: string;
  readonly evidence: "check-run" | "comment-hmac" | "none";
  /** "" unless evidence is `comment-hmac`, and for runs that have no secrets, such as a fork's: see {@link requireEvidenceKey}. */
  readonly evidenceKey: string;
  /** Checksum; "" where none is expected. */
  readonly expect: string;
  readonly minApprovals: number;
  readonly mode: "strict" | "subset";
  /** Names; all where there are none. */
  readonly resources: readonly string[];
  readonly rotate: { readonly resource: string; readonly label: string } | null;
  readonly drift: "report" | "apply";
  readonly sessionLog: SessionLogPlace;
};

/** @throws UsageError that names the input, what is wrong with it and what it takes. */
export function readInputs(env: Readonly<Record<string, string | undefined>>): Inputs {
  // As the toolkit's core.getInput does it: https://github.com/actions/toolkit/blob/main/packages/core/src/core.ts
  const given = (name: string): string => (env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
  const oneOf = <const Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word => {
    const value = given(name);
    const known = value === "" ? words[0] : words.find((word) => word === value);
    if (known === undefined) throw new UsageError(`input ${name}: ${JSON.stringify(value)} is none of ${words.join(", ")}`);
    return known;
  };
  if (given("command") === "") throw new UsageError("input command is missing", "with: { command: plan }");
  const evidence = oneOf("evidence", ["check-run", "comment-hmac", "none"]);
  const comment = oneOf("comment", ["update", "recreate", "changes-only", "none"]);
  if (evidence === "comment-hmac" && comment === "none")
    throw new UsageError("evidence: comment-hmac stands in the comment, and comment: none writes none", "leave out one of them");
  return {
    command: oneOf("command", ["plan", "apply", "drift"]),
    environment: environmentName(given("environment") || "default"),
    directory: given("directory") || ".",
    token: given("token"),
    comment,
    planWorkflow: given("plan-workflow") || ".github/workflows/rolewright-plan.yml",
    evidence,
    evidenceKey: evidence === "comment-hmac" ? evidenceKey(given("evidence-key")) : "",
    expect: expectedChecksum(given("expect")),
    minApprovals: wholeNumber("min-approvals", given("min-approvals") || "1"),
    mode: oneOf("mode", ["strict", "subset"]),
    resources: given("resources")
      .split(/[\n,]/u)
      .map((name) => name.trim())
      .filter((name) => name !== ""),
    rotate: rotation(given("rotate")),
    drift: oneOf("drift", ["report", "apply"]),
    sessionLog: sessionLogPlace(given("session-log") || "artifact"),
  };
}

/** It stands in a check's name and in titles. */
function environmentName(name: string): string {
  if (/^[\p{L}\p{N} ._-]{1,100}$/u.test(name)) return name;
  throw new UsageError(
    `input environment: ${JSON.stringify(name)} is no name`,
    "letters, digits, spaces, dots, dashes and underscores, at most 100",
  );
}

const keyHint = "keep 32 random bytes as a secret of the plan's and the apply's environment: openssl rand -hex 32";

/** A key that can be guessed is no evidence. */
function evidenceKey(key: string): string {
  if (key === "" || key.length >= 32) return key;
  throw new UsageError("input evidence-key has fewer than 32 characters", keyHint);
}

/** Where a seal is made or read. @throws UsageError where there is no key: an empty one would seal, and anybody has it. */
export function requireEvidenceKey({ evidenceKey: key }: Pick<Inputs, "evidenceKey">): string {
  if (key !== "") return key;
  throw new UsageError("input evidence-key is missing, and evidence: comment-hmac needs it", keyHint);
}

function expectedChecksum(text: string): string {
  const checksum = text.replace(/^sha256:/u, "");
  if (/^(?:[0-9a-f]{64})?$/u.test(checksum)) return checksum;
  throw new UsageError(`input expect: ${JSON.stringify(text)} is no checksum`, "64 hexadecimal digits, as the plan prints them");
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,3}$/u.test(text)) return Number(text);
  throw new UsageError(`input ${name}: ${JSON.stringify(text)} is no whole number from 0 to 999`);
}

function rotation(text: string): Inputs["rotate"] {
  if (text === "") return null;
  const slash = text.lastIndexOf("/");
  if (slash > 0 && slash < text.length - 1) return { resource: text.slice(0, slash), label: text.slice(slash + 1) };
  throw new UsageError(`input rotate: ${JSON.stringify(text)} is not resource/label`, "rotate: analytics/ro");
}

function sessionLogPlace(text: string): SessionLogPlace {
  if (text === "artifact" || text === "none") return { kind: text };
  const branch = text.startsWith("branch:") ? text.slice("branch:".length) : "";
  if (isBranchName(branch)) return { kind: "branch", branch };
  throw new UsageError(
    `input session-log: ${JSON.stringify(text)} is none of artifact, none, branch:<name>`,
    "a branch's name has letters, digits, dots, dashes, underscores and slashes: branch:rolewright-sessions",
  );
}

/** Fewer than Git allows, https://git-scm.com/docs/git-check-ref-format, so that the name is itself in commands, links and messages. */
function isBranchName(name: string): boolean {
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,200}$/u.test(name) || /^(?:HEAD$|refs\/|[0-9a-f]{40}$)/u.test(name)) return false;
  return name.split("/").every((part) => part !== "" && !part.startsWith(".") && !/\.\.|\.lock$|\.$/u.test(part));
}
