// A secret that stands in what a server said is masked before Markdown is made of it: what is escaped or cut is found by nobody.
import { expect, test } from "vitest";
import { redactedDiagnostic, redactedInventory, redactedPlan } from "../../../../src/action/redacted.ts";
import { createRedactor } from "../../../../src/credentials/redactor.ts";
import { planChecksum } from "../../../../src/model/combined-checksum.ts";
import { renderComment } from "../../../../src/review/comment.ts";
import { fingerprintsOf } from "../../../../src/review/fingerprint.ts";
import { parseMarker } from "../../../../src/review/comment-marker.ts";
import { commentInput, planOf } from "./comment-input.fixture.ts";

const secret = "ab|cd!e'f gh";
const redactor = createRedactor();
redactor.add(secret);
const context = { redact: redactor.redact };

/** So long that a cut at 200, 500 or 600 characters goes through the secret. */
const long = `${"x".repeat(170)}${`${secret}${"y".repeat(17)}`.repeat(20)}`;

const roles = [
  planOf({
    warnings: [`policy "${long}" names this role`],
    effective: [`via PUBLIC: CONNECT on ${secret}`],
    observedEntries: [`role ${secret}`],
    changes: [{ kind: "revokeMembership", role: secret, member: "hoopdev_analytics_ro_6075a443", grantor: secret, adminOptionOnly: false }],
  }),
  planOf({ label: "rw", failures: [`cannot read ${long}`] }),
];
const artifact = { checksum: planChecksum(roles.map(({ checksum }) => checksum)) };
const input = commentInput({
  plan: redactedPlan(context, { roles, artifact } as never),
  fingerprints: fingerprintsOf(roles, artifact.checksum),
  diagnostics: [redactedDiagnostic(context, { severity: "warning", code: "x", message: `about ${long}`, hint: secret })],
  inventory: redactedInventory(context, {
    added: [],
    removed: [],
    unchanged: 0,
    updated: [
      { name: "analytics", at: { file: "inventory.csv", line: 2, column: 1 }, changes: [{ column: "admin", from: long, to: secret }] },
    ],
  }),
});

test("nothing of it is left in a comment, escaped or cut", () => {
  const { body } = renderComment(input);
  expect(body).toContain("[redacted]");
  for (const part of ["ab|c", "ab\\|c", "!e'f", "!e&#39;f", "f gh"]) expect(body).not.toContain(part);
});

test("the comment is still of the plan itself", () => {
  const { checksum, catalog, declared } = parseMarker(renderComment(input).body) ?? expect.unreachable("no marker");
  expect({ checksum, catalog, declared }).toEqual(fingerprintsOf(roles, artifact.checksum));
});

test("words from closed lists stay where a secret is one of them", () => {
  const words = createRedactor();
  for (const word of ["managed", "failed", "revokeMembership", "analytics"]) words.add(word);
  const plan = redactedPlan({ redact: words.redact }, { roles, artifact } as never);
  expect(plan.roles.map(({ resource, status, config }) => [resource, status, config.type])).toEqual(
    roles.map(({ resource, status, config }) => [resource, status, config.type]),
  );
  expect(plan.roles[0]?.statements.map(({ change }) => change.kind)).toEqual(["revokeMembership"]);
});
