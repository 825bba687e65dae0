// What a comment had to leave out, and where it is whole. The checksum covers it all the same.
import { detailLevels } from "./comment-detail.ts";
import { count } from "../model/count.ts";
import { namedLink, type Link } from "./link.ts";

/** @param levels of the blocks and of the table, 0 for a whole one. @returns "" where nothing is left out. */
export function omissionSentence(input: {
  readonly levels: readonly number[];
  readonly tableLevel: number;
  readonly whole: readonly Link[];
}): string {
  const { levels, tableLevel, whole } = input;
  const at = (level: number): number => levels.filter((each) => each === level).length;
  const parts = [
    ...(at(1) > 0 ? [`${count(at(1), "block")} in part`] : []),
    ...(at(2) > 0 ? [`${count(at(2), "block")} with counts only`] : []),
    ...(at(detailLevels.length) > 0 ? [`${count(at(detailLevels.length), "block")} left out`] : []),
    ...(tableLevel > 0 ? ["not every row of the table"] : []),
  ];
  if (parts.length === 0) return "";
  const links = whole.slice(0, 3).map(namedLink).join(" · ");
  return `**Shortened** to fit: ${parts.join(", ")}. The checksum covers the whole plan${links === "" ? ", which the log has" : `: ${links}`}.`;
}
