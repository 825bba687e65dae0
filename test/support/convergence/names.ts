// Names that anybody with CREATE may choose: what quoting, psql, LIKE, format strings and terminals get wrong.
import * as fc from "fast-check";

const hostile = [
  'a"b',
  "a.b",
  "Ünïcödé ☃",
  "UPPER",
  "two words",
  " outer ",
  "a=b",
  "host=evil port=1",
  "postgres://evil/x",
  "back\\slash\\",
  "it's",
  "100%s",
  "$1",
  "$$",
  "1st",
  "select",
  "user",
  "pgboss",
  "a;b--c",
  "/*",
  "{x,y}",
  "'\\'",
  "%I.%L",
  "😀",
  "ümlaut",
  "x".repeat(63),
  "é".repeat(31),
  "(int)",
  "*",
  "line\nbreak",
  "x\n\\! touch /tmp/owned\n",
  "x\r\n\\quit",
  "tab\t",
  "\u001b[2J",
  "c1\u0085\u009b",
  "soft\u00adhyphen",
  "\u2028\u2029",
  "\u202elanigiro",
  "zero\u200bwidth\u200d",
  "\ufefftag\u{e0041}",
  '\\000a"\n',
  "a=\"\n'\\",
];

const letters = Array.from("abzAZ09_.\"'\\ %$=:/-,;(){}[]<>é☃+&U\n\r\t\u0007\u0085\u2029\u202e\u2066\u{e0041}");

const name: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("app", "legacy", "sales", "crm", "audit", "web") },
  { weight: 4, arbitrary: fc.constantFrom(...hostile) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 12 }) },
);

/** Distinct names that PostgreSQL takes for any kind of object: schemas and roles cannot begin with `pg_`. */
export function namesOf(count: { readonly min: number; readonly max: number }): fc.Arbitrary<string[]> {
  return fc.uniqueArray(name, { minLength: count.min, maxLength: count.max });
}
