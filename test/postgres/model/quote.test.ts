// Quoting against the server itself, which is the only one who knows how it reads.
import * as fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ident, literal } from "../../../src/model/quote.ts";
import { startServer, type Server } from "../../support/server.ts";

let server: Server;
let client: Client;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("'", '"', "\\", "$", "%", ".", "E", "e", "\n", " ", "-", "/", "*", ";", "é", "☃") }),
);
const storable = text.filter((value) => !value.includes("\0") && value.isWellFormed());
const name = storable.filter((value) => value !== "" && Buffer.byteLength(value) <= 63);

describe("quoting", () => {
  it("F23 an identifier comes back as the name it was made of, as quote_ident would have it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 50 }), async (names) => {
        const { fields } = await client.query(`SELECT ${names.map((column) => `1 AS ${ident(column)}`).join(", ")}`);
        expect(fields.map((field) => field.name)).toEqual(names);
        const { rows } = await client.query<{ quoted: string[] }>(
          "SELECT array_agg(quote_ident(n) ORDER BY at) AS quoted FROM unnest($1::text[]) WITH ORDINALITY AS u (n, at)",
          [names],
        );
        // quote_ident leaves out quotes that are not needed.
        expect(rows[0]?.quoted.map((quoted) => (quoted.startsWith('"') ? quoted : `"${quoted}"`))).toEqual(names.map(ident));
      }),
    );
  });

  it.each(["on", "off"])("F23 a literal means the same text with standard_conforming_strings %s", async (setting) => {
    await client.query(`SET standard_conforming_strings = ${setting}; SET backslash_quote = on; SET escape_string_warning = off`);
    await fc.assert(
      fc.asyncProperty(fc.array(storable, { minLength: 1, maxLength: 50 }), async (texts) => {
        const { rows } = await client.query<{ read: string[] }>(`SELECT ARRAY[${texts.map(literal).join(", ")}]::text[] AS read`);
        expect(rows[0]?.read).toEqual(texts);
      }),
    );
  });
});
