// The one alert of a plan comment: access that goes away. People asked for it after an incident where nobody saw the deletions.
import { bullets, nameLength } from "./comment-detail.ts";
import { count } from "../model/count.ts";
import { code } from "./markdown.ts";
import { countsOf, type Counts, type ResourceFacts } from "./resource-facts.ts";

const maximumResources = 10;

/** @returns an alert with the counts of each resource, or "" where nobody loses anything. */
export function alert(facts: readonly ResourceFacts[]): string {
  const losing = facts.filter(({ counts }) => counts.revocations + counts.disabled + counts.dropped > 0);
  const [only] = losing;
  if (only === undefined) return "";
  const total = lossWords(countsOf(losing.flatMap(({ roles }) => roles)));
  const lines =
    losing.length === 1
      ? [`${total}, all in ${code(only.resource.name, nameLength)}.`]
      : [
          `${total}:`,
          "",
          ...bullets(
            losing.map(({ resource, counts }) => `${code(resource.name, nameLength)}: ${lossWords(counts)}`),
            maximumResources,
          ).split("\n"),
        ];
  return ["[!WARNING]", ...lines].map((line) => (line === "" ? ">" : `> ${line}`)).join("\n");
}

function lossWords({ revocations, disabled, dropped }: Counts): string {
  return [
    ...(dropped > 0 ? [`${count(dropped, "role")} ${dropped === 1 ? "is" : "are"} **dropped**`] : []),
    ...(disabled > 0 ? [`${count(disabled, "role")} can no longer **log in**`] : []),
    ...(revocations > 0 ? [`${count(revocations, "statement")} **${revocations === 1 ? "takes" : "take"} access away**`] : []),
  ].join(", ");
}
