// The gate without a server: what a result file shows is held against what its checksum stands for.
import { describe, expect, test } from "vitest";
import { gate, type Decision, type ReviewedPlan } from "../../../src/apply/gate.ts";
import { checksumVersion, type PlanConfig, type RolePlan } from "../../../src/model/plan.ts";
import { rolePlan } from "../review/role-plan.fixture.ts";

const fresh = rolePlan();

function decide(shown: Partial<ReviewedPlan>, now: RolePlan = fresh): Decision {
  return gate({ ...fresh, sid: "1", checksumVersion, isFromFile: true, recorded: fresh, ...shown }, now);
}

/** As a run writes it that knows a secret which is the name of a database. */
const masked: PlanConfig = { ...fresh.config, scopes: ["[redacted]"] };
const other: PlanConfig = { ...fresh.config, scopes: ["app", "legacy"] };

describe.each([true, false])("of a plan from a file: %s", (isFromFile) => {
  test("a mask in the declaration stands for any text", () => {
    expect(decide({ config: masked, isFromFile })).toEqual({ kind: "proceed" });
  });

  test("what is said of another catalog does not become a changed declaration by a mask", () => {
    const later = rolePlan({ checksum: "d".repeat(64), observed: ["role exists"] });
    expect(decide({ config: masked, isFromFile }, later)).toMatchObject({ kind: "refuse", staleness: { reason: "catalog" } });
  });

  test("what was applied since is in sync, whatever is masked", () => {
    const later = rolePlan({ checksum: "d".repeat(64), status: "in-sync", statements: [] });
    expect(decide({ config: masked, isFromFile }, later)).toMatchObject({ kind: "skip" });
  });

  test("a declaration that has changed is told as such, and is not in sync with what was planned", () => {
    const later = rolePlan({ checksum: "d".repeat(64), config: other, status: "in-sync", statements: [] });
    expect(decide({ config: masked, isFromFile }, later)).toMatchObject({ kind: "refuse", staleness: { reason: "declaration" } });
  });
});

test("a file that shows another declaration than its checksum stands for is refused", () => {
  expect(decide({ config: other })).toMatchObject({ kind: "refuse", staleness: { reason: "altered" } });
});
