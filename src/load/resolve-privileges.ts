// The privileges of one managed role.
import { declarablePrivileges, type Privilege } from "../model/privilege.ts";
import { itemError, itemWarning } from "./item-problems.ts";
import { didYouMean } from "./nearest.ts";
import type { Report } from "./report.ts";
import { show } from "./show.ts";
import { textsOf, type Item } from "./source.ts";

/** @returns the privileges in the order of `declarablePrivileges`, each once; upper and lower case are the same. */
export function resolvePrivileges(item: Item, report: Report): readonly Privilege[] {
  const found = new Set<Privilege>();
  for (const { text, index } of textsOf(item.values, "privileges")) {
    if (text === "") continue;
    const word = text.trim().toUpperCase();
    const privilege = declarablePrivileges.find((known) => known === word);
    if (privilege === undefined) {
      itemError(item, report, {
        key: "privileges",
        index,
        code: "unknown-privilege",
        message: `unknown privilege ${show(text)}`,
        hint: hintFor(word),
      });
    } else if (found.has(privilege)) {
      const message = `${privilege} is there twice`;
      itemWarning(item, report, {
        key: "privileges",
        index,
        code: "redundant-privilege",
        message,
        hint: "remove it; the plan is the same without it",
      });
    } else found.add(privilege);
  }
  return declarablePrivileges.filter((privilege) => found.has(privilege));
}

function hintFor(word: string): string {
  if (word === "USAGE" || word === "CONNECT") return `remove it: ${word} comes with every scope`;
  if (word === "ALL PRIVILEGES") return "write ALL";
  return didYouMean(word, declarablePrivileges, `the privileges are ${declarablePrivileges.join(", ")}`);
}
