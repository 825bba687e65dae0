// Since when a plan could be read, and which of several was read last.
import { expect, test } from "vitest";
import { evidenceDigest } from "../../../src/trust/evidence.ts";
import type { JobFacts } from "../../../src/trust/judge-check.ts";
import { printedAt, readableSince } from "../../../src/trust/readable-since.ts";
import { check } from "./evidence.fixture.ts";

const digest = evidenceDigest(check.text);
const other = `sha256:${"0".repeat(64)}`;

/** An attempt of the plan's job that ended at this hour. */
function attempt(number: number, hour: number | null, ...notices: readonly string[]): JobFacts {
  return { name: "plan", attempt: number, endedAt: hour === null ? null : at(hour), notices };
}

function at(hour: number): string {
  return `2026-01-01T${String(hour).padStart(2, "0")}:00:00Z`;
}

test.each<[what: string, since: string | null, jobs: readonly JobFacts[]]>([
  ["one attempt", at(10), [attempt(1, 10, digest)]],
  ["the same again", at(10), [attempt(1, 10, digest), attempt(2, 11, digest)]],
  ["something else before", at(11), [attempt(1, 10, other), attempt(2, 11, digest)]],
  ["something else between", at(13), [attempt(1, 10, digest), attempt(2, 11, other), attempt(3, 13, digest)]],
  ["the attempts in another order", at(13), [attempt(3, 13, digest), attempt(1, 10, digest), attempt(2, 11, other)]],
  ["something else beside it", at(13), [attempt(1, 10, digest, other), attempt(2, 13, digest)]],
  ["an attempt that printed nothing between", at(10), [attempt(1, 10, digest), attempt(2, 11), attempt(3, 13, digest)]],
  ["something else at the end", null, [attempt(1, 10, digest), attempt(2, 11, other)]],
  ["no time at first", at(11), [attempt(1, null, digest), attempt(2, 11, digest)]],
  ["no time at all", null, [attempt(1, null, digest)]],
  ["nothing", null, []],
])("%s", (_, since, jobs) => {
  expect(readableSince(check, { jobs }, [])).toBe(since);
});

test("a text that carries nothing was never to be read", () => {
  expect(readableSince({ text: "" }, { jobs: [attempt(1, 10, digest)] }, [])).toBeNull();
});

test.each<[what: string, since: string | null, others: readonly JobFacts[]]>([
  ["before it", at(10), [attempt(1, 9, other)]],
  ["between", at(13), [attempt(1, 11, other)]],
  ["in the same second", at(13), [attempt(1, 10, other)]],
  ["after it", null, [attempt(1, 14, other)]],
  ["that has not ended", null, [attempt(1, null, other)]],
  ["that printed nothing", at(10), [attempt(1, 14)]],
])("another run of the same head %s", (_, since, jobs) => {
  const run = { jobs: [attempt(1, 10, digest), attempt(2, 13, digest)] };
  expect(readableSince(check, run, [{ jobs }])).toBe(since);
});

test("a run is as new as the last time that its job ran", () => {
  expect(printedAt({ jobs: [attempt(1, 10, digest), attempt(2, 13, digest)] })).toBe(Date.parse(at(13)));
  expect(printedAt({ jobs: [attempt(2, null, digest)] })).toBe(Number.POSITIVE_INFINITY);
});
