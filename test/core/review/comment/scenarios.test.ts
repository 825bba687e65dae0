// Every scenario as a reviewer sees it: the comment is our markup alone, and where the story has a comment.md, it is that. `UPDATE_GOLDENS=1` writes those that are there.
import { describe, expect, test } from "vitest";
import { planChecksum } from "../../../../src/model/combined-checksum.ts";
import { planObserved } from "../../../../src/reconcile.ts";
import { renderComment } from "../../../../src/review/comment.ts";
import { expectGolden, readGolden } from "../../../support/scenarios/goldens.ts";
import { parseObserved } from "../../../support/scenarios/observed-json.ts";
import { listScenarios, readGoal, titleOf, type Scenario } from "../../../support/scenarios/scenario.ts";
import { commentInput } from "./comment-input.fixture.ts";
import { expectOnlyOurMarkup } from "./markdown-oracle.ts";

const scenarios = listScenarios().filter((scenario) => readGolden(scenario, "before.json") !== null);

describe("the comment of a scenario", () => {
  test.each(scenarios.map((scenario) => [titleOf(scenario), scenario] as const))("%s", async (_, scenario) => {
    const body = await commentOf(scenario);
    expectOnlyOurMarkup(body);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000);
    if (readGolden(scenario, "comment.md") !== null) expectGolden(scenario, "comment.md", withoutDigests(body));
  });

  test("is written down for some of them", () => {
    expect(scenarios.filter((scenario) => readGolden(scenario, "comment.md") !== null).length).toBeGreaterThan(5);
  });
});

/** plan.yaml has the digests; without them a comment.md changes only with what people read. */
function withoutDigests(body: string): string {
  return `${body
    .replace(/sha256:[0-9a-f]{64}/gu, "sha256:…")
    .replace(/checksum `[0-9a-f]{16}…`/gu, "checksum `…`")
    .replace(/<!-- rolewright v1 [\w-]+ -->$/u, "<!-- rolewright v1 … -->")}\n`;
}

async function commentOf(scenario: Scenario): Promise<string> {
  const goal = await readGoal(scenario);
  const observed = parseObserved(readGolden(scenario, "before.json") ?? "");
  const roles = planObserved(goal, observed);
  const { resource, specs } = goal;
  const input = commentInput({
    plan: { roles, checksum: planChecksum(roles.map((role) => role.checksum)) },
    resources: [
      {
        name: resource.name,
        serverVersion: observed.cluster.server.version,
        origin: resource.origin,
        connection: "used",
        declaredRoles: specs.length,
      },
    ],
  });
  return renderComment({ ...input, inventory: { ...input.inventory, unchanged: 1 } }).body;
}
