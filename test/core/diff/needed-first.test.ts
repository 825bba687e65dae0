// The order of role specs, whatever they need of each other, and that it does not take longer for each of many.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { neededFirst } from "../../../src/diff/needed-first.ts";
import type { RoleSpec } from "../../../src/model/role-spec.ts";
import { externalSpec, managedSpec } from "./specs.ts";

const labels = ["a", "b", "c", "d", "e", "f"];

const anySpecs: fc.Arbitrary<readonly RoleSpec[]> = fc
  .uniqueArray(
    fc.record({
      label: fc.constantFrom(...labels),
      source: fc.option(fc.constantFrom(...labels, "elsewhere")),
      creates: fc.boolean(),
      futureObjects: fc.boolean(),
    }),
    { selector: ({ label }) => label },
  )
  .map((drawn) =>
    drawn.map(({ label, source, creates, futureObjects }) =>
      source === null
        ? managedSpec(label, { futureObjects, privileges: creates ? ["SELECT", "CREATE"] : ["SELECT"] })
        : externalSpec(label, source),
    ),
  );

/** Whether the declarations alone say that `spec` can only be made after `other`. */
function needs(spec: RoleSpec, other: RoleSpec, specs: readonly RoleSpec[]): boolean {
  if (spec.sourceRole === other.roleName) return true;
  return spec.futureObjects && (other.privileges.includes("CREATE") || (other.type === "external" && !reaches(other, spec, specs)));
}

/** Over source roles. */
function reaches(member: RoleSpec, goal: RoleSpec, specs: readonly RoleSpec[], seen: readonly RoleSpec[] = []): boolean {
  if (member.sourceRole === goal.roleName) return true;
  const next = specs.find(({ roleName }) => roleName === member.sourceRole);
  return next !== undefined && !seen.includes(next) && reaches(next, goal, specs, [...seen, next]);
}

/** Over everything that one may need of another. */
function dependsOn(spec: RoleSpec, goal: RoleSpec, specs: readonly RoleSpec[], seen: readonly RoleSpec[] = []): boolean {
  return specs.some(
    (next) => !seen.includes(next) && needs(spec, next, specs) && (next === goal || dependsOn(next, goal, specs, [...seen, next])),
  );
}

it("has all of them, and each after what it needs, unless that needs it, too", () => {
  fc.assert(
    fc.property(anySpecs, (specs) => {
      const ordered = neededFirst(specs);
      expect(ordered.toSorted((a, b) => specs.indexOf(a) - specs.indexOf(b))).toEqual(specs);
      for (const [index, spec] of ordered.entries())
        for (const later of ordered.slice(index + 1))
          if (needs(spec, later, specs)) expect(dependsOn(later, spec, specs), `${later.label} after ${spec.label}`).toBe(true);
    }),
  );
});

it("looks at the creators once, and not once for each role that is to reach their objects", () => {
  let looks = 0;
  const counted = (spec: RoleSpec): RoleSpec =>
    new Proxy(spec, {
      get: (target, key, receiver): unknown => {
        looks += 1;
        return Reflect.get(target, key, receiver);
      },
    });
  const specs = Array.from({ length: 400 }, (_, index) =>
    counted(
      index % 2 === 0
        ? managedSpec(`m${index}`, { futureObjects: true, privileges: ["CREATE"] })
        : externalSpec(`x${index}`, `m${index - 1}`),
    ),
  );
  expect(neededFirst(specs)).toHaveLength(400);
  expect(looks).toBeLessThan(400 * 20);
});
