// Values → YAML text that any reader takes and any terminal may show. The structure and common texts are written here; how a rare
// text is to be quoted is asked of the yaml library, so that the whole is, byte for byte, what the library writes.
import { Document, visit } from "yaml";

// What a reader may refuse or a terminal obey or hide: the same classes as `printable`, newline and tab apart.
const invisible = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}/u;
const invisibleToEscape = /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu;

/**
 * Writes a value of plain objects, lists, strings, numbers, booleans and null.
 * @param literalKeys keys whose text stands as a block literal (`|`) where YAML can carry it so.
 */
export function formatYaml(value: unknown, literalKeys: readonly string[]): string {
  const lines: string[] = [];
  const writer: Writer = { lines, literalKeys, known: new Map() };
  if (!isObject(value)) return formatByLibrary(value, literalKeys);
  writeMap(writer, { value, indent: "", first: "" });
  return lines.length === 0 ? "{}\n" : `${lines.join("\n")}\n`;
}

type Writer = { readonly lines: string[]; readonly literalKeys: readonly string[]; readonly known: Map<unknown, string> };

/** Where a collection stands: its lines begin with `indent`, the first of them with `first`. */
type Place<Value> = { readonly value: Value; readonly indent: string; readonly first: string };

function writeMap(writer: Writer, { value, indent, first }: Place<object>): void {
  let start = first;
  for (const [key, item] of Object.entries(value) as readonly [string, unknown][]) {
    if (item === undefined) continue;
    const head = `${start}${mapKey(key)}:`;
    start = indent;
    const deeper = `${indent}  `;
    if (typeof item === "string" && writer.literalKeys.includes(key) && fitsLiteral(item))
      writeLiteral(writer, { value: item, indent: deeper, first: head });
    else if (isEmpty(item) || !isObject(item)) writer.lines.push(`${head} ${scalar(writer, item)}`);
    else {
      writer.lines.push(head);
      writeCollection(writer, { value: item, indent: deeper, first: deeper });
    }
  }
}

function writeCollection(writer: Writer, { value, indent, first }: Place<object>): void {
  if (!Array.isArray(value)) return writeMap(writer, { value, indent, first });
  let start = first;
  for (const item of value as readonly unknown[]) {
    if (isEmpty(item) || !isObject(item)) writer.lines.push(`${start}- ${scalar(writer, item)}`);
    else writeCollection(writer, { value: item, indent: `${indent}  `, first: `${start}- ` });
    start = indent;
  }
}

/** `|-`: no newline at the end, `|`: one, `|+`: several, or one behind a line of nothing but white space. */
function writeLiteral(writer: Writer, { value, indent, first }: Place<string>): void {
  const sign = /\n[\n\t ]*\n$/u.test(value) ? "+" : value.endsWith("\n") ? "" : "-";
  const text = value.endsWith("\n") ? value.slice(0, -1) : value;
  writer.lines.push(`${first} |${sign}`, ...text.split("\n").map((line) => (line === "" ? "" : `${indent}${line}`)));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.values(value).every((item) => item === undefined);
}

/** What cannot stand without quotes: https://yaml.org/spec/1.2.2/#733-plain-style */
const needsQuotes = /^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/u;

/** Without a digit, a sign or a dot at its start a plain text is a text, unless it is one of the words of YAML 1.1 or 1.2; `e0` passes for a number. */
const isWord = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)(?!e[-+\d])[A-Za-z_]/iu;

/** Ids and hashes: with one of these letters in it no number of any YAML looks like them. */
const isHexText = /^(?!0b)(?=.*[acdf])[0-9a-f][0-9a-f-]*$/u;

const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/u;

/** Also what has nothing in it. */
function scalar(writer: Writer, value: unknown): string {
  if (isObject(value)) return Array.isArray(value) ? "[]" : "{}";
  if (value === null || typeof value === "boolean" || Number.isSafeInteger(value)) return String(value);
  const simple = typeof value === "string" ? simpleText(value) : null;
  if (simple !== null) return simple;
  const text = writer.known.get(value) ?? formatByLibrary([value], []).slice("- ".length, -1);
  writer.known.set(value, text);
  return text;
}

function mapKey(key: string): string {
  return (
    (key.length < 256 ? simpleText(key) : null) ??
    formatByLibrary([[Object.fromEntries([[key, 0]])]], []).slice("- - ".length, -": 0\n".length)
  );
}

/** The text on one line, quoted or not; `null` where the library has to say how. */
function simpleText(text: string): string | null {
  if (!isOneVisibleLine(text)) return null;
  if (needsQuotes.test(text)) return text.includes('"') && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
  if (isWord.test(text) || isHexText.test(text)) return text;
  // In YAML 1.1 a plain one is a time and not a text.
  return isInstant.test(text) ? `"${text}"` : null;
}

/** The same by the library alone, which makes a tree of nodes first: ten times slower, and a hundred sessions were half of a plan's work. */
export function formatByLibrary(value: unknown, literalKeys: readonly string[]): string {
  const document = new Document(value, { aliasDuplicateObjects: false, compat: "yaml-1.1", schema: "core" });
  visit(document, {
    Pair(_, pair) {
      const { key, value: node } = pair;
      if (!isStringScalar(key) || !isStringScalar(node)) return;
      if (literalKeys.includes(key.value) && fitsLiteral(node.value)) node.type = "BLOCK_LITERAL";
    },
    Scalar(_, node) {
      if (node.type === undefined && typeof node.value === "string" && !isOneVisibleLine(node.value)) node.type = "QUOTE_DOUBLE";
    },
  });
  const text = document.toString({ lineWidth: 0, doubleQuotedAsJSON: true, simpleKeys: true, flowCollectionPadding: false });
  // Only double-quoted text has such characters by now, so that an escape is right wherever one stands.
  return text.replace(invisibleToEscape, escapeSequence);
}

type StringScalar = { value: string; type?: string };

export function isStringScalar(node: unknown): node is StringScalar {
  return typeof node === "object" && node !== null && "value" in node && typeof node.value === "string";
}

function fitsLiteral(text: string): boolean {
  return text !== "" && !invisible.test(text) && !/^\s|\n[ \t]+$/u.test(text);
}

function isOneVisibleLine(text: string): boolean {
  return !invisible.test(text) && !/[\n\t]/u.test(text);
}

function escapeSequence(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
