import { describe, expect, test } from "vitest";
import { textOf } from "../../../src/model/display.ts";
import type { RolePlan } from "../../../src/model/plan.ts";
import { planKey, renderNextSteps, renderPlan, type PlanReport } from "../../../src/review/plan-text.ts";
import { inSync, rolePlan, statement } from "./role-plan.fixture.ts";

const sid = "986e35ce-f3fc-4f79-b136-512eada7b850";

function report(roles: readonly RolePlan[], parts: Partial<PlanReport> = {}): PlanReport {
  return {
    plan: { roles, checksum: "d".repeat(64) },
    sids: new Map([["analytics/ro", sid]]),
    refused: new Set(),
    resultFile: null,
    invocation: ["rolewright"],
    selection: [],
    ...parts,
  };
}

function draw(roles: readonly RolePlan[], parts: Partial<PlanReport> = {}): readonly string[] {
  return renderPlan(report(roles, parts), null).map(textOf);
}

describe("the plan in text", () => {
  test("says first what it comes to, then the table, then the role with its SQL, checksum and sid", () => {
    expect(draw([inSync("rw"), rolePlan()]).join("\n")).toMatchInlineSnapshot(`
      "2 roles: 1 out of sync, 1 in sync; 2 statements; 1 revokes access; 1 widens access

      role          status       risk            statements  message
      analytics/ro  out-of-sync  revokes access           2  2 statements in 1 database
      and 1 role in sync

      analytics/ro  hoopdev_analytics_ro_6075a443  out-of-sync  roles.csv:2:1
        2 statements in 1 database
        hazard widens-access: SELECT
        hazard revokes-access: INSERT
        effective via PUBLIC: CONNECT on app

          -- Role: hoopdev_analytics_ro_6075a443
          \\connect "app"
          BEGIN;
          REVOKE INSERT ON "t" FROM hoopdev_analytics_ro_6075a443;
          GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO hoopdev_analytics_ro_6075a443;
          COMMIT;

        checksum  cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
        sid       986e35ce-f3fc-4f79-b136-512eada7b850

      checksum of the whole plan dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
    `);
  });

  test("tells hazards of a code, and databases with the same privileges through PUBLIC, in one line", () => {
    const lines = draw([
      rolePlan({
        hazards: [
          { code: "widens-access", message: "CONNECT" },
          { code: "revokes-access", message: "INSERT" },
          { code: "widens-access", message: "SELECT" },
        ],
        effective: [
          "via PUBLIC: CONNECT on app",
          "via PUBLIC: USAGE on schema app.public",
          "via PUBLIC: CONNECT on legacy",
          "via ownership: 1 object in app",
        ],
      }),
    ]);
    expect(lines.filter((line) => /^ {2}(?:hazard|effective)/u.test(line))).toEqual([
      "  hazard widens-access: CONNECT; SELECT",
      "  hazard revokes-access: INSERT",
      "  effective via PUBLIC: CONNECT on app, legacy",
      "  effective via PUBLIC: USAGE on schema app.public",
      "  effective via ownership: 1 object in app",
    ]);
  });

  test("shows the statements of a blocker as psql takes them", () => {
    const blockers = [{ message: "a grant has to go", by: "dba", sql: ['\\connect "app"', "BEGIN;", "COMMIT;"] }];
    expect(draw([rolePlan({ blockers })]).filter((line) => line.startsWith("      "))).toEqual([
      '      \\connect "app"',
      "      BEGIN;",
      "      COMMIT;",
    ]);
  });

  test("is one line where everything is in sync", () => {
    expect(draw([inSync("ro")])).toEqual(["1 role: 1 in sync"]);
  });

  test("puts the most dangerous first: failed, drops, revokes, widens, in sync with a warning", () => {
    const roles = [
      { ...inSync("e"), warnings: ["tables made by x will not be readable"] },
      rolePlan({ label: "d", hazards: [{ code: "widens-access", message: "SELECT" }] }),
      rolePlan({ label: "c", hazards: [{ code: "revokes-access", message: "SELECT" }] }),
      rolePlan({ label: "b", hazards: [{ code: "drops-role", message: "gone" }] }),
      rolePlan({ label: "a2", status: "failed", message: "could not connect", statements: [], sqlPlan: "", checksum: "", hazards: [] }),
    ];
    const table = draw(roles).filter((line) => /^analytics\/\w+ +(?:failed|out|in)/u.test(line) && !line.includes("hoopdev"));
    expect(table.map((line) => line.split(/ +/u)[0])).toEqual(["analytics/a2", "analytics/b", "analytics/c", "analytics/d", "analytics/e"]);
  });

  test("says once for each resource why all its roles have failed", () => {
    const failed = {
      status: "failed" as const,
      message: "cannot connect to h:5432",
      statements: [],
      sqlPlan: "",
      checksum: "",
      hazards: [],
    };
    const roles = [
      rolePlan({ label: "a", ...failed }),
      rolePlan({ label: "b", ...failed }),
      rolePlan({ resource: "crm", label: "c", ...failed }),
    ];
    const lines = draw(roles);
    expect(lines.filter((line) => line.includes("cannot connect"))).toHaveLength(2);
    expect(lines).toContain("  as analytics/a above");
  });

  test("shows for a blocked role what must be run and by whom", () => {
    const blockers = [{ message: "the admin may not become dba", sql: ['REVOKE SELECT ON "t" FROM r'], by: "dba or a superuser" }];
    const lines = draw([rolePlan({ blockers })]);
    expect(lines).toContain("  blocked: the admin may not become dba");
    expect(lines).toContain("    to be run by dba or a superuser:");
    expect(lines).toContain('      REVOKE SELECT ON "t" FROM r;');
  });

  test("says each hazard once, however many statements carry it", () => {
    const hazard = { code: "revokes-access" as const, message: "INSERT" };
    const lines = draw([rolePlan({ statements: [statement("a", [hazard]), statement("b", [hazard])], hazards: [hazard, hazard] })]);
    expect(lines.filter((line) => line.includes("hazard"))).toEqual(["  hazard revokes-access: INSERT"]);
  });

  test("F49 never lets a name of many lines become lines of the report", () => {
    const lines = draw([rolePlan({ message: 'schema "a\nsid       forged"' })]);
    expect(lines.filter((line) => line.startsWith("  sid"))).toEqual([`  sid       ${sid}`]);
  });
});

describe("the next steps", () => {
  const steps = (roles: readonly RolePlan[], parts: Partial<PlanReport> = {}): readonly string[] =>
    renderNextSteps(report(roles, parts)).map(textOf).slice(1);

  test("name the session of a single role", () => {
    expect(steps([rolePlan(), inSync("rw")])).toEqual([`  rolewright apply analytics --sid ${sid}`]);
  });

  test("name the result file where one was written", () => {
    expect(steps([rolePlan()], { resultFile: "out dir/it's.yaml" })).toEqual([String.raw`  rolewright apply -f 'out dir/it'\''s.yaml'`]);
  });

  test("keep the repository, and ask for a result file where there are several roles", () => {
    const sids = new Map([
      ["analytics/ro", sid],
      ["analytics/rw", sid],
    ]);
    expect(
      steps([rolePlan(), rolePlan({ label: "rw" })], { sids, invocation: ["rolewright", "-C", "access"], selection: ["-f", "plan.yaml"] }),
    ).toEqual(["  rolewright -C access plan -f plan.yaml -o result.yaml", "  rolewright -C access apply -f result.yaml"]);
  });

  test("ask to plan again where something failed, and promise no apply of it", () => {
    expect(steps([rolePlan({ status: "failed" })])).toEqual(["  rolewright plan   # after what failed or is blocked has been mended"]);
  });

  test("are none where all is in sync", () => {
    expect(renderNextSteps(report([inSync("ro")]))).toEqual([]);
    expect(renderNextSteps(report([rolePlan()], { refused: new Set([planKey(rolePlan())]), resultFile: "r.yaml" }))).toEqual([]);
  });
});
