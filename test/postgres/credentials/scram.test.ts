import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generatePassword, isScramVerifier, makeScramVerifier } from "../../../src/credentials/scram.ts";
import { connect } from "../../../src/io/postgres.ts";
import { type Server, startServer } from "../../support/server.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer({ settings: { log_statement: "all" } });
});
afterAll(() => server[Symbol.asyncDispose]());

test("a login works with the password behind a verifier that was made here, which the server never saw", async () => {
  const password = generatePassword(randomBytes);
  const verifier = makeScramVerifier(password, randomBytes(16));
  expect(isScramVerifier(verifier)).toBe(true);
  await server.run("postgres", `create role app login password '${verifier}'`);
  const stored = await server.run("postgres", "select rolpassword from pg_authid where rolname = 'app'");
  expect(stored).toEqual([{ rolpassword: verifier }]);

  const options = { host: server.host, port: server.port, user: "app", database: "postgres", tls: { mode: "disable" } } as const;
  const limits = { connectSeconds: 5, lockSeconds: 3, statementSeconds: 10, applicationName: "test" };
  await using connection = await connect({ ...options, ...limits, password });
  expect((await connection.query("select current_user::text as name")).rows).toEqual([{ name: "app" }]);
  await expect(connect({ ...options, ...limits, password: `${password}x` })).rejects.toMatchObject({ code: "28P01" });
  await expect(connect({ ...options, ...limits, password: verifier })).rejects.toMatchObject({ code: "28P01" });
  expect(readFileSync(server.logFile, "utf8")).toContain("create role app");
  expect(readFileSync(server.logFile, "utf8")).not.toContain(password);
});
