// A source: one parsed file (or the flags of a command line) as plain values, with where each value stands and what people call it.
// Everything after parsing reads sources only, so that CSV, YAML and flags cannot drift apart.
import type { SourceLocation } from "../model/diagnostic.ts";

/** Keys and indices from the root of a source to one value: ["items", 3, "scopes", 0]. */
export type Path = readonly (string | number)[];

export type Source = {
  /** Relative to the access repository; the command line for flags. */
  readonly file: string;
  readonly format: "csv" | "yaml" | "flags";
  /** Objects have no prototype, so that no key of a file is a method. */
  readonly value: unknown;
  /** Where the value at a path stands, or the nearest container of it that exists; `undefined` for flags. */
  readonly locate: (path: Path) => SourceLocation | undefined;
  /** Where the key stands that holds the value; the value's own place where there is no key. */
  readonly locateKey: (path: Path) => SourceLocation | undefined;
  /** What people call a key here: `privileges`, the column `permissions`, the flag `--privileges`. */
  readonly nameOf: (key: string) => string;
  /** Keys that no entry can have, because their column is missing and reported so. */
  readonly missingKeys?: ReadonlySet<string>;
  /** A part of the file was not read, which has been reported: what is not here may stand there. */
  readonly isPartial?: boolean;
};

/** One entry of a list in a source: a resource or a role spec as it was written. */
export type Item = { readonly source: Source; readonly path: Path; readonly values: ReadonlyMap<string, unknown> };

/** The entries of the list under a key; what is not a list or not a mapping is left out, since the schema has reported it. */
export function itemsOf(source: Source, key: string): readonly Item[] {
  const list = isRecord(source.value) ? source.value[key] : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown, index) =>
    isRecord(entry) ? [{ source, path: [key, index], values: new Map(Object.entries(entry)) }] : [],
  );
}

/** A mapping of any file: unknown keys, unknown values. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value under a key where it is text; anything else the schema has reported. */
export function textOf(values: ReadonlyMap<string, unknown>, key: string): string | undefined {
  const value = values.get(key);
  return typeof value === "string" ? value : undefined;
}

/** The value under a key where it is a number. */
export function numberOf(values: ReadonlyMap<string, unknown>, key: string): number | undefined {
  const value = values.get(key);
  return typeof value === "number" ? value : undefined;
}

/** True only for `true`. */
export function isSet(values: ReadonlyMap<string, unknown>, key: string): boolean {
  return values.get(key) === true;
}

/** The texts of a list with their places in it. */
export function textsOf(values: ReadonlyMap<string, unknown>, key: string): readonly { readonly text: string; readonly index: number }[] {
  const value = values.get(key);
  if (!Array.isArray(value)) return [];
  return value.flatMap((text: unknown, index) => (typeof text === "string" ? [{ text, index }] : []));
}
