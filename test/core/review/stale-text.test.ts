import { expect, test } from "vitest";
import { textOf } from "../../../src/model/display.ts";
import { basisOfPlan } from "../../../src/model/plan-basis.ts";
import { renderStale } from "../../../src/review/stale-text.ts";
import { rolePlan } from "./role-plan.fixture.ts";

const reviewed = basisOfPlan(rolePlan({ observed: ["grant SELECT app.public.a", "tables app.public 4"] }));

function draw(parts: Partial<typeof reviewed>): readonly string[] {
  return renderStale(reviewed, { ...reviewed, ...parts }).map(textOf);
}

test("F34 a refusal names the catalog entries that came and went", () => {
  expect(draw({ observed: ["grant SELECT app.public.a", "tables app.public 5"] })).toEqual([
    "the catalog has changed:",
    "  - tables app.public 4",
    "  + tables app.public 5",
  ]);
});

test("F34 says in words what came and went", () => {
  const come = 'cluster: CREATE on {"kind":"database","name":"postgres"} by "postgres"';
  expect(draw({ observed: [...reviewed.observed, come] })).toEqual([
    "the catalog has changed:",
    '  + CREATE on database "postgres", granted by "postgres"',
  ]);
});

test("counts an entry that was there twice and is there once", () => {
  const twice = renderStale({ ...reviewed, observed: ["x", "x"] }, { ...reviewed, observed: ["x"] });
  expect(twice.map(textOf)).toEqual(["the catalog has changed:", "  - x"]);
});

test("tells the declaration and the statements apart from the catalog", () => {
  const lines = draw({
    config: { ...reviewed.config, privileges: ["SELECT", "INSERT"] },
    sqlPlan: `${reviewed.sqlPlan}GRANT INSERT ON "t" TO r;\n`,
  });
  expect(lines).toEqual([
    "the declaration has changed:",
    '  - privileges: ["SELECT"]',
    '  + privileges: ["SELECT","INSERT"]',
    "the statements have changed:",
    '  + GRANT INSERT ON "t" TO r;',
  ]);
});

test("F33 says that the cluster is another one", () => {
  expect(draw({ target: { ...reviewed.target, system_identifier: "9" } })).toEqual([
    "the cluster is another one:",
    '  - system_identifier: "7423"',
    '  + system_identifier: "9"',
  ]);
});

test("lists a bounded number of entries and counts the rest", () => {
  const lines = draw({ observed: [...reviewed.observed, ...Array.from({ length: 1000 }, (_, index) => `table t${index}`)] });
  expect(lines).toHaveLength(42);
  expect(lines.at(-1)).toBe("  + … and 960 more entries");
});

test("F44 blames the version where nothing readable differs", () => {
  expect(draw({})).toEqual([expect.stringContaining("another version of rolewright")]);
});
