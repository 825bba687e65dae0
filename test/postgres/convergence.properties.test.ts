// F10: from any state to any declaration, one apply; after it nothing is left to do, and nothing else has changed. The live server judges.
//
// CONVERGENCE_CASES sets how many cases run (200), CONVERGENCE_SEED and CONVERGENCE_PATH repeat a failure as it was printed.
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anyCatalog, type Catalog } from "../support/convergence/catalog.ts";
import { scriptOf } from "../support/convergence/catalog-sql.ts";
import { anyDesired, labels, roleNames, type DesiredDraw } from "../support/convergence/desired.ts";
import { runScripts, runStory } from "../support/convergence/story.ts";
import { startServer, type Server } from "../support/server.ts";

const cases = Number(process.env["CONVERGENCE_CASES"] ?? 200);
const stepsPerCatalog = 5;

/** What decides whether a change lands must not depend on chance; soaks and developers' machines draw new cases. */
const seed = process.env["CONVERGENCE_SEED"] ?? (process.env["CI"] === undefined ? undefined : "20261122");
const endsOnFailure = process.env["CI"] !== undefined || process.env["CONVERGENCE_SHRINK"] === "no";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const anyStory: fc.Arbitrary<readonly [Catalog, readonly DesiredDraw[]]> = fc.tuple(
  anyCatalog(labels.length),
  fc.array(anyDesired, { minLength: stepsPerCatalog, maxLength: stepsPerCatalog }),
);

describe("from any state to any declaration", () => {
  it(`F10 one apply reaches exactly what is declared, and nothing else changes (${cases} cases)`, { timeout: 3_600_000 }, async () => {
    const path = process.env["CONVERGENCE_PATH"];
    const counts = { stories: 0, cases: 0 };
    await fc.assert(
      fc.asyncProperty(anyStory, async ([catalog, desires]) => {
        counts.stories += 1;
        counts.cases += await runStory(server, scriptOf(catalog, roleNames, server.version), desires);
      }),
      {
        numRuns: Math.ceil(cases / stepsPerCatalog),
        ...(seed === undefined ? {} : { seed: Number(seed) }),
        ...(path === undefined ? {} : { path }),
        endOnFailure: endsOnFailure,
      },
    );
    expect(counts.cases).toBeGreaterThanOrEqual(path === undefined ? cases : 0);
  });

  it("F10 the SQL of the plan, run by psql, reaches the same end", { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyCatalog(labels.length), anyDesired, async (catalog, desired) => {
        await runScripts(server, scriptOf(catalog, roleNames, server.version), desired);
      }),
      {
        numRuns: Math.ceil(cases / 20),
        ...(seed === undefined ? {} : { seed: Number(seed) }),
        endOnFailure: endsOnFailure,
      },
    );
  });
});
