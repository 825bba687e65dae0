// Quoting against the server itself, which is the only one who knows how it reads.
import * as fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectArgument, ident, identsIn, literal } from "../../../src/model/quote.ts";
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

/** What a terminal obeys, a reader does not see, or psql takes for the end of a line. */
const invisible = Array.from("\n\r\t\u0001\u001b\u007f\u0085\u00ad\u200b\u200d\u2028\u2029\u202e\u2066\ufeff\u{e0041}");
const units = ["'", '"', "\\", "$", "%", ".", "E", "e", " ", "-", "/", "*", ";", "é", "☃", "+", "0", "a", "U", "&", "=", ...invisible];
const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom(...units) }));
const storable = text.filter((value) => !value.includes("\0") && value.isWellFormed());
const name = storable.filter((value) => value !== "" && Buffer.byteLength(value) <= 63);

/** What stands on one line for psql, for a terminal and for a reader. */
const oneVisibleLine = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;

describe("quoting", () => {
  it("F23 F49 an identifier comes back as the name it was made of, whatever is in it, from one visible line", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 50 }), async (names) => {
        const sql = `SELECT ${names.map((column) => `1 AS ${ident(column)}`).join(", ")}`;
        expect(sql).toMatch(oneVisibleLine);
        const { fields } = await client.query(sql);
        expect(fields.map((field) => field.name)).toEqual(names);
      }),
    );
  });

  it("F23 an identifier in which all is visible is written as quote_ident would have it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 50 }), async (names) => {
        const { rows } = await client.query<{ quoted: string[] }>(
          "SELECT array_agg(quote_ident(n) ORDER BY at) AS quoted FROM unnest($1::text[]) WITH ORDINALITY AS u (n, at)",
          [names],
        );
        // quote_ident leaves out quotes that are not needed.
        const quoted = (rows[0]?.quoted ?? []).map((each) => (each.startsWith('"') ? each : `"${each}"`));
        expect(quoted.map(identsIn)).toEqual(names.map(ident));
        expect(quoted.filter((each) => oneVisibleLine.test(each))).toEqual(names.filter((each) => oneVisibleLine.test(each)).map(ident));
      }),
    );
  });

  it.each(["on", "off"])("F23 F49 both mean the same with standard_conforming_strings %s", async (setting) => {
    await client.query(`SET standard_conforming_strings = ${setting}; SET backslash_quote = on; SET escape_string_warning = off`);
    await fc.assert(
      fc.asyncProperty(fc.array(storable, { minLength: 1, maxLength: 50 }), name, async (texts, column) => {
        const sql = `SELECT ARRAY[${texts.map(literal).join(", ")}]::text[] AS ${ident(column)}`;
        expect(sql).toMatch(oneVisibleLine);
        const { rows } = await client.query<Record<string, string[]>>(sql);
        expect(rows).toEqual([{ [column]: texts }]);
      }),
    );
  });

  it("F23 F49 psql takes all of it for what it is, and connects to the database that is meant", { timeout: 120_000 }, async () => {
    const names = fc.uniqueArray(name, { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(name, names, fc.array(storable, { minLength: 1 }), async (database, columns, texts) => {
        await client.query(`CREATE DATABASE ${ident(database)} TEMPLATE template0`);
        const script = [
          `\\connect ${connectArgument(database)}`,
          "\\encoding UTF8", // of the script
          "\\pset format unaligned",
          "\\pset tuples_only",
          // In hex, since psql leaves some characters out of what it prints.
          `SELECT encode(convert_to(json_build_array(current_database(), to_json(r), ARRAY[${texts.map(literal).join(", ")}]::text[])::text, 'UTF8'), 'hex') FROM (SELECT ${columns.map((column) => `1 AS ${ident(column)}`).join(", ")}) AS r;`,
        ].join("\n");
        const { stdout, stderr } = await server.psql("postgres", script);
        await client.query(`DROP DATABASE ${ident(database)} WITH (FORCE)`);
        expect(stderr).toBe("");
        const [connected, row, read] = JSON.parse(Buffer.from(stdout.trimEnd().split("\n").at(-1) ?? "", "hex").toString()) as [
          string,
          object,
          string[],
        ];
        expect([connected, Object.keys(row).toSorted(), read]).toEqual([database, columns.toSorted(), texts]);
      }),
      { numRuns: 15 },
    );
  });
});
