// Makes a database by a script and reads its catalogs twice: as the superuser and as a login that has only CONNECT.
import { expect } from "vitest";
import { introspectDatabase } from "../../../src/introspect/database.ts";
import type { RoleInterest } from "../../../src/model/interest.ts";
import type { DatabaseCatalog } from "../../../src/model/observed.ts";
import { expandPrivileges, type Privilege } from "../../../src/model/privilege.ts";
import type { Server } from "../../support/server.ts";
import { createPlanner, inSession, planner } from "./session.ts";

/** What is wanted of one role; nothing unless said. */
type Wanted = {
  readonly schemas?: readonly string[] | "all";
  readonly privileges?: readonly Privilege[];
  readonly futureObjects?: boolean;
  readonly isLeftAlone?: boolean;
};

export type Wishes = Readonly<Record<string, Wanted>>;

/** @param input.before runs in the new database `app` as the superuser. */
export async function catalogOf(input: {
  readonly server: Server;
  readonly before: string;
  readonly wishes: Wishes;
}): Promise<DatabaseCatalog> {
  const { server, before, wishes } = input;
  await server.run("postgres", createPlanner);
  await server.run("postgres", "CREATE DATABASE app TEMPLATE template0");
  await server.run("app", before);
  return readCatalog(server, wishes);
}

export async function readCatalog(server: Server, wishes: Wishes): Promise<DatabaseCatalog> {
  const roles = Object.entries(wishes).map(([role, wanted]) => interestOf(server, role, wanted));
  const read = (user: string): Promise<DatabaseCatalog> =>
    inSession(server, { database: "app", user }, async (db) => {
      const catalog = await introspectDatabase(db, { database: "app", roles });
      expect(db.count()).toBeLessThanOrEqual(10);
      return catalog;
    });
  const catalog = await read(server.user);
  expect(await read(planner)).toEqual(catalog);
  return catalog;
}

function interestOf(server: Server, role: string, wanted: Wanted): RoleInterest {
  const { schemas = [], privileges = [], futureObjects = false, isLeftAlone = false } = wanted;
  return { role, schemas, privileges: expandPrivileges(privileges, server.version * 10_000).byKind, futureObjects, isLeftAlone };
}
