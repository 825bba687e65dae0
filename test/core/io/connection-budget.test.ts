import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createConnectionBudget, type Lease } from "../../../src/io/connection-budget.ts";

test("keeps both limits, and lets others pass whose resource is free", async () => {
  const budget = createConnectionBudget({ total: 3, perResource: 2 });
  const granted: string[] = [];
  const ask = (name: string, resource: string) => budget.acquire(resource, "work").then((lease) => (granted.push(name), lease));
  const [first] = await Promise.all([ask("a1", "a"), ask("a2", "a")]);
  const third = ask("a3", "a");
  const other = await ask("b1", "b");
  expect(granted).toEqual(["a1", "a2", "b1"]);
  first?.release();
  first?.release();
  await third;
  const waiting = ask("c1", "c");
  await settle();
  expect(granted).toEqual(["a1", "a2", "b1", "a3"]);
  other.release();
  await waiting;
});

test("serves in the order of asking", async () => {
  const budget = createConnectionBudget({ total: 1, perResource: 1 });
  const granted: number[] = [];
  const tasks = Array.from({ length: 20 }, async (_, index) => {
    const lease = await budget.acquire(index % 2 === 0 ? "a" : "b", "work");
    granted.push(index);
    await settle();
    lease.release();
  });
  await Promise.all(tasks);
  expect(granted).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

test("forgets who gave up waiting", async () => {
  const budget = createConnectionBudget({ total: 1, perResource: 1 });
  const lease = await budget.acquire("a", "work");
  const controller = new AbortController();
  const waiting = budget.acquire("a", "work", controller.signal);
  controller.abort(new Error("cancelled"));
  await expect(waiting).rejects.toThrow("cancelled");
  lease.release();
  (await budget.acquire("a", "work")).release();
});

test("has no room for a lock where it has room for one connection only", async () => {
  await expect(createConnectionBudget({ total: 4, perResource: 1 }).acquire("a", "held")).rejects.toThrow(RangeError);
});

test("never deadlocks while holders of locks wait for connections to work with, and never passes a limit", async () => {
  const task = fc.record({
    resource: fc.constantFrom("a", "b", "c", "d"),
    databases: fc.integer({ min: 0, max: 4 }),
    isApply: fc.boolean(),
  });
  const limits = fc.record({ total: fc.integer({ min: 2, max: 5 }), perResource: fc.integer({ min: 2, max: 4 }) });
  await fc.assert(
    fc.asyncProperty(limits, fc.array(task, { maxLength: 30 }), async (given, tasks) => {
      const budget = createConnectionBudget(given);
      const open = new Map<string, number>();
      const use = async <Result>(lease: Lease, resource: string, work: () => Promise<Result>): Promise<Result> => {
        open.set(resource, (open.get(resource) ?? 0) + 1);
        expect(open.get(resource)).toBeLessThanOrEqual(given.perResource);
        expect([...open.values()].reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(given.total);
        const result = await work();
        open.set(resource, (open.get(resource) ?? 0) - 1);
        lease.release();
        return result;
      };
      const work = async (resource: string, count: number) => {
        await Promise.all(Array.from({ length: count }, async () => use(await budget.acquire(resource, "work"), resource, settle)));
      };
      const all = Promise.all(
        tasks.map(async ({ resource, databases, isApply }) => {
          if (!isApply) return work(resource, databases);
          await use(await budget.acquire(resource, "held"), resource, () => work(resource, databases));
        }),
      );
      const timeout = new Promise((_, reject) => setTimeout(() => reject(new Error("deadlock")), 2000).unref());
      await Promise.race([all, timeout]);
    }),
    { numRuns: 200 },
  );
});

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
