import * as fc from "fast-check";
import { expect, it, test } from "vitest";
import { generateRoleName, isGeneratedName } from "../../../src/model/role-name.ts";

it("knows every name that it makes, and under its own prefix only", () => {
  const prefixes = fc.constantFrom("hoopdev", "a", "acme_access");
  fc.assert(
    fc.property(prefixes, fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (prefix, resource, label) => {
      const made = generateRoleName({ prefix, resource, label });
      if ("problem" in made) return;
      expect([made.roleName, isGeneratedName(made.roleName, prefix)]).toEqual([made.roleName, true]);
      expect(isGeneratedName(made.roleName, "other")).toBe(false);
    }),
  );
});

test.each([
  "app_owner",
  "hoopdev",
  "hoopdev_analytics_ro",
  "hoopdev_analytics_ro_6075A443",
  "hoopdev_analytics_ro_6075a4433",
  "hoopdev_ro_6075a443",
  "hoopdev__ro_6075a443",
  "hoopdev_analytics_ro_6075a443\n",
  "xhoopdev_analytics_ro_6075a443",
  `hoopdev_${"a".repeat(60)}_ro_6075a443`,
  'hoopdev_a"b_ro_6075a443',
])("%j is not such a name", (name) => {
  expect(isGeneratedName(name, "hoopdev")).toBe(false);
});
