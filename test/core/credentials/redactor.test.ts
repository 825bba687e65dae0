import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createRedactor } from "../../../src/credentials/redactor.ts";

const forms: Readonly<Record<string, (secret: string) => string>> = {
  "as it is": (secret) => secret,
  "in a URL": (secret) => `postgres://user:${encodeURIComponent(secret)}@host/db`,
  "in a URL with small escapes": (secret) => encodeURIComponent(secret).replaceAll(/%../gu, (escape) => escape.toLowerCase()),
  "in a strict URL": (secret) =>
    encodeURIComponent(secret).replaceAll(/[!'()*]/gu, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
  "in a form": (secret) => new URLSearchParams({ secret }).toString(),
  "in JSON": (secret) => JSON.stringify({ secret }),
  "in JSON in JSON": (secret) => JSON.stringify(JSON.stringify({ secret })),
  "in SQL": (secret) => `SELECT '${secret.replaceAll("'", "''")}'`,
  "in SQL with escapes": (secret) => `SELECT E'${secret.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`,
  "as an identifier": (secret) => `"${secret.replaceAll('"', '""')}"`,
  "in a shell": (secret) => `'${secret.replaceAll("'", `'\\''`)}'`,
  "in a shell, in double quotes": (secret) => `'${secret.replaceAll("'", `'"'"'`)}'`,
  "in C": (secret) => `"${secret.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`,
  "in libpq's words": (secret) => `password='${secret.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
  "in XML": (secret) =>
    secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&apos;"),
  "in HTML": (secret) =>
    secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
  "in a cell of a table": (secret) => secret.replaceAll(/(?<=\\)\|/gu, String.raw`\u007c`).replaceAll("|", String.raw`\|`),
  "in hex": (secret) => Buffer.from(secret).toString("hex"),
};

const secrets = fc
  .string({ unit: "grapheme", minLength: 8, maxLength: 40 })
  .filter((secret) => secret.trim() === secret && !/[\r\n\0]/u.test(secret));

test.each(Object.entries(forms))("leaves nothing of a secret %s", (_, form) => {
  fc.assert(
    fc.property(secrets, (secret) => {
      const redactor = createRedactor();
      redactor.add(secret);
      // The text around it stays, so nothing but the form was taken.
      const redacted = redactor.redact(`<|${form(secret)}|>`);
      expect(redacted).toContain("[redacted]");
      expect(redacted).not.toContain(secret);
      const [before, after] = splitAround(form);
      expect(redacted).toContain(`|${before}[redacted]${after}|>`);
    }),
  );
});

test("leaves nothing of a secret in base64, wherever it stands in the encoded text", () => {
  fc.assert(
    fc.property(
      secrets,
      fc.uint8Array({ maxLength: 5 }),
      fc.uint8Array({ maxLength: 5 }),
      fc.constantFrom<"base64" | "base64url">("base64", "base64url"),
      (secret, before, after, encoding) => {
        const redactor = createRedactor();
        redactor.add(secret);
        const encoded = Buffer.concat([before, Buffer.from(secret), after]).toString(encoding);
        const rest = redactor.redact(encoded).replace("[redacted]", "");
        // Each end may share one character with its neighbour.
        expect(rest.replaceAll("=", "").length).toBeLessThanOrEqual(
          Math.ceil((before.length * 8) / 6) + Math.ceil((after.length * 8) / 6) + 1,
        );
      },
    ),
  );
});

test("masks each line of a secret of many lines, and the longest secret first", () => {
  const redactor = createRedactor();
  redactor.add("-----BEGIN KEY-----\n  c2VjcmV0\r\n-----END KEY-----\n");
  redactor.add("password");
  redactor.add("password-and-more");
  expect(redactor.redact("x c2VjcmV0 y")).toBe("x [redacted] y");
  expect(redactor.redact("password-and-more, password")).toBe("[redacted], [redacted]");
});

test("masks a short secret where it stands alone, and leaves ordinary words readable", () => {
  const redactor = createRedactor();
  redactor.add("ab");
  redactor.add("");
  expect(redactor.redact("ab, 'ab', table, ab_c")).toBe("[redacted], '[redacted]', table, ab_c");
});

test("leaves everything as it is when nothing is known", () => {
  const redactor = createRedactor();
  redactor.add("");
  redactor.add("\n");
  expect(redactor.redact("abc")).toBe("abc");
});

test.each([
  [
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
    "SCRAM-SHA-256$[redacted]",
  ],
  ["SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsU", "SCRAM-SHA-256$[redacted]"],
  ["md5d41d8cd98f00b204e9800998ecf8427e", "[redacted]"],
  ["postgres://u:p@h/d postgresql://u:p:q@h", "postgres://u:[redacted]@h/d postgresql://u:[redacted]@h"],
  ["CREATE ROLE x PASSWORD 'it''s' LOGIN", "CREATE ROLE x PASSWORD '[redacted]' LOGIN"],
  ["alter role x password  'back\\' login", "alter role x password  '[redacted]' login"],
  ["PASSWORD E'it\\'s' LOGIN", "PASSWORD '[redacted]' LOGIN"],
  ["PASSWORD 'cut in the middl", "PASSWORD '[redacted]'"],
  ["PASSWORD 'ROLE_PASSWORD_PLACEHOLDER' INHERIT", "PASSWORD 'ROLE_PASSWORD_PLACEHOLDER' INHERIT"],
  ["postgres://host/db and a SCRAM-SHA-256 login", "postgres://host/db and a SCRAM-SHA-256 login"],
])("masks what looks like a secret, and nothing else: %s", (text, expected) => {
  expect(createRedactor().redact(text)).toBe(expected);
});

/** What the form puts before and after the secret. */
function splitAround(form: (secret: string) => string): readonly [string, string] {
  const [before = "", after = ""] = form("MARK").split(form === forms["in hex"] ? "4d41524b" : "MARK");
  return [before, after];
}

test("leaves nothing of a secret in a cell of a table, whatever else is in it", () => {
  const redactor = createRedactor();
  redactor.add("ab|cd!ef gh");
  expect(redactor.redact("| `ab\\|cd!ef gh` | end |")).toBe("| `[redacted]` | end |");
});
