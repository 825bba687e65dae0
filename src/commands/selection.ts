// What `plan` and `apply` are to work on, read from their arguments. Wrong combinations are refused before anything is read.
import { splitList } from "../load/split-list.ts";
import { UsageError } from "./context.ts";

export type PlanSource =
  /** The files of the access repository; narrowed to one resource, or to one of its roles. */
  | { readonly from: "repository"; readonly resource: string | null; readonly label: string | null }
  | { readonly from: "file"; readonly path: string }
  /** One role spec written in flags; scopes and privileges are still unchecked text. */
  | {
      readonly from: "flags";
      readonly resource: string;
      readonly label: string;
      readonly type: string;
      readonly scopes: readonly string[];
      readonly privileges: readonly string[];
      readonly sourceRole: string | null;
      readonly rotatePassword: boolean;
    };

export type ApplySource =
  | { readonly from: "session"; readonly resource: string; readonly sid: string }
  | { readonly from: "result"; readonly path: string };

/** The flags of `plan` as commander gives them. */
export type PlanFlags = {
  readonly role?: string;
  readonly type?: string;
  readonly scopes?: readonly string[];
  readonly privileges?: readonly string[];
  readonly sourceRole?: string;
  readonly rotatePassword?: boolean;
  readonly file?: string;
};

/** @throws UsageError where the flags contradict each other or leave the role spec incomplete. */
export function readPlanSource(resource: string | undefined, flags: PlanFlags): PlanSource {
  const specFlags = [
    ...(flags.type === undefined ? [] : ["--type"]),
    ...(flags.scopes === undefined ? [] : ["--scopes"]),
    ...(flags.privileges === undefined ? [] : ["--privileges"]),
    ...(flags.sourceRole === undefined ? [] : ["--source-role"]),
    ...(flags.rotatePassword === undefined ? [] : ["--rotate-password"]),
  ];
  if (flags.file !== undefined) {
    const others = [
      ...(resource === undefined ? [] : [`the resource ${JSON.stringify(resource)}`]),
      ...(flags.role === undefined ? [] : ["--role"]),
      ...specFlags,
    ];
    if (others.length > 0)
      throw new UsageError(
        `-f names a file with role specs and cannot be combined with ${others.join(", ")}`,
        "Give either -f FILE, or a resource with flags.",
      );
    return { from: "file", path: flags.file };
  }
  if (resource === undefined) {
    const [first] = [...(flags.role === undefined ? [] : ["--role"]), ...specFlags];
    if (first !== undefined) throw new UsageError(`${first} needs a resource`, "Write rolewright plan RESOURCE --role LABEL …");
    return { from: "repository", resource: null, label: null };
  }
  if (specFlags.length === 0) return { from: "repository", resource, label: flags.role ?? null };
  if (flags.role === undefined) throw new UsageError(`${specFlags.join(", ")} needs --role`, "Name the role to plan, as in --role ro.");
  return {
    from: "flags",
    resource,
    label: flags.role,
    type: flags.type ?? "managed",
    scopes: flags.scopes ?? [],
    privileges: flags.privileges ?? [],
    sourceRole: flags.sourceRole ?? null,
    rotatePassword: flags.rotatePassword ?? false,
  };
}

/** @throws UsageError unless exactly one reviewed plan is named. */
export function readApplySource(resource: string | undefined, flags: { readonly sid?: string; readonly file?: string }): ApplySource {
  const hint = "Write rolewright apply RESOURCE --sid SID, or rolewright apply -f RESULT.";
  if (flags.file !== undefined) {
    if (resource !== undefined || flags.sid !== undefined)
      throw new UsageError("-f names a whole result and cannot be combined with a resource or --sid", hint);
    return { from: "result", path: flags.file };
  }
  if (resource === undefined && flags.sid === undefined) throw new UsageError("apply needs a reviewed plan", hint);
  if (resource === undefined) throw new UsageError("--sid needs the resource that the plan was made for", hint);
  if (flags.sid === undefined) throw new UsageError(`apply ${resource} needs the --sid of a reviewed plan`, hint);
  return { from: "session", resource, sid: flags.sid };
}

/** For a flag that takes a list and may stand several times. Empty parts and stray quotes are kept for the reader to refuse. */
export function addToList(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...splitList(text, ",").map((part) => part.text)];
}

export type PlanOptions = {
  readonly source: PlanSource;
  /** `-o`: where the result goes that `apply -f` takes; `null` without it. */
  readonly resultFile: string | null;
  /** Exit with 2 instead of 0 where changes are pending. */
  readonly detailedExitCode: boolean;
};

export type ApplyOptions = { readonly source: ApplySource };
