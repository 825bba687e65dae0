// Workflows and action.yml under GitHub's own rules, as its editor extension applies them.
import { validate } from "@actions/languageservice";
import { validateAction } from "@actions/languageservice/validate-action";

let documents = 0;

/** What GitHub's language service says of a workflow file, as `line:column message`. Empty: nothing. */
export async function workflowProblems(text: string): Promise<readonly string[]> {
  return describe(await validate(documentOf(text, ".github/workflows/workflow.yml")));
}

/** What it says of an action.yml. Unknown keys within an input are not reported. */
export async function actionProblems(text: string): Promise<readonly string[]> {
  return describe(await validateAction(documentOf(text, "action.yml")));
}

type Diagnostics = Awaited<ReturnType<typeof validate>>;

function describe(diagnostics: Diagnostics): readonly string[] {
  return diagnostics.map(
    ({ range, message }) =>
      `${range.start.line + 1}:${range.start.character + 1} ${typeof message === "string" ? message : JSON.stringify(message)}`,
  );
}

/** The service keeps what it has parsed by address, so that each text gets its own. */
function documentOf(text: string, name: string): Parameters<typeof validate>[0] {
  documents += 1;
  const starts = [0, ...[...text.matchAll(/\n/gu)].map(({ index }) => index + 1)];
  const offsetAt = ({ line, character }: { line: number; character: number }): number => (starts[line] ?? text.length) + character;
  return {
    uri: `file:///${documents}/${name}`,
    languageId: "yaml",
    version: 1,
    lineCount: starts.length,
    getText: (range) => (range === undefined ? text : text.slice(offsetAt(range.start), offsetAt(range.end))),
    offsetAt,
    getEOLCharacters: () => "\n",
    getLineRange: (line) => ({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } }),
    positionAt(offset) {
      const line = Math.max(
        0,
        starts.findLastIndex((start) => start <= offset),
      );
      return { line, character: offset - (starts[line] ?? 0) };
    },
  };
}
