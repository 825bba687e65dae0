// What a plan rests on: that of its checksum which people can read, so that a later plan can be held against it line by line.
import type { RolePlan } from "./plan.ts";

export type PlanBasis = Pick<RolePlan, "target" | "config" | "observed" | "sqlPlan">;

export function basisOfPlan({ target, config, observed, sqlPlan }: RolePlan): PlanBasis {
  return { target, config, observed, sqlPlan };
}
