// Pull requests in which every text is as bad as it can be.
import * as fc from "fast-check";
import type { Change } from "../../../../src/model/change.ts";
import type { Diagnostic, SourceLocation } from "../../../../src/model/diagnostic.ts";
import type { HazardCode, RolePlan, Statement } from "../../../../src/model/plan.ts";
import type { ApplyCommentInput } from "../../../../src/review/apply-comment.ts";
import type { CommentInput, CommentResource } from "../../../../src/review/comment-input.ts";
import { canary } from "./markdown-oracle.ts";
import { applyInput, applySession } from "./apply-input.fixture.ts";
import { commentInput } from "./comment-input.fixture.ts";

export const corpus = [
  "`",
  "``",
  "```",
  "\n```\n# HOSTILE\n```sql\n",
  "~~~",
  "a`b`c``d",
  "|",
  "\\|",
  "\\\\|",
  "\\",
  "a | b || c",
  "</details>",
  "\n````\nHOSTILE @octocat\n````",
  "\n~~~\n</details>\n\nHOSTILE",
  "</summary></details><img src=x onerror=alert(1)>",
  "<!--",
  "--> <script>alert(1)</script>",
  "<!-- rolewright v1 e30 -->",
  "\n\n<!-- rolewright v1 e30 -->",
  "@octocat",
  "@acme/team",
  "#123",
  "fixes #1",
  "GH-1",
  "acme/access#5",
  "https://evil.example/x",
  "www.evil.example",
  "someone@evil.example",
  "[click](javascript:alert(1))",
  "![x](https://evil.example/p.png)",
  "[^1]: note",
  "${{ secrets.TOKEN }}",
  "$`\\alpha`$",
  "::add-mask::x",
  "##[add-mask]x",
  "\u001b[31mred\u001b[0m",
  "a\r\nb",
  "\t- [ ] task",
  "\u202egnp.exe",
  "zero\u200bwidth\u2060\ufeff",
  "\u00a0\u3000\u2800\u3164\u034f",
  "\ud800",
  "\u{e0041}",
  "&lt;b&gt; &amp; &#64;",
  "***bold*** _it_ ~~gone~~",
  "# heading",
  "> [!WARNING]",
  "- list",
  "1. one",
  "---",
  "| a |\n|---|\n| b |",
  ":smile:",
  "  two blanks  ",
  "",
];

/** Any text, with the canary before, behind or within. */
export function hostile(maximum = 60): fc.Arbitrary<string> {
  const text = fc.oneof(fc.constantFrom(...corpus), fc.string({ unit: "binary", maxLength: maximum }), fc.string({ maxLength: maximum }));
  return fc.tuple(text, text, fc.constantFrom("before", "behind", "within")).map(([a, b, where]) => {
    if (where === "before") return `${canary}${a}`;
    return where === "behind" ? `${a}${canary}` : `${a}${canary}${b}`;
  });
}

const location: fc.Arbitrary<SourceLocation> = fc.record({ file: hostile(), line: fc.nat(10_000), column: fc.nat(200) });

const hazardCodes: readonly HazardCode[] = [
  "widens-access",
  "revokes-access",
  "drops-role",
  "disables-login",
  "rotates-password",
  "createrole",
];

function change(name: string): fc.Arbitrary<Change> {
  const role = name;
  return fc.oneof(
    fc.constant<Change>({ kind: "setPassword", role }),
    fc.constant<Change>({ kind: "dropRole", role }),
    hostile().map((source): Change => ({ kind: "grantMembership", role: source, member: role, withInherit: true, dangers: [] })),
    hostile().map((to): Change => ({ kind: "reassignOwned", database: to, role, to, dangers: [] })),
    fc.tuple(hostile(), fc.array(hostile(), { maxLength: 20 })).map(([database, privileges]): Change => ({
      kind: "revoke",
      privileges,
      on: { kind: "database", database },
      grantee: role,
      grantor: null,
      grantOptionOnly: false,
    })),
  );
}

function statement(longest: number): fc.Arbitrary<Statement> {
  const part = fc.oneof(
    fc.constant({ phase: "cluster" } as const),
    hostile().map((database) => ({ phase: "database", database }) as const),
  );
  const hazards = fc.array(fc.record({ code: fc.constantFrom(...hazardCodes), message: hostile() }), { maxLength: 3 });
  return fc.record({ sql: hostile(longest), part, change: hostile().chain(change), hazards });
}

export type Bounds = {
  readonly resources: number;
  readonly roles: number;
  readonly statements: number;
  readonly notes: number;
  readonly text: number;
};

function rolePlan(resource: string, bounds: Bounds): fc.Arbitrary<RolePlan> {
  const texts = fc.array(hostile(bounds.text), { maxLength: bounds.notes });
  return fc
    .record({
      label: hostile(),
      roleName: hostile(),
      status: fc.constantFrom("in-sync", "out-of-sync", "failed"),
      type: fc.constantFrom("managed", "external", "orphaned"),
      message: hostile(bounds.text),
      statements: fc.array(statement(bounds.text), { maxLength: bounds.statements }),
      effective: texts,
      warnings: texts,
      blockers: fc.array(fc.record({ message: hostile(), by: hostile(), sql: texts }), { maxLength: 2 }),
      observed: texts,
      scopes: texts,
      origin: fc.option(location),
    })
    .map(({ type, scopes, statements, ...parts }) => {
      const list = parts.status === "out-of-sync" ? statements : [];
      return {
        ...parts,
        resource,
        config: { type, role_name: parts.roleName, source_role: "", scopes, privileges: [], rotate_password: false },
        target: { resource, host: "h", port: 1, system_identifier: "1" },
        currentState: { role: "", requires_migration: true, exists: true, attributes: {}, memberships: [], scope_states: {} },
        statements: list,
        sqlPlan: "",
        checksum: parts.status === "failed" ? "" : "ab".repeat(32),
        hazards: list.flatMap((each) => each.hazards),
      } satisfies RolePlan;
    });
}

function resource(name: string): fc.Arbitrary<CommentResource> {
  return fc.record({
    name: fc.constant(name),
    serverVersion: fc.constantFrom(null, 160_014),
    origin: fc.option(location),
    connection: fc.constantFrom("used", "used", "added", "changed"),
    declaredRoles: fc.nat(30),
  });
}

const diagnostic: fc.Arbitrary<Diagnostic> = fc.record(
  { severity: fc.constantFrom("error", "warning"), code: hostile(), message: hostile(500), hint: hostile(), at: location },
  { requiredKeys: ["severity", "code", "message"] },
);

const evidenceUrl = fc
  .tuple(fc.constantFrom("https://github.com/acme/access/runs?q=", "javascript:"), hostile())
  .map((parts) => parts.join(""));

export function hostileInput(bounds: Bounds): fc.Arbitrary<CommentInput> {
  return fc
    .uniqueArray(hostile(), { maxLength: bounds.resources })
    .chain((names) =>
      fc.record({
        roles: fc.tuple(...names.map((name) => fc.array(rolePlan(name, bounds), { maxLength: bounds.roles }))).map((lists) => lists.flat()),
        resources: fc.tuple(...names.map(resource)),
        environment: fc.string({ unit: "binary", maxLength: 100 }).map((text) => `${canary}${text}`),
        base: fc.option(fc.record({ branch: hostile(), commit: hostile() })),
        diagnostics: fc.array(diagnostic, { maxLength: bounds.notes }),
        inventory: fc.record({
          added: fc.array(fc.record({ name: hostile(), at: location }), { maxLength: bounds.resources }),
          updated: fc.array(
            fc.record({
              name: hostile(),
              at: location,
              changes: fc.array(fc.record({ column: hostile(), from: hostile(), to: hostile() }), { maxLength: 5 }),
            }),
            { maxLength: bounds.resources },
          ),
          unchanged: fc.nat(),
          removed: fc.array(fc.record({ name: hostile() }), { maxLength: bounds.resources }),
        }),
        evidence: fc.array(fc.record({ label: hostile(), url: evidenceUrl }), { maxLength: 12 }),
      }),
    )
    .map((parts) => commentInput(parts));
}

const session = fc
  .record({ resource: hostile(), label: hostile(), message: hostile(200), output: hostile(200), sid: hostile(), database: hostile() })
  .chain(({ resource: resource_name, output: command_output, database, ...parts }) =>
    fc
      .record({ status: fc.constantFrom("success", "failed", "refused"), outcome: fc.constantFrom("applied", "rolled-back", "in-doubt") })
      .map(({ status, outcome }) => applySession({ ...parts, resource_name, command_output, status, databases: { [database]: outcome } })),
  );

/** The report of an apply, refused as a whole or not. */
export const hostileApply: fc.Arbitrary<ApplyCommentInput> = fc
  .record({
    environment: hostile(),
    pullRequest: fc.constantFrom(null, 42),
    commit: hostile(),
    approvers: fc.array(hostile(), { maxLength: 25 }),
    sessions: fc.array(session, { maxLength: 4 }),
    refusal: fc.option(hostile().map((message) => ({ reason: "unplanned" as const, message, approved: null, now: null, differences: [] }))),
    unseen: fc.array(hostile(), { maxLength: 25 }),
    isRepeatable: fc.boolean(),
    hasBlockers: fc.boolean(),
    sessionLog: fc.option(fc.record({ label: hostile(), url: evidenceUrl })),
    runUrl: evidenceUrl,
  })
  .map((parts) => applyInput(parts));
