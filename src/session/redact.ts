// Masks secrets: known ones by their value, others by the forms that they have in PostgreSQL's texts.
import { passwordPlaceholder } from "../model/plan.ts";

export type Redact = (text: string) => string;

const mask = "[redacted]";

/** Shorter values stand in ordinary words and would make a text unreadable without hiding anything. */
const shortestSecret = 4;

/**
 * @param secrets asked for at every call, so that what is generated later is masked as well.
 * @returns a function that masks each secret, also as SQL or a URL quotes it, and any verifier or password in DSNs and SQL.
 */
export function makeRedactor(secrets: () => Iterable<string>): Redact {
  return (text) => {
    const forms = [...secrets()].filter((secret) => secret.length >= shortestSecret).flatMap(writtenForms);
    const longestFirst = forms.sort((a, b) => b.length - a.length);
    return redactForms(longestFirst.reduce((masked, form) => masked.replaceAll(form, mask), text));
  };
}

function writtenForms(secret: string): readonly string[] {
  return [...new Set([secret, secret.replaceAll("'", "''"), encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)])];
}

function redactForms(text: string): string {
  return text
    .replace(/SCRAM-SHA-256\$[^\s'"]+/gu, `SCRAM-SHA-256$${mask}`)
    .replace(/\bmd5[0-9a-f]{32}\b/gu, mask)
    .replace(/(\bpostgres(?:ql)?:\/\/[^\s:@/]*:)[^\s@]*@/giu, `$1${mask}@`)
    .replace(/(\bPASSWORD\s+)'((?:[^']|'')*)'/giu, (whole, word: string, value: string) => (value === passwordPlaceholder ? whole : `${word}'${mask}'`))
    .replace(/(\b(?:password|passwd|pwd)\s*=\s*)(?:'(?:[^'\\]|\\.)*'|[^\s&'"]+)/giu, `$1${mask}`);
}
