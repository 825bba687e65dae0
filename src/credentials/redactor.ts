// Masks secrets in whatever is written: each known secret in the forms that a URL, JSON, SQL, a shell or base64 gives it, and unknown
// ones by the patterns that they have in PostgreSQL's texts. The forms are those of GitHub's runner and the ones that rolewright writes.
import { passwordPlaceholder } from "../model/plan.ts";
import { redactionMark as mask } from "../model/redaction-mark.ts";

export type Redactor = {
  /** From now on the text is masked; of a text of many lines, each line, too. */
  readonly add: (secret: string) => void;
  readonly redact: (text: string) => string;
};

/** Shorter texts stand in ordinary words: they are masked only where they are a word by themselves. */
const shortestWithin = 4;

export function createRedactor(): Redactor {
  const within = new Set<string>();
  const words = new Set<string>();
  let known: RegExp | null = null;

  function add(secret: string): void {
    for (const part of new Set([secret, secret.trim(), ...secret.split(/\r\n|\r|\n/u).map((line) => line.trim())])) {
      if (part === "") continue;
      if (part.length < shortestWithin) words.add(part);
      else for (const form of writtenForms(part)) within.add(form);
    }
    // An expression of nothing would match between any two characters.
    known = within.size + words.size === 0 ? null : compile(within, words);
  }

  return { add, redact: (text) => redactPatterns(known === null ? text : text.replace(known, mask)) };
}

function writtenForms(secret: string): ReadonlySet<string> {
  const wellFormed = secret.toWellFormed();
  const json = JSON.stringify(secret).slice(1, -1);
  const uri = encodeURIComponent(wellFormed);
  return new Set(
    [
      secret,
      wellFormed,
      uri,
      encodeURI(wellFormed),
      lowerEscapes(uri),
      // RFC 3986 and HTML forms differ from Node's in a few characters.
      strictUri(uri),
      lowerEscapes(strictUri(uri)),
      new URLSearchParams({ "": wellFormed }).toString().slice(1),
      json,
      JSON.stringify(json).slice(1, -1),
      secret.replaceAll("'", "''"),
      secret.replaceAll("'", "''").replaceAll("\\", "\\\\"),
      secret.replaceAll('"', '""'),
      secret.replaceAll("\\", "\\\\"),
      secret.replaceAll("\\", "\\\\").replaceAll("'", "\\'"),
      secret.replaceAll("\\", "\\\\").replaceAll('"', '\\"'),
      secret.replaceAll("'", `'\\''`),
      secret.replaceAll("'", `'"'"'`),
      secret.replaceAll(/[^A-Za-z0-9_./:=@%+,-]/gu, "\\$&"),
      secret.replaceAll(/["`$]/gu, "`$&"),
      secret.replaceAll(/^"+|"+$/gu, ""),
      xml(secret),
      xml(secret).replaceAll("&apos;", "&#39;"),
      // A cell of a Markdown table.
      secret.replaceAll(/(?<=\\)\|/gu, String.raw`\u007c`).replaceAll("|", String.raw`\|`),
      Buffer.from(secret, "utf8").toString("hex"),
      ...base64Forms(secret),
    ].filter((form) => form.length >= shortestWithin),
  );
}

/** A text within a longer one has one of three base64 forms, by where it starts; outer characters that it shares are left out. */
function base64Forms(secret: string): readonly string[] {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret, "utf8")]);
    const whole = bytes.toString("base64").replace(/=+$/u, "");
    const from = Math.ceil((shift * 8) / 6);
    const to = Math.floor((bytes.length * 8) / 6);
    const own = whole.slice(from, to);
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function lowerEscapes(uri: string): string {
  return uri.replaceAll(/%[0-9A-F]{2}/gu, (escape) => escape.toLowerCase());
}

function strictUri(uri: string): string {
  return uri.replaceAll(/[!'()*]/gu, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&apos;");
}

/** One expression, the longest form first, so that no form is masked in part. */
function compile(within: ReadonlySet<string>, words: ReadonlySet<string>): RegExp {
  const longestFirst = [...within].toSorted((a, b) => b.length - a.length).map(escapeExpression);
  const alone = [...words].map((word) => `(?<![\\p{L}\\p{N}_])${escapeExpression(word)}(?![\\p{L}\\p{N}_])`);
  return new RegExp([...longestFirst, ...alone].join("|"), "gu");
}

function escapeExpression(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
}

/** How every match of the patterns begins: most texts are short and have none of it, and there are a hundred thousand in a large plan. */
const mayHoldPattern = /SCRAM-SHA-256\$|md5[0-9a-f]{32}|postgres(?:ql)?:\/\/|PASSWORD\s/iu;

function redactPatterns(text: string): string {
  if (!mayHoldPattern.test(text)) return text;
  return text
    .replaceAll(/SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+(?:\$[A-Za-z0-9+/=]*(?::[A-Za-z0-9+/=]*)?)?/gu, `SCRAM-SHA-256$${mask}`)
    .replaceAll(/\bmd5[0-9a-f]{32}\b/gu, mask)
    .replaceAll(/(\bpostgres(?:ql)?:\/\/[^\s:@/]{0,200}:)[^\s@]{1,500}@/giu, `$1${mask}@`)
    .replaceAll(
      /(\bPASSWORD\s+)(E'(?:[^'\\]|''|\\[^]){0,1000}(?:'|$)|'(?:[^']|''){0,1000}(?:'|$))/giu,
      (whole, word: string, literal: string) => (literal === `'${passwordPlaceholder}'` ? whole : `${word}'${mask}'`),
    );
}
