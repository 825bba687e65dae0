// Entries of the inventory → resources.
import { compareNames } from "../model/name.ts";
import { checksCertificate, sslModes, type Resource, type SslMode } from "../model/resource.ts";
import { readHost } from "./host.ts";
import { itemError } from "./item-problems.ts";
import { nameTooLong } from "./name-length.ts";
import { originOf, placeOf } from "./place-of.ts";
import type { Report } from "./report.ts";
import { show } from "./show.ts";
import { numberOf, textOf, textsOf, type Item } from "./source.ts";

const defaultPort = 5432;
const defaultMaintenanceDatabase = "postgres";

/** What an inventory gives the roles. */
export type Inventory = {
  readonly resources: readonly Resource[];
  /** Of all entries, also of those with a mistake; `null` where one has no name, so that what it should be is not known. */
  readonly names: ReadonlySet<string> | null;
};

/** @returns the resources by name, each once; problems are reported. */
export function resolveResources(items: readonly Item[], report: Report): Inventory {
  const first = new Map<string, Item>();
  const resources: Resource[] = [];
  for (const item of items) {
    const name = textOf(item.values, "name");
    const earlier = name === undefined ? undefined : first.get(name);
    if (name !== undefined && earlier !== undefined) {
      reportDuplicate({ item, earlier, name, report });
      continue;
    }
    if (name !== undefined) first.set(name, item);
    const resource = resolveResource(item, report);
    if (resource !== null) resources.push(resource);
  }
  const isNamed = items.every((item) => textOf(item.values, "name") !== undefined);
  return { resources: resources.toSorted((a, b) => compareNames(a.name, b.name)), names: isNamed ? new Set(first.keys()) : null };
}

function reportDuplicate(input: { readonly item: Item; readonly earlier: Item; readonly name: string; readonly report: Report }): void {
  const { item, earlier, name, report } = input;
  const place = placeOf(earlier, "name");
  itemError(item, report, {
    key: "name",
    code: "duplicate-resource",
    message: `the resource ${show(name)} is already in the inventory${place.text}`,
    hint: "keep one of the two, or give one another name",
    related: place.related,
  });
}

function resolveResource(item: Item, report: Report): Resource | null {
  const { values } = item;
  const name = textOf(values, "name");
  const host = resolveHost(item, report);
  const maintenanceDatabase = textOf(values, "maintenance_database") ?? defaultMaintenanceDatabase;
  const tooLong = nameTooLong("database", maintenanceDatabase);
  if (tooLong !== null) itemError(item, report, { key: "maintenance_database", ...tooLong });
  const sslmode = sslModes.find((mode) => mode === textOf(values, "sslmode"));
  reportUnusedAuthority(item, sslmode, report);
  if (name === undefined || host === undefined) return null;
  return {
    name,
    type: "PostgreSQL",
    host,
    port: numberOf(values, "port") ?? defaultPort,
    ...(sslmode && { sslmode }),
    ...optionalTexts(values),
    maintenanceDatabase,
    tags: textsOf(values, "tags").map(({ text }) => text),
    origin: originOf(item),
  };
}

/** Who names a certificate authority wants the certificate checked (F41). */
function reportUnusedAuthority(item: Item, sslmode: SslMode | undefined, report: Report): void {
  if (textOf(item.values, "sslrootcert") === undefined || sslmode === undefined || checksCertificate(sslmode)) return;
  itemError(item, report, {
    key: "sslrootcert",
    code: "unused-sslrootcert",
    message: `sslmode ${sslmode} checks no certificate, so that these authorities would not be asked`,
    hint: "set sslmode to verify-full or verify-ca, or take sslrootcert away",
  });
}

function resolveHost(item: Item, report: Report): string | undefined {
  const text = textOf(item.values, "host");
  if (text === undefined || text === "") return undefined;
  const host = readHost(text);
  if ("host" in host) return host.host;
  itemError(item, report, { key: "host", code: "bad-host", message: host.problem, hint: host.hint });
  return undefined;
}

function optionalTexts(values: Item["values"]): Pick<Resource, "sslrootcert" | "admin" | "planner" | "agent" | "description"> {
  const keys = ["sslrootcert", "admin", "planner", "agent", "description"] as const;
  return Object.fromEntries(keys.flatMap((key) => (textOf(values, key) === undefined ? [] : [[key, textOf(values, key)]])));
}
