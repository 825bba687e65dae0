import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { parseMarker } from "../../../../src/review/comment-marker.ts";
import { renderComment, restateComment } from "../../../../src/review/comment.ts";
import { commentInput, everything, planOf, resourceOf, troubled } from "./comment-input.fixture.ts";
import { corpus, hostileInput } from "./hostile.arbitrary.ts";
import { canary, codeOf, expectOnlyOurMarkup } from "./markdown-oracle.ts";

// Other work on the machine may take most of it.
vi.setConfig({ testTimeout: 60_000 });

const small = { resources: 3, roles: 3, statements: 4, notes: 3, text: 80 };

describe("whatever the names, messages and paths", () => {
  test("F49 all foreign text stands in code, and all markup is ours", () => {
    fc.assert(
      fc.property(hostileInput(small), (input) => {
        expectOnlyOurMarkup(renderComment(input).body);
      }),
      { numRuns: 60 },
    );
  });

  test.each(corpus)("%j in every place is code, and visible", (text) => {
    const name = `${canary}${text}`;
    const roles = [
      planOf({ resource: name, label: name, roleName: name, file: name, warnings: [name], effective: [name], failures: [name] }),
      planOf({ resource: `${name}2`, label: name, roleName: name, file: `${name}/x y.yaml`, changes: [{ kind: "dropRole", role: name }] }),
    ];
    const { body } = renderComment({ ...commentInput({ roles }), environment: name, head: name, base: { branch: name, commit: name } });
    expectOnlyOurMarkup(body);
    expect(codeOf(body).filter((code) => code.includes(canary)).length).toBeGreaterThan(8);
  });

  test("the checksum is that of the full plan, whatever is shown", () => {
    fc.assert(
      fc.property(hostileInput(small), (input) => {
        const { body, checksum } = renderComment(input);
        const hasErrors = input.diagnostics.some(({ severity }) => severity === "error");
        expect(checksum).toBe(hasErrors ? "" : input.plan.checksum);
        expect(parseMarker(body)).toMatchObject({ env: input.environment, pr: 42, checksum });
        if (checksum !== "") expect(body).toContain(checksum);
      }),
      { numRuns: 20 },
    );
  });

  test("another state can be given to the comment without its plan", () => {
    const state = { kind: "applied", url: "https://github.com/acme/access/pull/42#issuecomment-1" } as const;
    fc.assert(
      fc.property(hostileInput(small), (input) => {
        const planned = renderComment(input).body;
        expect(restateComment(planned, state)).toBe(renderComment({ ...input, state }).body);
      }),
      { numRuns: 20 },
    );
  });
});

describe("however large the plan", () => {
  const large = fc.constantFrom(
    { resources: 60, roles: 2, statements: 2, notes: 2, text: 60 },
    { resources: 3, roles: 60, statements: 3, notes: 3, text: 60 },
    { resources: 2, roles: 2, statements: 600, notes: 300, text: 60 },
    { resources: 2, roles: 2, statements: 4, notes: 4, text: 40_000 },
  );

  test("the comment has at most 60,000 bytes, balanced fences and folded blocks", () => {
    fc.assert(
      fc.property(large.chain(hostileInput), (input) => {
        const { body } = renderComment(input);
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000);
        expect(body.length).toBeLessThanOrEqual(60_000);
        expectOnlyOurMarkup(body);
      }),
      { numRuns: 12 },
    );
  });

  test.each([
    ["one statement of a megabyte", 1, 1, 1, 1_000_000],
    ["20 resources of 50 roles of 30 statements", 20, 50, 30, 150],
    ["2,000 resources", 2_000, 1, 1, 60],
  ])(
    "%s fit, with the whole checksum and a sentence on what is left out",
    (_, resources, roles, statements, length) => {
      const { body, checksum, isComplete } = renderComment(vast({ resources, roles, statements, length }));
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000);
      expect(isComplete).toBe(false);
      expect(body).toContain("**Shortened**");
      expect(body).toContain("[`job summary`](https://github.com/acme/access/actions/runs/2)");
      expect(body).toContain(`\`sha256:${checksum}\``);
      expectOnlyOurMarkup(body);
    },
    60_000,
  );

  test("names of 255 characters of four bytes each, in everything that is always shown, fit", () => {
    const long = (index: number): string => `${"𝕏".repeat(2_000)}${index}`;
    const input = vast({ resources: 300, roles: 1, statements: 2, length: 2_000, name: long });
    const { body } = renderComment({ ...input, environment: "𝕏".repeat(127), base: { branch: long(1), commit: long(2) } });
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000);
    expectOnlyOurMarkup(body);
  });

  test("the most pressing resource keeps its SQL longest", () => {
    const input = vast({ resources: 40, roles: 2, statements: 30, length: 80 });
    const drop = planOf({ resource: "zz", label: "ro", roleName: "gone", changes: [{ kind: "dropRole", role: "gone" }] });
    const { body } = renderComment({
      ...input,
      plan: { ...input.plan, roles: [...input.plan.roles, drop] },
      resources: [...input.resources, resourceOf("zz")],
    });
    expect(body).toContain('DROP ROLE "gone";');
  });
});

describe("the same plan", () => {
  test.each([
    ["with everything", everything],
    ["in trouble", troubled],
  ])("%s is the same comment, in whatever order it was read", (_, make) => {
    const input = make();
    const reversed = { ...input, plan: { ...input.plan, roles: input.plan.roles.toReversed() }, resources: input.resources.toReversed() };
    expect(renderComment(reversed).body).toBe(renderComment(input).body);
  });
});

function vast(size: {
  readonly resources: number;
  readonly roles: number;
  readonly statements: number;
  readonly length: number;
  readonly name?: (index: number) => string;
}): ReturnType<typeof commentInput> {
  const { resources, roles, statements, length, name = (index) => `resource-${index}` } = size;
  const plans = Array.from({ length: resources * roles }, (_, index) => {
    const role = `r${index}`;
    const plan = planOf({ resource: name(index % resources), label: `l${index}`, roleName: role });
    const sql = `REVOKE SELECT ON TABLE ${"t".repeat(length)} FROM ${role}`;
    const statement = {
      sql,
      part: { phase: "cluster" },
      change: {
        kind: "revoke",
        privileges: ["SELECT"],
        on: { kind: "database", database: "d" },
        grantee: role,
        grantor: null,
        grantOptionOnly: false,
      },
      hazards: [{ code: "revokes-access", message: "SELECT" }],
    } as const;
    return {
      ...plan,
      status: "out-of-sync" as const,
      statements: Array.from({ length: statements }, () => statement),
      hazards: statement.hazards,
    };
  });
  return commentInput({ roles: plans });
}
