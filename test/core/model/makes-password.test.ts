// Whether an apply of a plan makes a password is asked in many places; a name in a catalog, which anybody may choose, answers it in none.
import { expect, test } from "vitest";
import { problemOfStore } from "../../../src/action/approved-store.ts";
import type { Change } from "../../../src/model/change.ts";
import { passwordPlaceholder } from "../../../src/model/plan.ts";
import { storeOf } from "../../../src/review/comment-store.ts";
import { commentInput, planOf } from "../review/comment/comment-input.fixture.ts";

const role = "hoopdev_analytics_ro_6075a443";
const named: Change = {
  kind: "revoke",
  privileges: ["SELECT"],
  on: { kind: "objects", database: "app", objects: [{ kind: "table", schema: "public", name: passwordPlaceholder }] },
  grantee: role,
  grantor: null,
  grantOptionOnly: false,
};

test.each([
  ["a table that is called like the placeholder", named, false],
  ["a new password", { kind: "setPassword", role } as const, true],
])("%s", (_, change, expected) => {
  const plan = planOf({ changes: [change] });
  const store = "file:../credentials";
  const shown = storeOf(commentInput({ plan: { roles: [plan], checksum: "" }, store: { now: store, before: store } }));
  expect([
    shown !== "",
    problemOfStore({ store: "another" }, [plan], { store }) !== null,
    plan.sqlPlan.includes("made at apply time"),
  ]).toEqual([expected, expected, expected]);
});
