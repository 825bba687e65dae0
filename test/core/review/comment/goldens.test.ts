// What people get to see, in files that a person has read once. `vitest -u` writes them; where CI is set, nothing is written.
import { describe, expect, test } from "vitest";
import { renderApplyComment } from "../../../../src/review/apply-comment.ts";
import type { CommentInput } from "../../../../src/review/comment-input.ts";
import { renderComment } from "../../../../src/review/comment.ts";
import { parseMarker } from "../../../../src/review/comment-marker.ts";
import { renderDriftEnd, renderDriftIssue, type DriftInput } from "../../../../src/review/drift-issue.ts";
import { renderHtml } from "../../../../src/review/html.ts";
import { renderApplySummary, renderPlanSummary } from "../../../../src/review/summary.ts";
import { applyInput, applySession, interrupted, partly, refusal } from "./apply-input.fixture.ts";
import { commentInput, everything, planOf, resourceOf, revocation, troubled } from "./comment-input.fixture.ts";
import { expectOnlyOurMarkup } from "./markdown-oracle.ts";

const report = "https://github.com/acme/access/pull/42#issuecomment-7";

const invalid = commentInput({
  resources: [resourceOf("analytics")],
  readAt: null,
  diagnostics: [
    {
      severity: "error",
      code: "unknown-privilege",
      message: 'the privilege "SELEKT" is unknown',
      hint: 'did you mean "SELECT"?',
      at: { file: "roles.csv", line: 3, column: 27 },
    },
    { severity: "warning", code: "unused-group", message: 'the group "bi" names no role', at: { file: "access.yaml", line: 9, column: 3 } },
  ],
});

const plans: Readonly<Record<string, CommentInput>> = {
  everything: everything(),
  troubled: troubled(),
  "in-sync": commentInput({ roles: [planOf(), planOf({ label: "rw" }), planOf({ resource: "marketplace" })] }),
  invalid,
  "validated-only": {
    ...commentInput({ resources: [resourceOf("analytics", { serverVersion: null })], readAt: null }),
    state: { kind: "validated-only", because: "no-credentials" },
  },
  applied: { ...everything(), state: { kind: "applied", url: report } },
  "partly-applied": { ...everything(), state: { kind: "partly-applied", url: report } },
  "in-doubt": { ...everything(), state: { kind: "in-doubt", url: report } },
  "not-applied": { ...everything(), state: { kind: "not-applied", url: report } },
  stale: { ...everything(), state: { kind: "stale", appliedBy: 43 } },
};

describe("the plan comment", () => {
  test.each(Object.entries(plans))("%s", async (name, input) => {
    const { body } = renderComment(input);
    expectOnlyOurMarkup(body);
    await expect(body).toMatchFileSnapshot(`goldens/plan-${name}.md`);
  });
});

const applies = {
  applied: applyInput(),
  partly,
  refused: applyInput({ sessions: [], refusal }),
  "nothing-to-do": applyInput({ sessions: applyInput().sessions.slice(1) }),
  interrupted,
};

test("a plan that is in no pull request says what an apply by hand does with it", () => {
  const input = { ...everything(), state: { kind: "planned-by-hand" }, base: null, pullRequest: 0 } as const;
  const { body } = renderComment(input);
  expectOnlyOurMarkup(body);
  expect(body).not.toMatch(/merg/iu);
  expect(body).toContain("To plan again, start the workflow again.");
  expect(renderComment({ ...commentInput({ roles: [planOf()] }), state: { kind: "planned-by-hand" } }).body).toContain(
    "An apply that expects this checksum changes nothing in PostgreSQL.",
  );
});

describe("the report on the merged pull request", () => {
  test.each(Object.entries(applies))("%s", async (name, input) => {
    const { body } = renderApplyComment(input);
    expectOnlyOurMarkup(body);
    await expect(body).toMatchFileSnapshot(`goldens/apply-${name}.md`);
  });

  test("of an apply without a pull request names who approved its run, and what was expected", () => {
    const input = applyInput({
      pullRequest: null,
      approvers: ["wen", "HOSTILE @ada"],
      sessions: [],
      refusal: { ...refusal, reason: "unexpected", message: "expected sha256:1, and the plan is sha256:2 now" },
    });
    const { body } = renderApplyComment(input);
    expectOnlyOurMarkup(body);
    expect(body).toContain("**not applied**: the plan is not the one that was expected");
    expect(body).toContain("|  | Approved | Now |");
    expect(body).toContain("Without a pull request · commit");
    expect(body).toContain("approved by `wen`, `HOSTILE @ada`");
  });

  test.each([
    ["nothing of the role was applied", { orders: "rolled-back" }, true, "repeat the [run]"],
    ["a part of the role was applied", { "": "applied", orders: "rolled-back" }, true, "plan again"],
    ["nobody knows what was applied of the role", { orders: "in-doubt" }, true, "plan again"],
    ["the evidence has no roles to compare with", { orders: "rolled-back" }, false, "plan again"],
  ] as const)("of a role that failed beside others, where %s, says what helps", (_, databases, isRepeatable, advice) => {
    const sessions = [applySession(), applySession({ label: "etl", status: "failed", databases })];
    const { body } = renderApplyComment(applyInput({ sessions, isRepeatable }));
    expect(body).toContain("partly applied");
    expect(body).toContain(`Mend what failed and ${advice}`);
  });

  test.each([
    ["beside others", [applySession()]],
    ["alone", []],
  ])("of a role that others have to go before, %s, never says that the run is enough", (_, others) => {
    const sessions = [...others, applySession({ label: "etl", status: "failed", databases: {} })];
    const { body } = renderApplyComment(applyInput({ sessions, hasBlockers: true }));
    expect(body).toContain("Mend what failed and plan again");
    expect(body).not.toContain("repeat the");
  });

  test("says what it came to", () => {
    const results = Object.values(applies).map((input) => renderApplyComment(input).result);
    expect(results).toEqual(["applied", "partly-applied", "not-applied", "nothing-to-do", "in-doubt"]);
  });
});

const drift: DriftInput = {
  environment: "prod",
  plan: commentInput({
    roles: [planOf({ resource: "orders", label: "etl", changes: [revocation("hoopdev_orders_etl_6075a443", "orders")] }), planOf()],
  }).plan,
  resources: [resourceOf("orders"), resourceOf("analytics")],
  unread: [],
  groups: [
    { name: "data", members: ["ada@example.com", "grace"], roles: ["orders/etl", "analytics/ro"] },
    { name: "finance", members: ["joan"], roles: ["analytics/ro"] },
  ],
  places: commentInput().places,
  commit: commentInput().head,
  readAt: "2026-11-22T03:00:00Z",
  whole: [],
  runUrl: "https://github.com/acme/access/actions/runs/12",
  repair: "none",
};

describe("the drift issue", () => {
  test("says what differs, who is affected, and what would put it right", async () => {
    const { title, body, isClean } = renderDriftIssue(drift);
    expectOnlyOurMarkup(body);
    expect(isClean).toBe(false);
    await expect(`${title}\n\n${body}`).toMatchFileSnapshot("goldens/drift.md");
  });

  const inSync = { ...drift, plan: commentInput({ roles: [planOf()] }).plan };

  test("is clean where everything is in sync", () => {
    const { title, isClean } = renderDriftIssue(inSync);
    expect([title, isClean]).toEqual(["PostgreSQL access drift · prod · none", true]);
    expectOnlyOurMarkup(renderDriftEnd(inSync));
    expect(renderDriftEnd(inSync)).toMatch(/^PostgreSQL says what the files declare: .* Seen by this \[run\]\(\S+\)\.$/u);
  });

  test("is not clean where a role, or a resource without roles, could not be read", () => {
    const failed = renderDriftIssue({ ...drift, plan: commentInput({ roles: [planOf({ failures: ["connection refused"] })] }).plan });
    expect([failed.title, failed.isClean]).toEqual(["PostgreSQL access drift · prod · 1 role not read", false]);
    const unread = renderDriftIssue({ ...inSync, unread: [{ resource: "orders", message: "connection refused" }] });
    expect([unread.title, unread.isClean]).toEqual(["PostgreSQL access drift · prod · 1 resource not read", false]);
    expect(unread.body).toContain("- `orders`: `connection refused`");
    expect(unread.body).not.toContain("would put it right");
  });

  test("can be told from what an earlier run has seen by rendering it with that run's sighting", () => {
    const before = renderDriftIssue(drift).body;
    const marker = parseMarker(before);
    const now = { ...drift, readAt: "2026-11-23T03:00:00Z", runUrl: "https://github.com/acme/access/actions/runs/13" };
    expect(renderDriftIssue(now).body).not.toBe(before);
    expect(renderDriftIssue({ ...now, ...marker?.seen, commit: marker?.head ?? "" }).body).toBe(before);
  });
});

describe("the job summary", () => {
  test("says the same without the marker", () => {
    const comment = renderComment(everything()).body;
    expect(comment.startsWith(renderPlanSummary(everything()).body)).toBe(true);
    expect(renderApplySummary(partly).body).toBe(renderApplyComment(partly).body);
  });
});

test("the HTML page stands alone", async () => {
  const html = renderHtml(everything());
  expect(html).not.toMatch(/<script|<link|<img|\bon\w+=|javascript:|@import|url\(/iu);
  await expect(html).toMatchFileSnapshot("goldens/plan.html");
});
