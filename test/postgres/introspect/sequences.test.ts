import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { resetCluster, startServer, type Server } from "../../support/server.ts";
import { catalogOf, type Wishes } from "./catalog-of.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => resetCluster(server));

type Rows = {
  /** `role schema missing/needed`. */
  readonly needed: readonly string[];
  /** `role schema privilege which: names`. */
  readonly exceptions?: readonly string[];
  readonly bulk?: readonly string[];
};

async function check(before: string, wishes: Wishes, expected: Rows): Promise<void> {
  const catalog = await catalogOf({ server, before, wishes });
  const isSequence = (row: { readonly kind: string }): boolean => row.kind === "sequences";
  expect({
    needed: catalog.neededSequences.map(({ role, schema, needed, missing }) => `${role} ${schema} ${missing}/${needed}`),
    exceptions: catalog.exceptions
      .filter(isSequence)
      .map((row) => `${row.role} ${row.schema} ${row.privilege} ${row.which}: ${row.names.join(", ")}`),
    bulk: catalog.bulkGrants.filter(isSequence).map((row) => `${row.role} ${row.schema} ${row.privilege} ${row.held}/${row.heldByOwner}`),
  }).toEqual({ exceptions: [], bulk: [], ...expected });
}

const rw = { schemas: ["s"], privileges: ["INSERT"] } as const;

test("needs the sequences of serial columns and nextval defaults, wherever they live, and none of identity columns", async () => {
  await check(
    `CREATE ROLE rw; CREATE SCHEMA s; CREATE SCHEMA numbers; CREATE SEQUENCE numbers.shared; CREATE SEQUENCE numbers.unused;
     CREATE TABLE s.a (id serial); CREATE TABLE s.b (id int GENERATED ALWAYS AS IDENTITY); CREATE TABLE s.c (id int DEFAULT nextval('numbers.shared'));
     CREATE TABLE s.d (id int DEFAULT 1 + nextval('numbers.shared'))`,
    { rw, ro: { schemas: ["s"], privileges: ["SELECT"] } },
    { needed: ["rw numbers 1/1", "rw s 1/1"], exceptions: ["rw numbers USAGE missing: shared", "rw s USAGE missing: a_id_seq"] },
  );
});

test("needs no names where every sequence of a schema is needed and none is held", async () => {
  await check(
    "CREATE ROLE rw; CREATE SCHEMA s; CREATE TABLE s.a (id serial); CREATE TABLE s.b (id serial)",
    { rw, later: rw },
    { needed: ["later s 2/2", "rw s 2/2"] },
  );
});

test("names needed sequences that a role misses, and unneeded ones that it holds", async () => {
  await check(
    `CREATE ROLE rw; CREATE SCHEMA s; CREATE TABLE s.a (id serial); CREATE TABLE s.b (id serial); CREATE SEQUENCE s.unneeded; CREATE SEQUENCE s.free;
     GRANT USAGE ON SEQUENCE s.a_id_seq, s.unneeded TO rw; GRANT SELECT ON SEQUENCE s.a_id_seq TO rw`,
    { rw },
    {
      needed: ["rw s 1/2"],
      exceptions: ["rw s SELECT extra: a_id_seq", "rw s USAGE extra: unneeded", "rw s USAGE missing: b_id_seq"],
      bulk: ["rw s SELECT 1/1", "rw s USAGE 2/2"],
    },
  );
});

test("names what a role holds on sequences of a schema where it is to hold nothing", async () => {
  await check(
    "CREATE ROLE ro; CREATE SCHEMA s; CREATE TABLE s.a (id serial); CREATE SCHEMA other; CREATE SEQUENCE other.x; GRANT USAGE ON SEQUENCE s.a_id_seq, other.x TO ro",
    { ro: { schemas: ["s"], privileges: ["SELECT"] } },
    { needed: [], exceptions: ["ro other USAGE extra: x", "ro s USAGE extra: a_id_seq"], bulk: ["ro other USAGE 1/1", "ro s USAGE 1/1"] },
  );
});

test("tolerates USAGE on unneeded sequences in scope, and nothing else, where default privileges make it", async () => {
  await check(
    `CREATE ROLE rw; CREATE SCHEMA s; CREATE TABLE s.a (id int GENERATED ALWAYS AS IDENTITY); CREATE SEQUENCE s.x; CREATE SCHEMA other; CREATE SEQUENCE other.y;
     GRANT USAGE, UPDATE ON SEQUENCE s.a_id_seq, other.y TO rw`,
    { rw: { ...rw, futureObjects: true } },
    {
      needed: [],
      exceptions: ["rw other UPDATE extra: y", "rw other USAGE extra: y", "rw s UPDATE extra: a_id_seq"],
      bulk: ["rw other UPDATE 1/1", "rw other USAGE 1/1", "rw s UPDATE 1/1", "rw s USAGE 1/1"],
    },
  );
});

test("lets an owner of a sequence miss nothing on it", async () => {
  await check(
    "CREATE ROLE rw; CREATE SCHEMA s; CREATE TABLE s.a (id serial); CREATE SEQUENCE s.own; CREATE TABLE s.b (id int DEFAULT nextval('s.own')); ALTER SEQUENCE s.own OWNER TO rw",
    { rw },
    { needed: ["rw s 1/2"], exceptions: ["rw s USAGE missing: a_id_seq"] },
  );
});

test("names foreign grants on unneeded sequences only", async () => {
  const catalog = await catalogOf({
    server,
    before: `CREATE ROLE rw; CREATE ROLE deputy; CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO deputy; CREATE TABLE s.a (id serial); CREATE SEQUENCE s.x;
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA s TO deputy WITH GRANT OPTION; SET ROLE deputy; GRANT USAGE ON ALL SEQUENCES IN SCHEMA s TO rw`,
    wishes: { rw },
  });
  expect(catalog.exceptions).toEqual([]);
  expect(catalog.grants).toEqual([
    {
      role: "rw",
      object: { kind: "sequence", schema: "s", name: "x" },
      privilege: "USAGE",
      grantable: false,
      grantor: "deputy",
      byOwner: false,
      owner: "postgres",
      isNeeded: false,
    },
  ]);
});

test("needs what an INSERT through a partitioned table evaluates: the parent's default, never the partition's", async () => {
  const before = `
    CREATE ROLE rw LOGIN; CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO rw; CREATE SEQUENCE s.of_parent; CREATE SEQUENCE s.of_partition; CREATE SEQUENCE s.of_child;
    CREATE TABLE s.p (k int, id int DEFAULT nextval('s.of_parent')) PARTITION BY LIST (k);
    CREATE TABLE s.p1 PARTITION OF s.p (id DEFAULT nextval('s.of_partition')) FOR VALUES IN (1) PARTITION BY LIST (k); CREATE TABLE s.p11 PARTITION OF s.p1 FOR VALUES IN (1);
    CREATE TABLE s.plain (id int); CREATE TABLE s.child (id int DEFAULT nextval('s.of_child')) INHERITS (s.plain);
    GRANT INSERT ON s.p, s.plain, s.child TO rw; GRANT USAGE ON SEQUENCE s.of_parent TO rw`;
  await check(before, { rw }, { needed: ["rw s 1/2"], exceptions: ["rw s USAGE missing: of_child"], bulk: ["rw s USAGE 1/1"] });
  // PostgreSQL itself as the judge: the INSERT works without USAGE on the partition's sequence.
  await server.run("app", "SET ROLE rw; INSERT INTO s.p (k) VALUES (1)");
  await expect(server.run("app", "SET ROLE rw; INSERT INTO s.child DEFAULT VALUES")).rejects.toMatchObject({ code: "42501" });
});
