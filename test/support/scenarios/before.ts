// Makes the state that a scenario begins with.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { resetCluster, type Server } from "../server.ts";
import type { Scenario } from "./scenario.ts";

/** Servers whose template1 a scenario has changed, so that every new database would inherit it. */
const withChangedTemplate = new WeakSet<Server>();

/** Brings a server to the state that the scenario begins with, whatever the one before has left. */
export async function prepareServer(server: Server, scenario: Scenario): Promise<void> {
  if (withChangedTemplate.has(server)) await renewTemplate(server);
  await resetCluster(server);
  await runBefore(server, scenario);
}

async function renewTemplate(server: Server): Promise<void> {
  const client = await server.connect();
  try {
    await client.query("ALTER DATABASE template1 IS_TEMPLATE false");
    await client.query("DROP DATABASE template1 WITH (FORCE)");
    await client.query("CREATE DATABASE template1 TEMPLATE template0 IS_TEMPLATE true");
    await client.query("REVOKE TEMPORARY ON DATABASE template1 FROM PUBLIC");
  } finally {
    await client.end();
  }
  withChangedTemplate.delete(server);
}

/** Runs before.sql as the superuser: in `postgres` up to the first line `-- database: name`, then in the database of each such line. */
async function runBefore(server: Server, scenario: Scenario): Promise<void> {
  const script = readFileSync(join(scenario.directory, "before.sql"), "utf8");
  for (const { database, sql } of sectionsOf(script)) {
    if (database === "template1") withChangedTemplate.add(server);
    const client = await server.connect(database);
    try {
      for (const statement of statementsOf(sql)) {
        await client.query(statement).catch((cause: unknown) => {
          throw new Error(`${scenario.name}/before.sql in ${database}: ${String(cause)}, at:\n${statement}`, { cause });
        });
      }
    } finally {
      await client.end();
    }
  }
}

/** The name of a database goes to the end of its line, or stands in JSON quotes. */
function sectionsOf(script: string): readonly { readonly database: string; readonly sql: string }[] {
  const [first = "", ...rest] = script.split(/^-- database: /mu);
  const sections = rest.map((section) => {
    const end = section.indexOf("\n");
    const name = section.slice(0, end).trim();
    return { database: name.startsWith('"') ? String(JSON.parse(name)) : name, sql: section.slice(end) };
  });
  return [{ database: "postgres", sql: first }, ...sections].filter(({ sql }) => statementsOf(sql).length > 0);
}

/** One by one, since CREATE DATABASE takes no company. A statement ends with a semicolon at the end of a line, outside of `$$`. */
function statementsOf(sql: string): readonly string[] {
  const statements: string[] = [];
  let current = "";
  for (const line of sql.split("\n")) {
    if (current === "" && (line.trim() === "" || line.startsWith("--"))) continue;
    current += `${line}\n`;
    if (!line.trimEnd().endsWith(";") || (current.split("$$").length - 1) % 2 === 1) continue;
    statements.push(current);
    current = "";
  }
  return current.trim() === "" ? statements : [...statements, current];
}
