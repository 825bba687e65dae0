// rolewright.yaml → settings, with every default filled in.
import { isAbsolute, relative, resolve, sep } from "node:path";
import { unnamedRepository } from "../model/marker.ts";
import { defaultSettings, type OrphanPolicy, type Settings } from "../model/settings.ts";
import { nameTooLong } from "./name-length.ts";
import type { Report } from "./report.ts";
import { isRecord, isSet, numberOf, textOf, type Path, type Source } from "./source.ts";

type Values = ReadonlyMap<string, unknown>;

type Input = {
  /** `null`: there is no rolewright.yaml, or it cannot be read. */
  readonly source: Source | null;
  /** Absolute path of the access repository. */
  readonly directory: string;
  /** As Git calls it; `null`: it does not. */
  readonly repositoryName?: string | null;
};

/** @returns the settings; problems are reported, and where there is one the default stands. */
export function resolveSettings(input: Input, report: Report): Settings {
  const values = valuesOf(input.source?.value);
  const concurrency = valuesOf(values.get("concurrency"));
  const timeouts = valuesOf(values.get("timeouts"));
  const { source, directory } = input;
  if (source !== null) {
    checkStore({ source, store: storeOf(values), directory, report });
    checkNewOwner(source, values, report);
  }
  const repository = textOf(values, "repository") ?? input.repositoryName ?? defaultSettings.repository;
  const isNamed = repository !== unnamedRepository;
  if (!isNamed && input.repositoryName !== undefined) warnOfOrphans(source, orphansOf(values), report);
  return {
    repository,
    prefix: textOf(values, "prefix") ?? defaultSettings.prefix,
    orphans: isNamed ? orphansOf(values) : defaultSettings.orphans,
    foreignGrants: textOf(values, "foreign_grants") === "report" ? "report" : defaultSettings.foreignGrants,
    credentials: { store: storeOf(values) ?? defaultSettings.credentials.store },
    concurrency: {
      total: numberOf(concurrency, "total") ?? defaultSettings.concurrency.total,
      perResource: numberOf(concurrency, "per_resource") ?? defaultSettings.concurrency.perResource,
    },
    timeouts: {
      connectSeconds: numberOf(timeouts, "connect") ?? defaultSettings.timeouts.connectSeconds,
      lockSeconds: numberOf(timeouts, "lock") ?? defaultSettings.timeouts.lockSeconds,
      statementSeconds: numberOf(timeouts, "statement") ?? defaultSettings.timeouts.statementSeconds,
    },
    sslrootcert: textOf(values, "sslrootcert") ?? defaultSettings.sslrootcert,
    sessions: sessionsOf(values, input, report) ?? defaultSettings.sessions,
  };
}

function valuesOf(value: unknown): Values {
  return new Map(isRecord(value) ? Object.entries(value) : []);
}

function storeOf(values: Values): string | undefined {
  return textOf(valuesOf(values.get("credentials")), "store");
}

function orphanOptions(values: Values, action: "disable" | "drop"): Values {
  return valuesOf(valuesOf(values.get("orphans")).get(action));
}

function orphansOf(values: Values): OrphanPolicy {
  const drop = orphanOptions(values, "drop");
  const reassignTo = textOf(drop, "reassign_to");
  if (reassignTo !== undefined) return { action: "drop", reassignTo, terminateSessions: isSet(drop, "terminate_sessions") };
  const orphans = values.get("orphans");
  const isDisable = orphans === "disable" || (isRecord(orphans) && isRecord(orphans["disable"]));
  if (!isDisable) return defaultSettings.orphans;
  return { action: "disable", terminateSessions: isSet(orphanOptions(values, "disable"), "terminate_sessions") };
}

/** Two repositories without a name would take each other's roles for orphans. */
function warnOfOrphans(source: Source | null, { action }: OrphanPolicy, report: Report): void {
  if (action === "report") return;
  report.warn({
    code: "unnamed-repository",
    message: `orphans: ${action} is not carried out, since this repository has no name and others without one have the same marker on their roles`,
    hint: "set repository, such as repository: acme/access, or give Git a remote called origin",
    at: source?.locate(["orphans"]),
  });
}

/** Generated passwords must never become part of a commit. */
function checkStore(input: {
  readonly source: Source;
  readonly store: string | undefined;
  readonly directory: string;
  readonly report: Report;
}): void {
  const { source, store, directory, report } = input;
  if (store === undefined || !store.startsWith("file:")) return;
  const path = store.slice("file:".length);
  // In the home directory, wherever that is.
  if (path.startsWith("~/") || !isInside(directory, resolve(directory, path))) return;
  const message = "credentials.store lies inside the access repository, where generated passwords would be committed";
  report.error({
    code: "store-inside-repository",
    message,
    hint: "name a folder outside of it, such as file:../credentials",
    at: source.locate(["credentials", "store"]),
  });
}

function sessionsOf(values: Values, { source, directory }: Input, report: Report): string | undefined {
  const sessions = textOf(values, "sessions");
  if (sessions === undefined) return undefined;
  const path = resolve(directory, sessions);
  if (!isAbsolute(sessions) && isInside(directory, path) && path !== resolve(directory)) return sessions;
  const message = "sessions must be a folder inside the access repository";
  report.error({
    code: "bad-sessions-folder",
    message,
    hint: "write a relative path, such as sessions; --sessions names any folder for one run",
    at: source?.locate(["sessions"]),
  });
  return undefined;
}

function checkNewOwner(source: Source, values: Values, report: Report): void {
  const path: Path = ["orphans", "drop", "reassign_to"];
  const problem = nameTooLong("role", textOf(orphanOptions(values, "drop"), "reassign_to") ?? "");
  if (problem !== null) report.error({ ...problem, message: `reassign_to: ${problem.message}`, at: source.locate(path) });
}

function isInside(directory: string, path: string): boolean {
  const way = relative(resolve(directory), path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
