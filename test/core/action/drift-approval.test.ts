// What may differ between an approved plan and one that puts drift right: the catalog, and nothing else.
import { expect, test } from "vitest";
import { differenceOf } from "../../../src/action/drift-approval.ts";
import { basisOfPlan } from "../../../src/model/plan-basis.ts";
import type { RolePlan } from "../../../src/model/plan.ts";
import { fingerprintsOf } from "../../../src/review/fingerprint.ts";
import type { Evidence } from "../../../src/trust/evidence.ts";
import { targetsDigest } from "../../../src/trust/targets-digest.ts";
import { rolePlan } from "../review/role-plan.fixture.ts";
import { evidence } from "../trust/evidence.fixture.ts";

const ro = rolePlan();
const rw = rolePlan({ label: "rw", roleName: "rw", config: { ...ro.config, role_name: "rw", privileges: ["INSERT"] } });
const elsewhere = { ...ro, target: { ...ro.target, host: "db.evil.example" } };
const failed = { ...ro, status: "failed" as const, checksum: "", target: { ...ro.target, system_identifier: "" } };
const orphan = rolePlan({ label: "", roleName: "old", config: { ...ro.config, type: "orphaned", role_name: "old" } });

function evidenceOf(plans: readonly RolePlan[], keeps: "bases" | "roles" | "nothing" = "bases"): Evidence {
  const roles = plans.map((plan) => {
    const role = { resource: plan.resource, role: plan.roleName, checksum: plan.checksum, statements: [] };
    return keeps === "bases" ? { ...role, basis: basisOfPlan(plan) } : role;
  });
  const declared = fingerprintsOf(plans, "").declared;
  return { ...evidence, declared, targets: targetsDigest(plans), roles: keeps === "nothing" ? null : roles };
}

test.each<[what: string, reason: string | null, approved: Evidence, now: readonly RolePlan[]]>([
  ["the same", null, evidenceOf([ro, rw]), [rw, ro]],
  ["another catalog", null, evidenceOf([ro]), [{ ...ro, observed: ["grant UPDATE app.public.a"], sqlPlan: "", checksum: "0".repeat(64) }]],
  ["other privileges", "declaration", evidenceOf([ro]), [{ ...ro, config: { ...ro.config, privileges: ["UPDATE"] } }]],
  ["a role more", "declaration", evidenceOf([ro]), [ro, rw]],
  ["a role less", "declaration", evidenceOf([ro, rw]), [ro]],
  ["another cluster", "target", evidenceOf([ro]), [elsewhere]],
  ["another cluster, where no bases were kept", "target", evidenceOf([ro, rw], "roles"), [elsewhere, rw]],
  ["another host, where nothing was kept", "target", evidenceOf([ro], "nothing"), [elsewhere]],
  ["another port", "target", evidenceOf([ro], "nothing"), [{ ...ro, target: { ...ro.target, port: 1 } }]],
  ["another system identifier", "target", evidenceOf([ro], "nothing"), [{ ...ro, target: { ...ro.target, system_identifier: "1" } }]],
  ["the same cluster, where nothing was kept", null, evidenceOf([ro, rw], "nothing"), [rw, ro]],
  ["a server that does not answer, where nothing was kept", "target", evidenceOf([ro, rw], "nothing"), [failed, rw]],
  ["a server that does not answer, of which the basis was kept", null, evidenceOf([ro, rw]), [failed, rw]],
  ["an orphan that is gone", null, evidenceOf([ro, orphan]), [ro]],
  ["an orphan that has come", null, evidenceOf([ro]), [ro, orphan]],
  ["another orphan", null, evidenceOf([ro, orphan]), [ro, { ...orphan, config: { ...orphan.config, role_name: "older" } }]],
  [
    "an orphan that is gone, and other privileges",
    "declaration",
    evidenceOf([ro, orphan]),
    [{ ...ro, config: { ...ro.config, privileges: [] } }],
  ],
  ["the same, of which the evidence has kept no bases", null, evidenceOf([ro, orphan], "roles"), [ro, orphan]],
  ["an orphan that is gone, of which nothing was kept", "declaration", evidenceOf([ro, orphan], "nothing"), [ro]],
  ["an orphan that has come, where nothing was kept", null, evidenceOf([ro], "nothing"), [ro, orphan]],
])("%s", (_, reason, approved, now) => {
  expect(differenceOf(approved, now)?.reason ?? null).toBe(reason);
});
