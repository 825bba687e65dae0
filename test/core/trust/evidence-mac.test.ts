// A sealed comment proves one plan of one pull request, and nothing else.
import { expect, test } from "vitest";
import { isSealedBy, sealPlan, type SealedPlan } from "../../../src/trust/evidence-mac.ts";

const key = "6f1c2a9e0b7d4c538e1a90f7b2d3c4e5";
const plan: SealedPlan = {
  repositoryId: 1,
  pullRequest: 2,
  head: "a".repeat(40),
  environment: "default",
  checksum: "b".repeat(64),
  catalog: "c".repeat(64),
  declared: "d".repeat(64),
  targets: "2".repeat(64),
  unconnected: ["billing"],
  store: "1".repeat(64),
  since: "2026-01-01T12:00:00.000Z",
};
const mac = sealPlan(key, plan);

test("a plan is sealed by its key", () => {
  expect(mac).toMatch(/^[0-9a-f]{64}$/u);
  expect(isSealedBy(key, plan, mac)).toBe(true);
});

test.each<[what: string, changed: Partial<SealedPlan>]>([
  ["another repository", { repositoryId: 2 }],
  ["another pull request", { pullRequest: 3 }],
  ["another head", { head: "e".repeat(40) }],
  ["another environment", { environment: "prod" }],
  ["another checksum", { checksum: "e".repeat(64) }],
  ["another catalog", { catalog: "" }],
  ["another declaration", { declared: "" }],
  ["other clusters", { targets: "3".repeat(64) }],
  ["no unconnected resources", { unconnected: [] }],
  ["another unconnected resource", { unconnected: ["analytics"] }],
  ["another store", { store: "2".repeat(64) }],
  ["no store", { store: "" }],
  ["another time", { since: "2026-01-01T11:00:00.000Z" }],
  ["parts that lie differently between fields", { environment: "defaultb", checksum: "b".repeat(63) }],
])("%s is not what was sealed", (_, changed) => {
  expect(isSealedBy(key, { ...plan, ...changed }, mac)).toBe(false);
});

test.each([
  ["nothing", ""],
  ["a shorter code", mac.slice(1)],
  ["a longer code", `${mac}0`],
  ["another code", mac.replaceAll(/[0-9a-f]/gu, "0")],
  ["the code in capitals", mac.toUpperCase()],
])("%s is no seal", (_, given) => {
  expect(isSealedBy(key, plan, given)).toBe(false);
});

test("another key seals otherwise", () => {
  expect(isSealedBy(`${key}x`, plan, mac)).toBe(false);
});
