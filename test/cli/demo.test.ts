import { existsSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { leftIn, processesIn, removeDemoFolders, startDemo } from "../support/demo-process.ts";

afterAll(removeDemoFolders);

test.skipIf(!existsSync("/proc/self"))(
  "F72 the demo tells its story to the end, and leaves no server, file or folder",
  { timeout: 120_000 },
  async () => {
    const demo = startDemo();
    expect(await demo.ended, demo.output()).toBe(0);
    const steps = ["$ rolewright validate", "$ rolewright plan -o result.yaml", "3 roles: 3 applied", "42501", "refused", "done in"];
    for (const step of steps) expect(demo.output()).toContain(step);
    expect(processesIn(demo.folder)).toEqual([]);
    expect(leftIn(demo.folder)).toEqual([]);
  },
);
