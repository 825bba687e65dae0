// The parser's problems in our words: its own messages repeat parts of the file, which may hold anything.
import type { YAMLError } from "yaml";

type Described = { readonly code: string; readonly message: string; readonly hint: string };

/**
 * @returns what to say of the parser's errors and warnings: of the syntax only the first, since the others follow from it.
 */
export function describeYamlErrors(errors: readonly YAMLError[], text: string): readonly (Described & { readonly offset: number })[] {
  const described = errors
    .toSorted((a, b) => a.pos[0] - b.pos[0] || Number(a.code === "BAD_INDENT") - Number(b.code === "BAD_INDENT"))
    .map((error) => ({ ...describe(error, text), offset: error.pos[0] }));
  const firstSyntax = described.find(({ code }) => code === "yaml-syntax");
  return described.filter((problem) => problem.code !== "yaml-syntax" || problem === firstSyntax);
}

function describe(error: YAMLError, text: string): Described {
  switch (error.code) {
    case "MULTIPLE_DOCS":
      return {
        code: "multiple-documents",
        message: "the file holds more than one YAML document",
        hint: "remove the --- line, or split the file in two",
      };
    case "RESOURCE_EXHAUSTION":
      return tooDeep;
    case "TAG_RESOLVE_FAILED":
    case "BAD_COLLECTION_TYPE":
      // The parser also says this of a list that it ran out of stack for.
      if (text[error.pos[0]] !== "!") return tooDeep;
      return { code: "custom-tag", message: "the value carries a YAML tag", hint: "remove the word that starts with !" };
    case "TAB_AS_INDENT":
      return syntax("a tab is used for indentation", "indent with spaces");
    case "BAD_INDENT":
    case "BLOCK_IN_FLOW":
      return syntax("the indentation does not fit the lines above", "indent the keys of one mapping equally, and lists under their key");
    case "BAD_DQ_ESCAPE":
      return syntax("a double-quoted text has an unknown escape sequence", "use single quotes, or write \\\\ for a backslash");
    case "MISSING_CHAR":
      return syntax(
        "a closing quote, a bracket or a space after a colon is missing",
        "close what was opened, and write a space after the colon of a key",
      );
    case "BAD_SCALAR_START":
      return syntax("a plain text starts with a reserved character", "put it in double quotes");
    case "MULTILINE_IMPLICIT_KEY":
    case "BLOCK_AS_IMPLICIT_KEY":
      return syntax("a line is neither a key with a colon nor a list entry", "write `key: value` or `- value`");
    default:
      return syntax(`the text is not YAML (${error.code})`, "look at the indentation, the colons and the quotes before this place");
  }
}

const tooDeep = syntax("the file is nested too deeply to be read", "write plain lists and mappings, a few levels deep");

function syntax(message: string, hint: string): Described {
  return { code: "yaml-syntax", message, hint };
}
