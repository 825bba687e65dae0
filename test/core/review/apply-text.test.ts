import { describe, expect, it } from "vitest";
import { textOf } from "../../../src/model/display.ts";
import type { Session } from "../../../src/model/session.ts";
import { renderApply } from "../../../src/review/apply-text.ts";
import { applyOf } from "../session/support/sessions.ts";

function databasesOf(databases: NonNullable<Session["databases"]>): string {
  const lines = renderApply({ sessions: [{ ...applyOf(), message: "M", databases }], leftOut: 0, width: null }).map(textOf);
  return /^\S+ +\S+ +(.*?) +M$/mu.exec(lines.join("\n"))?.[1] ?? "";
}

describe("what became of the databases", () => {
  it("leaves the shared catalogs out where all was applied", () => {
    expect(databasesOf({ "": "applied", app: "applied", crm: "applied" })).toBe("2 applied");
  });

  it("says that the shared catalogs were changed where the databases were not", () => {
    expect(databasesOf({ "": "applied", app: "not-run", crm: "not-run" })).toBe("shared catalogs applied, 2 not-run");
    expect(databasesOf({ "": "applied", app: "applied", crm: "rolled-back" })).toBe("shared catalogs applied, 1 applied, 1 rolled-back");
  });

  it("says how the shared catalogs went where they did not go well, or are all there is", () => {
    expect(databasesOf({ "": "rolled-back", app: "not-run" })).toBe("shared catalogs rolled-back, 1 not-run");
    expect(databasesOf({ "": "applied" })).toBe("shared catalogs applied");
  });
});
