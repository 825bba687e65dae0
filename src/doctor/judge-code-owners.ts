// Whether the files that decide about access have owners.
import { listed } from "../model/count.ts";
import { placeholderOwner } from "../model/action-pin.ts";
import { codeOwnersPaths, ownersOf, parseCodeOwners } from "./code-owners.ts";
import { judge, type Finding } from "./finding.ts";
import type { TextFile } from "./workflow.ts";

/** @param files those of `codeOwnersPaths` that are there. @param paths of workflows and access files, all of which need owners. */
export function judgeCodeOwners(files: readonly TextFile[], paths: readonly string[]): readonly Finding[] {
  const area = "code owners";
  const file = codeOwnersPaths.flatMap((path) => files.filter((each) => each.path === path))[0];
  if (file === undefined)
    return [
      {
        code: "code-owners",
        area,
        state: "problem",
        text: "there is no CODEOWNERS file",
        advice: "write .github/CODEOWNERS; rolewright init does it with --code-owners",
      },
    ];
  const rules = parseCodeOwners(file.text);
  const bare = [...paths, file.path].filter((path) => ownersOf(rules, path).length === 0);
  const unfilled = rules.find(({ owners }) => owners.some((owner) => owner.startsWith(`@${placeholderOwner}/`)));
  return [
    ...judge(area, [
      {
        holds: bare.length === 0,
        code: "code-owners",
        good: `${file.path} names owners for the workflows and the access files`,
        bad: `nobody owns ${listed(bare.slice(0, 5), bare.length)}`,
        advice: `add a line to ${file.path}: * @acme/database-admins`,
      },
    ]),
    ...(unfilled === undefined
      ? []
      : [
          {
            code: "code-owners-placeholder",
            area,
            state: "problem" as const,
            text: `the owner ${unfilled.owners.join(" ")} was never filled in, so that GitHub asks nobody`,
            advice: "write the people and teams who review every change",
            at: { file: file.path, line: unfilled.line, column: 1 },
          },
        ]),
  ];
}
