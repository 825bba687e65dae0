// One drawn object as SQL, of every kind that carries an ACL, and what there is to grant on it.
import type { ObjectDraw } from "./catalog.ts";
import { ident, literal } from "./quoting.ts";

/** What follows ON, and what can be granted there. */
export type Grantable = { readonly on: string; readonly privileges: readonly string[]; readonly schema: string | null };

export const tablePrivileges = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];
export const sequencePrivileges = ["USAGE", "SELECT", "UPDATE"];

type Place = { readonly schema: string; readonly other: string; readonly name: string; readonly owner: string; readonly at: number };

type Made = { readonly statements: readonly string[]; readonly grantables: readonly Grantable[] };

/** @param place.other another schema, for what an object draws from or is divided into. */
export function createObject({ kind, detail }: ObjectDraw, place: Place): Made {
  const words = wordsFor(place);
  const choice = kind % 16;
  if (choice < 9) return createRelation(choice, detail, words);
  return choice < 13 ? createSequenceOrType(choice, words) : createRoutine(choice, detail, words);
}

type Words = ReturnType<typeof wordsFor>;

function wordsFor({ schema, other, name, owner, at }: Place) {
  const inOther = (prefix: string): string => `${ident(other)}.${ident(`${prefix}${at}`)}`;
  const full = `${ident(schema)}.${ident(name)}`;
  return {
    full,
    other,
    part: inOther("p."),
    sequence: inOther("s"),
    unused: inOther("u"),
    own: (sql: string): string => `${sql} OWNER TO ${ident(owner)}`,
    grantable: (what: string, privileges: readonly string[], of: string = full, where: string = schema): Grantable => ({
      on: `${what} ${of}`,
      privileges,
      schema: where,
    }),
  };
}

function createRelation(choice: number, detail: number, words: Words): Made {
  const { full, other, part, sequence, unused, own, grantable } = words;
  const table = (create: string, alter = "TABLE"): Made => ({
    statements: [create, own(`ALTER ${alter} ${full}`)],
    grantables: [grantable("TABLE", tablePrivileges)],
  });
  switch (choice) {
    case 0:
    case 1:
      return table(`CREATE TABLE ${full} (c int, "D.d" text)`);
    case 2:
      return {
        statements: [
          `CREATE TABLE ${full} (c int) PARTITION BY LIST (c)`,
          `CREATE TABLE ${part} PARTITION OF ${full} FOR VALUES IN (1)`,
          own(`ALTER TABLE ${full}`),
          own(`ALTER TABLE ${part}`),
        ],
        grantables: [grantable("TABLE", tablePrivileges), grantable("TABLE", tablePrivileges, part, other)],
      };
    case 3:
      return table(`CREATE VIEW ${full} AS SELECT 1 AS c`, "VIEW");
    case 4:
      return table(`CREATE MATERIALIZED VIEW ${full} AS SELECT 1 AS c`, "MATERIALIZED VIEW");
    case 5:
      return table(`CREATE FOREIGN TABLE ${full} (c int) SERVER v`, "FOREIGN TABLE");
    case 6:
      return table(`CREATE TABLE ${full} (c ${detail % 2 ? "serial" : "int GENERATED ALWAYS AS IDENTITY"})`);
    default:
      return {
        statements: [
          `CREATE SEQUENCE ${sequence}`,
          `CREATE TABLE ${full} (c int DEFAULT nextval(${literal(sequence)}))${choice === 8 ? " PARTITION BY LIST (c)" : ""}`,
          ...(choice === 8 ? [`CREATE TABLE ${part} PARTITION OF ${full} DEFAULT`] : []),
          own(`ALTER TABLE ${full}`),
          `CREATE SEQUENCE ${unused}`,
        ],
        grantables: [
          grantable("TABLE", tablePrivileges),
          grantable("SEQUENCE", sequencePrivileges, sequence, other),
          grantable("SEQUENCE", sequencePrivileges, unused, other),
        ],
      };
  }
}

function createSequenceOrType(choice: number, { full, own, grantable }: Words): Made {
  switch (choice) {
    case 9:
    case 10:
      return {
        statements: [`CREATE SEQUENCE ${full}`, own(`ALTER SEQUENCE ${full}`)],
        grantables: [grantable("SEQUENCE", sequencePrivileges)],
      };
    case 11:
      return {
        statements: [
          `CREATE TYPE ${full} AS ENUM ('x')`,
          `CREATE FUNCTION ${full}(${full}, VARIADIC ${full}[]) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
          own(`ALTER TYPE ${full}`),
        ],
        grantables: [grantable("TYPE", ["USAGE"]), grantable("FUNCTION", ["EXECUTE"], `${full}(${full}, VARIADIC ${full}[])`)],
      };
    default:
      return { statements: [`CREATE DOMAIN ${full} AS int`, own(`ALTER DOMAIN ${full}`)], grantables: [grantable("DOMAIN", ["USAGE"])] };
  }
}

function createRoutine(choice: number, detail: number, { full, own, grantable }: Words): Made {
  switch (choice) {
    case 13:
      return {
        statements: [
          `CREATE FUNCTION ${full}(int) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
          `CREATE FUNCTION ${full}("char", timestamptz[] DEFAULT NULL) RETURNS TABLE (a int) LANGUAGE sql AS 'SELECT 1'`,
          own(`ALTER FUNCTION ${full}(int)`),
          ...(detail % 2 ? [`REVOKE EXECUTE ON FUNCTION ${full}(int) FROM PUBLIC`] : []),
        ],
        grantables: [
          grantable("FUNCTION", ["EXECUTE"], `${full}(int)`),
          grantable("FUNCTION", ["EXECUTE"], `${full}("char", timestamptz[])`),
        ],
      };
    case 14:
      return {
        statements: [
          `CREATE PROCEDURE ${full}(IN int) LANGUAGE sql AS 'SELECT 1'`,
          `CREATE PROCEDURE ${full}(OUT int) LANGUAGE sql AS 'SELECT 1'`,
          own(`ALTER PROCEDURE ${full}(IN int)`),
        ],
        grantables: [grantable("PROCEDURE", ["EXECUTE"], `${full}(IN int)`), grantable("PROCEDURE", ["EXECUTE"], `${full}(OUT int)`)],
      };
    default:
      return {
        statements: [
          `CREATE AGGREGATE ${full}(int) (SFUNC = int4pl, STYPE = int)`,
          `CREATE AGGREGATE ${full}(*) (SFUNC = int8inc, STYPE = int8)`,
          own(`ALTER AGGREGATE ${full}(int)`),
        ],
        grantables: [grantable("FUNCTION", ["EXECUTE"], `${full}(int)`), grantable("FUNCTION", ["EXECUTE"], `${full}()`)],
      };
  }
}
