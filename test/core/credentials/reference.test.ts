import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Resource } from "../../../src/model/resource.ts";
import { readLoginTable } from "../../../src/credentials/login-table.ts";
import { readLoginText } from "../../../src/credentials/login-text.ts";
import { createRedactor } from "../../../src/credentials/redactor.ts";
import { defaultVariable, type LoginRequest, resolveLogin } from "../../../src/credentials/reference.ts";

const canary = "C4nary-Secret";

describe("the value of a secret", () => {
  test.each([
    ["admin:secret", { user: "admin", password: "secret", endpoint: null }],
    ["admin:a:b@c/d?e#f%41 g", { user: "admin", password: "a:b@c/d?e#f%41 g", endpoint: null }],
    ["admin:secret\n", { user: "admin", password: "secret" }],
    ["postgres://admin:secret@db.example.com", { user: "admin", password: "secret", endpoint: { host: "db.example.com", port: 5432 } }],
    [
      "postgresql://a%40b:p%3A%40%2F%25%C3%A4@DB:6432/x?sslmode=verify-ca",
      { user: "a@b", password: "p:@/%ä", endpoint: { host: "DB", port: 6432 }, sslmode: "verify-ca" },
    ],
    ["postgres://admin:a:b+c@[::1]:5433/db", { user: "admin", password: "a:b+c", endpoint: { host: "::1", port: 5433 } }],
  ])("%s is read", (value, expected) => {
    expect(readLoginText(value)).toMatchObject(expected);
  });

  test.each([
    ["", "empty"],
    ["\n", "empty"],
    [canary, "neither a DSN nor"],
    [`host=db user=admin password=${canary}:x`, "neither a DSN nor"],
    [`admin password ${canary}:x`, "neither a DSN nor"],
    [`jdbc:postgresql://db/postgres?user=admin&password=${canary}`, "neither a DSN nor"],
    [`:${canary}`, "user is empty"],
    ["admin:", "password is empty"],
    [`admin:${canary}\nother:${canary}`, "line break"],
    [`admin:${canary}\u0000`, "control character"],
    [`mysql://admin:${canary}@db`, "not one of PostgreSQL"],
    [`postgres://admin@db`, "password is empty"],
    [`postgres://:${canary}@db`, "user is empty"],
    [`postgres://admin:${canary}`, "cannot be told apart"],
    [`postgres://admin:${canary}@x@db`, "cannot be told apart"],
    [`postgres://admin:p@${canary}/x@db`, "cannot be told apart"],
    [`postgres://admin:${canary}/x@db`, "cannot be told apart"],
    [`postgres://admin:${canary}#x@db`, "cannot be told apart"],
    [`postgres://admin:${canary}?x@db`, "cannot be told apart"],
    [`postgres://admin:${canary}%zz@db`, "percent escape"],
    [`postgres://admin:${canary}%00@db`, "control character"],
    [`postgres://admin:${canary}@a,b`, "host or port"],
    [`postgres://admin:${canary}@%2Fvar%2Frun`, "host or port"],
    [`postgres://admin:${canary}@db:0`, "host or port"],
    [`postgres://admin:${canary}@db:99999`, "host or port"],
    [`postgres://admin:${canary}@`, "host or port"],
    [`postgres://admin:${canary}@db/x?sslmode=prefer`, "sslmode"],
    [`postgres://admin:${canary}@db/x?sslmode=disable&sslmode=verify-full`, "sslmode"],
    [`postgres://admin:x@db/x?password=${canary}&host=elsewhere&sslmode=require`, `"password", "host" are not supported`],
  ])("%j is refused without being repeated", (value, expected) => {
    const result = readLoginText(value);
    expect(result).toHaveProperty("problem", expect.stringContaining(expected));
    expect(JSON.stringify(result)).not.toContain(canary);
    expect(createRedactor().redact(JSON.stringify(result)), "an example that is masked says nothing").toBe(JSON.stringify(result));
  });

  test("F75 a DSN gives back any user and password that were put into it", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((value) => !/\p{Cc}/u.test(value) && value.isWellFormed());
    fc.assert(
      fc.property(text, text, (user, password) => {
        const dsn = `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@db`;
        expect(readLoginText(dsn)).toMatchObject({ user, password });
      }),
    );
  });
});

describe("a table of logins", () => {
  test("reads quoted cells and columns in any order", () => {
    const table = readLoginTable('\ufeffusername,password,resource_name\r\nadmin,"a,""b"" c",analytics\r\n\r\nroot,x,market\r\n');
    expect(table).toEqual({
      logins: new Map([
        ["analytics", { user: "admin", password: 'a,"b" c' }],
        ["market", { user: "root", password: "x" }],
      ]),
    });
  });

  test.each([
    ["", "header"],
    [`analytics,admin,${canary}`, "header"],
    [`resource_name,username,password,extra\na,b,${canary},d`, "header"],
    [`resource_name,username,password\na,b`, "line 2 has 2 cells"],
    [`resource_name,username,password\na,b,c,${canary}`, "line 2 has 4 cells"],
    [`resource_name,username,password\n\na,${canary},`, "line 3 has an empty cell"],
    [`resource_name,username,password\na,b,c\nb,b,c\na,d,${canary}`, "line 4 names the same resource as line 2"],
    [`resource_name,username,password\na,b,"${canary}`, "not CSV"],
    [`resource_name,username,password\na,b,x"${canary}`, "not CSV"],
  ])("%j is refused without a cell of it", (text, expected) => {
    const table = readLoginTable(text);
    expect(table).toHaveProperty("problem", expect.stringContaining(expected));
    expect(JSON.stringify(table)).not.toContain(canary);
  });
});

describe("the login of a resource", () => {
  test("is found by reference, then by variable, then in the table", async () => {
    const env = {
      NAMED: "named:x",
      ROLEWRIGHT_ADMIN_ANALYTICS: "variable:x",
      ROLEWRIGHT_ADMIN_CSV: "resource_name,username,password\nanalytics,table,x",
    };
    expect(await userOf({ env, resource: resource({ admin: "env:NAMED" }) })).toBe("named");
    expect(await userOf({ env })).toBe("variable");
    expect(await userOf({ env: { ...env, ROLEWRIGHT_ADMIN_ANALYTICS: undefined } })).toBe("table");
    expect(await userOf({ env: { ROLEWRIGHT_ADMIN_CSV: "/run/logins.csv" }, files: { "/run/logins.csv": env.ROLEWRIGHT_ADMIN_CSV } })).toBe(
      "table",
    );
    expect(await userOf({ resource: resource({ admin: "file:/run/login" }), files: { "/run/login": "file:x\n" } })).toBe("file");
    expect(await userOf({ resource: resource({ admin: "file:../login" }), files: { "/srv/login": "file:x" } })).toBe("file");
  });

  test("of the planner is its own, and the admin's only where that is allowed and nothing is set up for the planner", async () => {
    const env = { ROLEWRIGHT_ADMIN_ANALYTICS: "admin:x", READER: "reader:x" };
    const planner = { role: "planner", env } as const;
    expect(await userOf({ ...planner, resource: resource({ planner: "env:READER" }) })).toBe("reader");
    expect(await resolve({ ...planner, fallBackToAdmin: true })).toMatchObject({
      login: { user: "admin", isAdmin: true },
      diagnostics: [],
    });
    expect(await codesOf(planner)).toEqual(["missing-credential"]);
    expect(await codesOf({ ...planner, fallBackToAdmin: true, resource: resource({ planner: "env:ABSENT" }) })).toEqual([
      "missing-credential",
    ]);
    expect(await codesOf({ ...planner, fallBackToAdmin: true, env: { ...env, ROLEWRIGHT_PLANNER_ANALYTICS: "" } })).toEqual([
      "bad-credential",
    ]);
  });

  test("of the planner is the admin's where its table is empty, as GitHub passes a secret that does not exist", async () => {
    const table = "resource_name,username,password\nanalytics,admin,x";
    for (const empty of ["", "\n"]) {
      const planner = { role: "planner", fallBackToAdmin: true } as const;
      const both = { ROLEWRIGHT_PLANNER_CSV: empty, ROLEWRIGHT_ADMIN_CSV: table };
      expect(await resolve({ ...planner, env: both })).toMatchObject({ login: { user: "admin", isAdmin: true }, diagnostics: [] });
      const { login, diagnostics } = await resolve({ ...planner, env: { ROLEWRIGHT_PLANNER_CSV: empty } });
      expect([login, diagnostics.map(({ code, message }) => `${code} ${message}`)]).toEqual([
        null,
        ['bad-credential resource "analytics": ROLEWRIGHT_PLANNER_CSV: it is empty'],
      ]);
    }
  });

  test("F75 is an error where the secret is missing or empty, and says how to set it up", async () => {
    const { login, diagnostics } = await resolve({});
    expect(login).toBeNull();
    expect(diagnostics).toMatchObject([
      {
        severity: "error",
        code: "missing-credential",
        at: { file: "inventory.csv", line: 2 },
        hint: expect.stringContaining("ROLEWRIGHT_ADMIN_ANALYTICS"),
      },
    ]);
    const table = await resolve({ env: { ROLEWRIGHT_ADMIN_CSV: "" } });
    expect(table.diagnostics).toMatchObject([
      {
        message: expect.stringContaining("ROLEWRIGHT_ADMIN_CSV: it is empty"),
        hint: expect.stringContaining("a secret that does not exist"),
      },
    ]);
    for (const env of [{ ROLEWRIGHT_ADMIN_ANALYTICS: "" }, { ROLEWRIGHT_ADMIN_ANALYTICS: "admin:" }, { ROLEWRIGHT_ADMIN_CSV: "" }])
      expect(await codesOf({ env })).toEqual(["bad-credential"]);
    expect(await codesOf({ resource: resource({ admin: "env:ABSENT" }), env: { ROLEWRIGHT_ADMIN_ANALYTICS: "admin:x" } })).toEqual([
      "missing-credential",
    ]);
  });

  test("is for its own endpoint only", async () => {
    const dsn = (address: string) => ({ env: { ROLEWRIGHT_ADMIN_ANALYTICS: `postgres://admin:${canary}@${address}` } });
    expect(await userOf(dsn("DB.example.com:5432"))).toBe("admin");
    expect(await userOf(dsn("db.example.com"))).toBe("admin");
    for (const address of ["db.example.com:5433", "evil.example.com", "db.example.com.evil.net:5432"]) {
      const { login, diagnostics } = await resolve(dsn(address));
      expect(login).toBeNull();
      expect(diagnostics).toMatchObject([{ code: "credential-endpoint", message: expect.stringContaining("db.example.com:5432") }]);
      expect(diagnostics[0]?.message).toContain(address.includes(":") ? address : `${address}:5432`);
      expect(JSON.stringify(diagnostics)).not.toContain(canary);
    }
    expect(await codesOf({ ...dsn("db.example.com/x?sslmode=disable"), resource: resource({ sslmode: "verify-full" }) })).toEqual([
      "credential-endpoint",
    ]);
    expect(await resolve(dsn("db.example.com/x?sslmode=disable"))).toMatchObject({ login: { sslmode: "disable" } });
  });

  test("is not taken from a variable that two resources would share", async () => {
    const resources = [resource({ name: "my-db" }), resource({ name: "my.db" }), resource({ name: "MY DB", admin: "env:OWN" })];
    const env = { ROLEWRIGHT_ADMIN_MY_DB: "admin:x", OWN: "own:x" };
    const { login, diagnostics } = await resolve({ resource: resources[0], resources, env });
    expect(login).toBeNull();
    expect(diagnostics).toMatchObject([{ code: "ambiguous-credential", message: expect.stringContaining('"my-db" and "my.db"') }]);
    expect(await userOf({ resource: resources[2], resources, env })).toBe("own");
    expect(await userOf({ resource: resources[0], resources: resources.toSpliced(1, 1), env })).toBe("admin");
    expect(defaultVariable("planner", "pröd db/1")).toBe("ROLEWRIGHT_PLANNER_PR_D_DB_1");
  });

  test("of a resource called csv is not the table of all", async () => {
    const csv = resource({ name: "csv" });
    expect(await userOf({ resource: csv, env: { ROLEWRIGHT_ADMIN_CSV: "resource_name,username,password\ncsv,table,x" } })).toBe("table");
    const { diagnostics } = await resolve({ resource: csv });
    expect(diagnostics[0]?.hint).not.toContain("set ROLEWRIGHT_ADMIN_CSV");
  });

  test("never comes from a file that would be committed, and warns of one that others can read", async () => {
    for (const admin of ["file:secrets/admin", "file:/srv/access/admin"]) {
      expect(
        await codesOf({ resource: resource({ admin }), files: { "/srv/access/secrets/admin": "a:b", "/srv/access/admin": "a:b" } }),
      ).toEqual(["credential-in-repository"]);
    }
    expect(await codesOf({ env: { ROLEWRIGHT_ADMIN_CSV: "logins.csv" } })).toEqual(["credential-in-repository"]);
    expect(await codesOf({ resource: resource({ admin: "file:/run/absent" }) })).toEqual(["missing-credential"]);
    const exposed = await resolve({ resource: resource({ admin: "file:/run/login" }), files: { "/run/login": "file:x" }, isExposed: true });
    expect(exposed).toMatchObject({ login: { user: "file" }, diagnostics: [{ severity: "warning", code: "exposed-credential" }] });
  });

  test("does not show what stands where a reference should", async () => {
    const { login, diagnostics } = await resolve({ resource: resource({ admin: `admin:${canary}` }) });
    expect(login).toBeNull();
    expect(diagnostics).toMatchObject([{ code: "unknown-credential-scheme" }]);
    expect(JSON.stringify(diagnostics)).not.toContain(canary);
  });

  test.each([canary, `postgres://admin:${canary}@db/postgres`])(
    "does not show what stands where the table or its path should: %s",
    async (value) => {
      const { login, diagnostics } = await resolve({ env: { ROLEWRIGHT_ADMIN_CSV: value } });
      expect(login).toBeNull();
      expect(diagnostics[0]?.message).toContain("the file that ROLEWRIGHT_ADMIN_CSV names");
      expect(JSON.stringify(diagnostics)).not.toContain(canary);
    },
  );
});

function resource(change: Partial<Resource> = {}): Resource {
  const origin = { file: "inventory.csv", line: 2, column: 1 };
  return {
    name: "analytics",
    type: "PostgreSQL",
    host: "db.example.com",
    port: 5432,
    maintenanceDatabase: "postgres",
    tags: [],
    origin,
    ...change,
  };
}

type Given = Partial<Omit<LoginRequest, "sources" | "resource">> & {
  readonly resource?: Resource | undefined;
  readonly env?: LoginRequest["sources"]["env"];
  readonly files?: Readonly<Record<string, string>>;
  readonly isExposed?: boolean;
};

function resolve({ env = {}, files = {}, isExposed = false, ...given }: Given) {
  const subject = given.resource ?? resource();
  return resolveLogin({
    role: "admin",
    resources: [subject],
    fallBackToAdmin: false,
    ...given,
    resource: subject,
    sources: {
      env,
      readFile: async (path) => (files[path] === undefined ? { problem: "ENOENT" } : { text: files[path], isExposed }),
      isInRepository: async (path) => path.startsWith("/srv/access/"),
      repositoryDirectory: "/srv/access",
    },
  });
}

async function userOf(given: Given): Promise<string | undefined> {
  return (await resolve(given)).login?.user;
}

async function codesOf(given: Given): Promise<readonly string[]> {
  const { login, diagnostics } = await resolve(given);
  expect(login).toBeNull();
  return diagnostics.map(({ code }) => code);
}
