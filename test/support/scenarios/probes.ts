// Behaviour, not catalog: what a login really may do when the story is over.
import { expect } from "vitest";
import { Client, DatabaseError } from "pg";
import type { Server } from "../server.ts";
import type { Probe, Scenario } from "./scenario.ts";
import type { Workbench } from "./workbench.ts";

export async function runProbes(server: Server, scenario: Scenario, workbench: Workbench): Promise<void> {
  for (const probe of scenario.probes) {
    const outcome = await attempt(() => runProbe(server, probe, workbench));
    expect(outcome, `${scenario.name}: as ${probe.as} in ${probe.database}: ${probe.sql}`).toBe(probe.allowed);
  }
}

async function attempt(work: () => Promise<void>): Promise<true | string> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.code !== undefined) return error.code;
    throw error;
  }
}

async function runProbe(server: Server, probe: Probe, workbench: Workbench): Promise<void> {
  const spec = workbench.goal.specs.find(({ label }) => label === probe.as);
  const user = spec?.roleName ?? probe.as;
  const password = probe.password ?? (spec === undefined ? null : await workbench.passwordOf(spec.label));
  if (spec !== undefined && password === null) throw new Error(`no credential was delivered for ${probe.as}; give the probe a password`);
  const login = password === null ? { user: server.user, password: server.password } : { user, password };
  const client = new Client({ ...login, host: server.host, port: server.port, database: probe.database });
  client.on("error", () => {});
  try {
    await client.connect();
    if (password === null) await client.query(`SET SESSION AUTHORIZATION ${client.escapeIdentifier(user)}`);
    await client.query(probe.sql);
  } finally {
    await client.end();
  }
}
