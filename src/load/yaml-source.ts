// YAML text → Source. YAML 1.2's core schema, one document, no tags of its own, aliases within a bound.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type ParsedNode } from "yaml";
import type { SourceLocation } from "../model/diagnostic.ts";
import type { Report } from "./report.ts";
import { isRecord, type Path, type Source } from "./source.ts";
import { describeYamlErrors } from "./yaml-errors.ts";

/** Values that aliases may add to one file. A bomb doubles with each line; honest files repeat a list or two. */
const mostAliasedValues = 100_000;

/** Nothing of ours is deeper than settings' orphans.drop.reassign_to. */
const deepest = 20;

/** Offsets of the children of one mapping or list, by key or index. */
type Children = ReadonlyMap<string | number, { readonly key: number; readonly value: number }>;

export type YamlFile = { readonly source: Source; readonly document: Document.Parsed };

/** The rest of the file is read all the same, so that its problems are told, too: without its tags, and without further documents. */
const passable: ReadonlySet<string> = new Set(["custom-tag", "multiple-documents"]);

/**
 * @returns the file, or `null` where its syntax cannot be relied on. A text without any value gives the value `null`. Where the source is
 * partial, the document must not be edited.
 */
export function readYamlFile(input: { readonly file: string; readonly text: string }, report: Report): YamlFile | null {
  const lines = new LineCounter();
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file: input.file, line, column: col };
  };
  const parsed = parse(input.text, lines);
  if (parsed === null) {
    report.error({
      code: "yaml-syntax",
      message: "the file is nested too deeply to be read",
      hint: "write plain lists and mappings, a few levels deep",
      at: { file: input.file, line: 1, column: 1 },
    });
    return null;
  }
  const problems = describeYamlErrors([...parsed.errors, ...parsed.warnings], input.text);
  for (const { offset, ...problem } of problems) report.error({ ...problem, at: at(offset) });
  const version = parsed.directives.yaml;
  if (version.explicit === true && version.version !== "1.2") {
    report.error({ code: "yaml-version", message: `YAML ${version.version} is not read`, hint: "remove the %YAML line", at: at(0) });
    return null;
  }
  if (problems.some(({ code }) => !passable.has(code))) return null;
  const tags = problems.filter(({ code }) => code === "custom-tag").map(({ offset }) => offset);
  const document = tags.length === 0 ? parsed : tags.length > mostTags ? null : parse(withoutTags(input.text, tags), new LineCounter());
  if (document === null) return null;
  const reader = new NodeReader(report, at);
  const value = document.contents === null ? null : reader.read(document.contents, 0);
  if (reader.failed) return null;
  const source = toSource({ file: input.file, value, children: reader.children, at }, document);
  const isPartial = problems.length > 0 || reader.isPartial;
  return { source: isPartial ? { ...source, isPartial } : source, document };
}

/** So many are no oversight, and to read a large file once more takes its time. */
const mostTags = 1_000;

/** Blanks in their place, so that everything stays where it is. */
function withoutTags(text: string, offsets: readonly number[]): string {
  const pieces: string[] = [];
  let end = 0;
  for (const offset of offsets) {
    const [tag = ""] = /![^\s,[\]{}]*/uy.exec(text.slice(offset, offset + longestTag)) ?? [];
    pieces.push(text.slice(end, offset), " ".repeat(tag.length));
    end = offset + tag.length;
  }
  return [...pieces, text.slice(end)].join("");
}

/** A longer one is no tag that anybody has written, and what is left of it is another problem. */
const longestTag = 1_000;

/** `null`: nested so deeply that the parser runs out of stack or memory. */
function parse(text: string, lineCounter: LineCounter): Document.Parsed | null {
  if (looksTooDeep(text)) return null;
  try {
    // resolveKnownTags makes nodes of other kinds of !!omap and !!set. uniqueKeys compares each key with every other; NodeReader finds
    // repeated keys in one pass.
    return parseDocument(text, {
      schema: "core",
      resolveKnownTags: false,
      strict: true,
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter,
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Before parsing, since a parser that is out of memory reports nothing. Brackets in texts count too, but nobody leaves so many open. */
function looksTooDeep(text: string): boolean {
  if (/(?:[-?:][ \t]+){1000}/u.test(text)) return true;
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/gu)) {
    open = bracket === "[" || bracket === "{" ? open + 1 : Math.max(0, open - 1);
    if (open > 1000) return true;
  }
  return false;
}

/** Turns nodes into plain values, and remembers where each came from. */
class NodeReader {
  readonly children = new WeakMap<object, Children>();
  failed = false;
  /** The second value of a key that is there twice is left out. */
  isPartial = false;
  private readonly anchors = new Map<string, ParsedNode>();
  private readonly open = new Set<ParsedNode>();
  private readonly report: Report;
  private readonly at: (offset: number) => SourceLocation;
  private aliasDepth = 0;
  /** The alias that is being expanded, with all that are inside of it. */
  private expanding: ParsedNode | null = null;
  private aliasedValues = 0;

  constructor(report: Report, at: (offset: number) => SourceLocation) {
    this.report = report;
    this.at = at;
  }

  read(node: ParsedNode, depth: number): unknown {
    if (this.aliasDepth > 0) this.aliasedValues += 1;
    if (depth > deepest)
      return this.fail(node, "yaml-syntax", "the value is nested too deeply", "write plain lists and mappings, a few levels deep");
    if (isAlias(node)) return this.readAlias(node, depth);
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
    if (isScalar(node)) return node.value;
    this.open.add(node);
    const value = isMap(node) ? this.readMap(node, depth) : isSeq(node) ? this.readList(node, depth) : null;
    this.open.delete(node);
    return value;
  }

  private readAlias(node: ParsedNode & { readonly source: string }, depth: number): unknown {
    const target = this.anchors.get(node.source);
    if (target === undefined) {
      return this.fail(node, "yaml-syntax", "the alias names no anchor before it", "define the anchor with & first");
    }
    const hint = "write the values out instead of naming them by anchors";
    if (this.open.has(target)) return this.fail(node, "alias-bomb", "the alias stands inside the value that it names", hint);
    this.expanding ??= node;
    if (this.aliasedValues > mostAliasedValues) {
      return this.fail(this.expanding, "alias-bomb", `aliases repeat more than ${mostAliasedValues} values`, hint);
    }
    this.aliasDepth += 1;
    const value = this.read(target, depth);
    this.aliasDepth -= 1;
    if (this.aliasDepth === 0) this.expanding = null;
    return value;
  }

  private readMap(node: Extract<ParsedNode, { readonly items: readonly { readonly key: unknown }[] }>, depth: number): unknown {
    const record: Record<string, unknown> = Object.create(null);
    const children = new Map<string, { readonly key: number; readonly value: number }>();
    for (const pair of node.items) {
      if (this.stopped()) break;
      if (!isScalar(pair.key)) {
        this.fail(pair.key, "bad-key", "a key is not plain text", "write plain words as keys");
        continue;
      }
      const name = pair.key.source;
      const key = pair.key.range[0];
      const first = children.get(name);
      if (first !== undefined) {
        this.isPartial = true;
        const related = [this.at(first.key)];
        this.report.error({
          code: "duplicate-key",
          message: "the key is there twice in one mapping",
          hint: "keep one of them",
          at: this.at(key),
          related,
        });
        continue;
      }
      children.set(name, { key, value: pair.value?.range[0] ?? key });
      record[name] = pair.value === null ? null : this.read(pair.value, depth + 1);
    }
    this.children.set(record, children);
    return record;
  }

  private readList(node: Extract<ParsedNode, { readonly items: readonly ParsedNode[] }>, depth: number): unknown {
    const children = new Map<number, { readonly key: number; readonly value: number }>();
    const list: unknown[] = [];
    for (const [index, item] of node.items.entries()) {
      if (this.stopped()) break;
      children.set(index, { key: item.range[0], value: item.range[0] });
      list.push(this.read(item, depth + 1));
    }
    this.children.set(list, children);
    return list;
  }

  /** A bomb is reported once, then nothing more of it is expanded. */
  private stopped(): boolean {
    return this.aliasedValues > mostAliasedValues && this.failed;
  }

  private fail(node: ParsedNode, code: string, message: string, hint: string): null {
    if (!this.stopped()) this.report.error({ code, message, hint, at: this.at(node.range[0]) });
    this.failed = true;
    return null;
  }
}

function toSource(
  input: {
    readonly file: string;
    readonly value: unknown;
    readonly children: WeakMap<object, Children>;
    readonly at: (offset: number) => SourceLocation;
  },
  document: Document.Parsed,
): Source {
  const find = (path: Path, what: "key" | "value"): SourceLocation => {
    let offset = document.contents?.range[0] ?? 0;
    let value = input.value;
    for (const [depth, step] of path.entries()) {
      const child = typeof value === "object" && value !== null ? input.children.get(value)?.get(step) : undefined;
      if (child === undefined) break;
      offset = what === "key" && depth === path.length - 1 ? child.key : child.value;
      value = Array.isArray(value) ? value[Number(step)] : isRecord(value) ? value[step] : undefined;
    }
    return input.at(offset);
  };
  return {
    file: input.file,
    format: "yaml",
    value: input.value,
    locate: (path) => find(path, "value"),
    locateKey: (path) => find(path, "key"),
    nameOf: (key) => key,
  };
}
