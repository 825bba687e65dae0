// Whether to colour: https://no-color.org, https://force-color.org.

/** `--no-color` is stronger than FORCE_COLOR, that than NO_COLOR, and all of them than the terminal. */
export function wantsColor(input: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
  readonly noColorFlag: boolean;
}): boolean {
  if (input.noColorFlag) return false;
  const force = input.env["FORCE_COLOR"];
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  if ((input.env["NO_COLOR"] ?? "") !== "" || input.env["TERM"] === "dumb") return false;
  return input.isTerminal;
}
