// An observed entry in words for people. The entries themselves are canonical lines that enter the checksum (diff/observed-entries.ts).
import { attributeKeywords } from "../model/attribute-keywords.ts";
import { ident, identsIn } from "../model/quote.ts";

type Words = (parts: readonly string[]) => string;

const text = String.raw`"(?:[^"\\]|\\.)*"`;
const object = String.raw`\{(?:${text}|[^"{}])*\}`;
const list = String.raw`\[(?:${text}|,)*\]`;

/** The forms that hold JSON, and where they stand; all others are words as they are. Two entries that differ have different words. */
const forms: readonly (readonly [RegExp, Words])[] = [
  [form(`role exists with (${object})`), ([attributes = ""]) => attributeWords(attributes)],
  [form("comment (null)"), () => "the role has no comment"],
  [form(`comment (${text})`), ([comment = ""]) => `the role has the comment ${comment}`],
  [
    form(`member of (${text}) by (${text}) with (${object})`),
    ([role = "", by = "", options = ""]) => `member of ${role}, granted by ${by}${optionWords(options)}`,
  ],
  [form(`has the member (${text}) with (${object})`), ([member = "", options = ""]) => `has the member ${member}${memberWords(options)}`],
  [
    form(`([A-Z ]+) on (${object}) by (${text})( with grant option)?`),
    ([privilege = "", on = "", by = "", option = ""]) => `${privilege} on ${objectWords(on)}, granted by ${by}${option}`,
  ],
  [
    form(`granted to (${text}): ([A-Z ]+) on (${object})`),
    ([role = "", privilege = "", on = ""]) => `${privilege} on ${objectWords(on)}, granted onwards to ${role}`,
  ],
  [
    form(String.raw`leaves ([a-zA-Z ]+) (\d+) (${list}) (\([0-9a-f]+\))`),
    ([kind = "", total = "", names = "", digest = ""]) => `leaves ${kind} (${total}): ${quotedWords(names)} ${digest}`,
  ],
  [
    form(`named by ((?:restrictive )?policy) (${text}) on (${list})( alone)?`),
    ([kind = "", policy = "", table = "", alone = ""]) => `named by ${kind} ${policy} on ${tableWords(table)}${alone}`,
  ],
  [
    form(`source role (${text}) reaches (${text}) with (${list})`),
    ([source = "", reached = "", attributes = ""]) => `source role ${source} reaches ${reached}${attributeList(attributes)}`,
  ],
  [
    form(String.raw`(missing|extra) ([A-Z ]+) on (\d+) (\w+) (${list}) (\([0-9a-f]+\))`),
    ([which, privilege = "", total = "", kind = "", names = "", digest = ""]) =>
      `${privilege} on ${total} ${kind} is ${which === "missing" ? "missing" : "too much"}: ${nameWords(names, { kind, total: Number(total), digest })}`,
  ],
];

function form(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`, "u");
}

const place = new RegExp(`^(?:cluster|database ${text}(?:: schema ${text})?): `, "u");

/** @returns one line; what is in quotes in it is escaped, as JSON or as SQL. An entry of an unknown form comes back as it is. */
export function entryWords(entry: string): string {
  const where = place.exec(entry)?.[0] ?? "";
  const what = entry.slice(where.length);
  for (const [pattern, words] of forms) {
    const parts = pattern.exec(what);
    if (parts === null) continue;
    try {
      const line = `${where === "cluster: " ? "" : where}${words(parts.slice(1))}`;
      return line.includes("\n") ? entry : shortened(line);
    } catch (error) {
      // It comes from a file, which anybody may have changed.
      if (error instanceof SyntaxError) return entry;
      throw error;
    }
  }
  return shortened(entry);
}

/** A digest tells that names differ; its first digits do. */
function shortened(words: string): string {
  return words.replace(/\(([0-9a-f]{12})[0-9a-f]{52}\)$/u, "($1…)");
}

function attributeWords(json: string): string {
  const { connectionLimit, validUntil, ...switches } = fieldsOf(json);
  const words = [
    ...attributeKeywords.filter(([key]) => switches[key] === true).map(([, keyword]) => keyword),
    ...(connectionLimit === -1 ? [] : [`CONNECTION LIMIT ${plain(connectionLimit)}`]),
    ...(validUntil === null ? [] : [`VALID UNTIL ${plain(validUntil)}`]),
  ];
  return `role exists with ${words.length === 0 ? "no attribute" : words.join(" ")}`;
}

function optionWords(json: string): string {
  const options = fieldsOf(json);
  const held = ["admin", "inherit", "set"].filter((option) => options[option] === true);
  return held.length === 0 ? "" : `, with ${held.map((option) => option.toUpperCase()).join(", ")}`;
}

function attributeList(json: string): string {
  const keywords = itemsOf(json);
  return keywords.length > 0 ? `, which has ${keywords.join(", ")}` : "";
}

function tableWords(json: string): string {
  return itemsOf(json).map(ident).join(".");
}

/** Names that are no identifiers, such as that of a rule and its table. */
function quotedWords(json: string): string {
  return itemsOf(json)
    .map((name) => JSON.stringify(name))
    .join(", ");
}

function memberWords(json: string): string {
  const { use, admin } = fieldsOf(json);
  const powers = [...(use === true ? ["may do what it may"] : []), ...(admin === true ? ["may make others members"] : [])];
  return powers.length === 0 ? "" : `, who ${powers.join(" and ")}`;
}

/** `table "public"."events"`, as SQL has it, so that names stay on the line. */
function objectWords(json: string): string {
  const { kind, ...fields } = fieldsOf(json);
  const quoted = (key: string): string => ident(plain(fields[key]));
  const words = plain(kind).replace(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`);
  if ("oid" in fields) return `${words} ${plain(fields["oid"])}`;
  if ("signature" in fields) return `${words} ${identsIn(plain(fields["signature"]))}`;
  if ("table" in fields) return `${words} ${quoted("name")} of table ${quoted("schema")}.${quoted("table")}`;
  return `${words} ${"schema" in fields ? `${quoted("schema")}.` : ""}${quoted("name")}`;
}

/** The digest stands for those that the entry does not name. Routines have signatures instead of names, which are SQL already. */
function nameWords(json: string, list: { readonly kind: string; readonly total: number; readonly digest: string }): string {
  const names = itemsOf(json);
  const words = names.map(list.kind === "routines" ? identsIn : ident).join(", ");
  return names.length === list.total ? words : `${words} and ${list.total - names.length} more ${list.digest}`;
}

function itemsOf(json: string): readonly string[] {
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? value.map(plain) : [];
}

function fieldsOf(json: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(json);
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function plain(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new SyntaxError("neither a text nor a number");
}
