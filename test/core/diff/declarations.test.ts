// Whose source role a role is: of role specs of other resources only where their roles are on the same cluster.
import { expect, it } from "vitest";
import { declarationsOf, declaredMembers } from "../../../src/diff/declarations.ts";
import type { ObservedRole } from "../../../src/model/observed.ts";
import { roleSpecKey } from "../../../src/model/role-spec.ts";
import { externalSpec, managedSpec } from "./specs.ts";

const attributes: ObservedRole["attributes"] = {
  login: true,
  inherit: true,
  superuser: false,
  createDb: false,
  createRole: false,
  replication: false,
  bypassRls: false,
  connectionLimit: -1,
  validUntil: null,
};

it("counts members of other resources whose roles are here, and not those of other clusters", () => {
  const own = externalSpec("own", "bundle");
  const near = { ...externalSpec("near", "bundle"), resource: "marketplace" };
  const far = { ...externalSpec("far", "bundle"), resource: "archive" };
  const declarations = declarationsOf({
    specs: [own, managedSpec("ro")],
    declaredElsewhere: new Map([near, far].map((spec) => [spec.roleName, spec])),
    roles: new Map([[near.roleName, { name: near.roleName, attributes, comment: null }]]),
  });
  expect(declaredMembers(declarations, "bundle").map(roleSpecKey)).toEqual(["main/own", "marketplace/near"]);
  expect(declaredMembers(declarations, "ro")).toEqual([]);
});
