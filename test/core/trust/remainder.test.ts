// Whether a plan is what an earlier run of the same push has left of the approved one.
import { describe, expect, test } from "vitest";
import type { RolePlan } from "../../../src/model/plan.ts";
import type { EvidenceRole } from "../../../src/trust/evidence.ts";
import { goneOrphans, isRemainder } from "../../../src/trust/remainder.ts";

type Planned = Pick<RolePlan, "resource" | "roleName" | "status" | "checksum">;

const approved: readonly EvidenceRole[] = ["a", "b"].map((role) => ({
  resource: "analytics",
  role,
  checksum: `approved ${role}`,
  statements: [],
}));
const plan = (roleName: string, more: Partial<Planned> = {}): Planned => ({
  resource: "analytics",
  roleName,
  status: "out-of-sync",
  checksum: `approved ${roleName}`,
  ...more,
});
const done: Partial<Planned> = { status: "in-sync", checksum: "another" };

test.each<[what: string, plans: readonly Planned[]]>([
  ["nothing was applied", [plan("a"), plan("b")]],
  ["one role was applied, and the other has its approved plan", [plan("a", done), plan("b")]],
  ["everything is in sync", [plan("a", done), plan("b", done)]],
])("where %s, it is", (_, plans) => {
  expect(isRemainder(plans, approved)).toBe(true);
});

test.each<[what: string, plans: readonly Planned[]]>([
  ["a role has another plan", [plan("a", done), plan("b", { checksum: "another" })]],
  ["a role has the approved plan of another role", [plan("a", done), plan("b", { checksum: "approved a" })]],
  ["a role has the approved plan of its namesake on another resource", [plan("a", { resource: "billing" })]],
  ["a role has come that nobody has approved", [plan("a"), plan("b"), plan("c")]],
  ["a role could not be planned", [plan("a"), plan("b", { status: "failed", checksum: "" })]],
])("where %s, it is not", (_, plans) => {
  expect(isRemainder(plans, [...approved, { resource: "analytics", role: "failed", checksum: "", statements: [] }])).toBe(false);
});

describe("a role that has no plan any more", () => {
  const basis = (type: "managed" | "orphaned"): NonNullable<EvidenceRole["basis"]> => ({
    config: { type, role_name: "b", source_role: "", scopes: [], privileges: [], rotate_password: false },
    target: { resource: "analytics", host: "db", port: 5432, system_identifier: "7" },
    observed: [],
    sqlPlan: "",
  });
  const [a, b] = approved.map((role) => ({ ...role }));
  const of = (...roles: readonly (EvidenceRole | undefined)[]) => ({ roles: roles.flatMap((role) => role ?? []) });

  test("is an orphan that was dropped, where the evidence says that it was one", () => {
    const orphan = { resource: "analytics", role: "b", checksum: "approved b", statements: [], basis: basis("orphaned") };
    expect(goneOrphans([plan("a")], of(a, orphan))).toEqual([orphan]);
    expect(goneOrphans([plan("a"), plan("b")], of(a, orphan))).toEqual([]);
  });

  test.each<[what: string, role: Partial<EvidenceRole>]>([
    ["a declared role", { basis: basis("managed") }],
    ["a role of which the evidence has kept nothing more", {}],
  ])("is not to be had of %s", (_, more) => {
    expect(goneOrphans([plan("a")], of(a, b === undefined ? b : { ...b, ...more }))).toBe(null);
  });
});
