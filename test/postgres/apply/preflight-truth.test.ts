// Whatever the admin holds: where preflight finds nothing missing, the apply succeeds, and what it asks for is always enough.
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RoleSpec } from "../../../src/model/role-spec.ts";
import { resetCluster, serverMajor, startServer, type Server } from "../../support/server.ts";
import { admin, expectApplied, external, giveWhatIsMissing, managed, openAdminBench, roleName } from "./admin-bench.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const since16 = serverMajor >= 16;
const runs = Number(process.env["PREFLIGHT_RUNS"] ?? 15);

const owners = ["own_a", "own_b", "postgres"] as const;
const owner = fc.constantFrom(...owners);
const chance = fc.integer({ min: 0, max: 2 }).map((number) => number === 0);

/** How the admin is related to a role, or to one in between. */
const tie = fc.record({
  isTied: fc.boolean(),
  isIndirect: chance,
  admin: chance,
  inherit: fc.boolean(),
  set: fc.boolean(),
});

const world = fc.record({
  admin: fc.record({ createRole: fc.boolean(), inherit: fc.boolean(), selfGrant: fc.constantFrom("", "inherit", "set, inherit") }),
  databaseOwner: owner,
  schemaOwner: fc.constantFrom(...owners, "pg_database_owner"),
  tableOwners: fc.array(owner, { minLength: 1, maxLength: 3 }),
  ties: fc.record({ own_a: tie, own_b: tie, dba: tie, team: tie, ours: tie }),
  options: fc.record({ connect: chance, usage: chance, select: chance, insert: chance, plainUsage: chance }),
  optionsThrough: fc.constantFrom(admin, "dba"),
  before: fc.record({
    exists: fc.boolean(),
    attributes: fc.constantFrom("", "CREATEDB", "BYPASSRLS", "REPLICATION"),
    connectedBy: fc.constantFrom("nobody", "owner", "dba"),
    grantedBy: fc.constantFrom("nobody", "owner", "dba", "admin"),
    memberBy: fc.constantFrom("nobody", "superuser", "dba"),
  }),
  wish: fc.record({ future: chance, privileges: fc.constantFrom(["SELECT"], ["SELECT", "INSERT"], []), external: chance }),
});

type World = typeof world extends fc.Arbitrary<infer Value> ? Value : never;

test("preflight is right about what an apply can do, and its SQL is enough", { timeout: 1_800_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(world, async (given) => {
      await resetCluster(server);
      await makeWorld(given);
      using bench = openAdminBench(server, specsOf(given));
      // For these nothing can be given: the message says what else to do.
      fc.pre(![...(await bench.preflight()).values()].some((message) => message.includes("with a superuser's login")));
      await giveWhatIsMissing(server, bench);
      await expectApplied(bench);
    }),
    {
      numRuns: runs,
      ...(process.env["PREFLIGHT_SEED"] === undefined ? {} : { seed: Number(process.env["PREFLIGHT_SEED"]) }),
      endOnFailure: true,
    },
  );
  expect(runs).toBeGreaterThan(0);
});

function specsOf({ wish }: World): readonly RoleSpec[] {
  const ours = managed("ours", ["app.s"], wish.privileges, { futureObjects: wish.future });
  return wish.external ? [ours, external("like", "team")] : [ours];
}

async function makeWorld(given: World): Promise<void> {
  const { before } = given;
  const ours = roleName("ours");
  const { createRole, inherit, selfGrant } = given.admin;
  await server.run(
    "postgres",
    `CREATE ROLE ${admin} LOGIN PASSWORD '${admin}' ${createRole ? "CREATEROLE" : ""} ${inherit ? "" : "NOINHERIT"};
     CREATE ROLE own_a; CREATE ROLE own_b; CREATE ROLE dba; CREATE ROLE team; CREATE ROLE middle;
     ${since16 ? `ALTER ROLE ${admin} SET createrole_self_grant = '${selfGrant}'` : ""}`,
  );
  if (before.exists) await server.run("postgres", `CREATE ROLE ${ours} LOGIN ${before.attributes}`);
  await server.run("postgres", `CREATE DATABASE app OWNER ${given.databaseOwner}`);
  await server.run("app", objectsOf(given));
  await server.run("app", optionsOf(given));
  if (before.exists) await server.run("app", grantsOf(given));
  await server.run("postgres", tiesOf(given));
}

function objectsOf(given: World): string {
  const tables = given.tableOwners.map((name, index) => `CREATE TABLE s.t${index} (id serial); ALTER TABLE s.t${index} OWNER TO ${name};`);
  return `CREATE SCHEMA s; ${tables.join("\n")} ALTER SCHEMA s OWNER TO ${given.schemaOwner};`;
}

function optionsOf({ options, optionsThrough, before }: World): string {
  const give = (privilege: string): string => `GRANT ${privilege} TO ${optionsThrough} WITH GRANT OPTION;`;
  return [
    options.connect ? give("CONNECT ON DATABASE app") : "",
    options.usage ? give("USAGE ON SCHEMA s") : "",
    options.select ? give("SELECT ON ALL TABLES IN SCHEMA s") : "",
    options.insert ? give("INSERT ON ALL TABLES IN SCHEMA s") : "",
    options.plainUsage ? `GRANT USAGE ON SCHEMA s TO ${admin};` : "",
    before.exists && [before.connectedBy, before.grantedBy].includes("dba")
      ? "GRANT CONNECT, TEMP ON DATABASE app TO dba WITH GRANT OPTION; GRANT USAGE ON SCHEMA s TO dba; GRANT DELETE ON ALL TABLES IN SCHEMA s TO dba WITH GRANT OPTION;"
      : "",
    before.exists && before.grantedBy === "admin"
      ? `GRANT USAGE ON SCHEMA s TO ${admin}; GRANT DELETE ON ALL TABLES IN SCHEMA s TO ${admin} WITH GRANT OPTION;`
      : "",
  ].join("\n");
}

/** What the role holds already, granted by whom, and more than it should. */
function grantsOf({ before, ties }: World): string {
  const ours = roleName("ours");
  const as = { nobody: null, owner: "postgres", dba: "dba", admin } as const;
  const connect = as[before.connectedBy];
  const grant = as[before.grantedBy];
  return [
    connect === null ? "" : `SET ROLE ${connect}; GRANT CONNECT, TEMP ON DATABASE app TO ${ours}; RESET ROLE;`,
    grant === null ? "" : `SET ROLE ${grant}; GRANT DELETE ON s.t0 TO ${ours}; RESET ROLE;`,
    before.memberBy === "superuser" ? `GRANT team TO ${ours};` : "",
    before.memberBy === "dba" && since16 ? `GRANT team TO dba WITH ADMIN TRUE; SET ROLE dba; GRANT team TO ${ours}; RESET ROLE;` : "",
    ties.ours.isTied ? tieOf(ours, ties.ours) : "",
  ].join("\n");
}

function tiesOf({ ties }: World): string {
  return (["own_a", "own_b", "dba", "team"] as const).map((role) => (ties[role].isTied ? tieOf(role, ties[role]) : "")).join("\n");
}

function tieOf(role: string, { isIndirect, admin: isAdmin, inherit, set }: World["ties"]["ours"]): string {
  const word = (value: boolean): string => (value ? "TRUE" : "FALSE");
  const options = since16 ? `WITH ADMIN ${word(isAdmin)}, INHERIT ${word(inherit)}, SET ${word(set)}` : isAdmin ? "WITH ADMIN OPTION" : "";
  return isIndirect ? `GRANT ${role} TO middle ${options}; GRANT middle TO ${admin};` : `GRANT ${role} TO ${admin} ${options};`;
}
