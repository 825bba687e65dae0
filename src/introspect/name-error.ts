// What to do about a name in the catalogs that the server cannot tell, or that cannot be told to it.
import { QueryError } from "../model/query-error.ts";

/** By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const advices: ReadonlyMap<string, string> = new Map([
  // character_not_in_repertoire: the database has no encoding, and sends the bytes as they are.
  ["22021", "something here, or in the shared catalogs, has a name that is not UTF-8: rename it, or take the database out of the scopes"],
  // untranslatable_character: either way.
  [
    "22P05",
    "a name that is declared has no form in the encoding of this database, or a name here has none in UTF-8: rename the one, or take the database out of the scopes",
  ],
]);

/** Whether a name was the reason. */
export function isNameError(error: unknown): boolean {
  return error instanceof QueryError && advices.has(error.code);
}

/** @throws what the reading of a catalog has thrown, with advice where a name was the reason. */
export async function withAdvice<Result>(reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch (error) {
    const advice = error instanceof QueryError ? advices.get(error.code) : undefined;
    if (!(error instanceof QueryError) || advice === undefined) throw error;
    const { message, code, detail, hint, where, isConnectionLost } = error;
    throw new QueryError({ message: `${message}; ${advice}`, code, detail, hint, where, isConnectionLost, cause: error });
  }
}
