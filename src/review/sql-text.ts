// SQL for a terminal: one line in, one line out, coloured by what the statement does to people.
import type { Line, Style } from "../model/display.ts";

const styles: readonly (readonly [RegExp, Style])[] = [
  [/^--/u, "dim"],
  [/^(?:REVOKE|DROP|REASSIGN)\b/u, "red"],
  [/^ALTER DEFAULT PRIVILEGES\b.*\bREVOKE\b/u, "red"],
  [/^(?:GRANT|CREATE ROLE)\b/u, "green"],
  [/^ALTER DEFAULT PRIVILEGES\b/u, "green"],
  [/^ALTER\b/u, "yellow"],
  [/^\\connect\b/u, "cyan"],
  [/^(?:BEGIN|COMMIT|SET|RESET|COMMENT)\b/u, "dim"],
];

/** @param indent blanks in front of every line; psql ignores them. */
export function renderSql(sql: string, indent: string): readonly Line[] {
  return sql
    .replace(/\n+$/u, "")
    .split("\n")
    .map((text) => {
      if (text === "") return "";
      const style = styles.find(([pattern]) => pattern.test(text))?.[1];
      return [indent, style === undefined ? text : { text, style }];
    });
}
