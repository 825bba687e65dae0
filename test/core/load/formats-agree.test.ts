// CSV and YAML say the same: what is written from the same entries loads to the same.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { loadRepository } from "../../../src/load/load-repository.ts";
import { columnsOf, type ListKind } from "../../../src/load/columns.ts";
import type { Desired } from "../../../src/model/desired.ts";
import { hasInvisible } from "../../../src/model/invisible.ts";
import { declarablePrivileges } from "../../../src/model/privilege.ts";
import { formatScope } from "../../../src/model/scope.ts";
import { withRepository } from "./repository-on-disk.ts";

type Entry = Readonly<Record<string, unknown>>;

const word = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9 ._-]{0,12}[A-Za-z0-9._-])?$/u);
/** Whatever PostgreSQL takes as a name, but for what is refused: too long, invisible characters, outer blanks. */
const catalogName = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .filter(
    (name) =>
      name.trim() === name &&
      name !== "" &&
      !hasInvisible(name) &&
      name.isWellFormed() &&
      Buffer.byteLength(name) <= 63 &&
      !/^(pg_|#)|^(information_schema|public|none)$/iu.test(name),
  );
const line = catalogName.filter((text) => !/postgres(ql)?:\/\//iu.test(text));
const scope = fc.record({ database: catalogName, schema: fc.option(catalogName) }).map(formatQuoted);

/** In a list of CSV a name with a semicolon or a quote must be quoted; it may always be. */
function formatQuoted(value: { readonly database: string; readonly schema: string | null }): string {
  const quote = (name: string): string =>
    /[;"]/u.test(name) ? `"${name.replaceAll('"', '""')}"` : formatScope({ database: name, schema: null });
  return value.schema === null ? quote(value.database) : `${quote(value.database)}.${quote(value.schema)}`;
}

const resource = fc.record(
  {
    name: word,
    host: fc.constantFrom("db.example.com", "192.168.18.54", "::1"),
    type: fc.constantFrom("PostgreSQL", "postgresql"),
    port: fc.integer({ min: 1, max: 65_535 }),
    sslmode: fc.constantFrom("disable", "require", "verify-ca", "verify-full"),
    admin: fc.constantFrom("env:ADMIN", "file:/run/secrets/admin"),
    maintenance_database: catalogName,
    tags: fc.uniqueArray(
      line.filter((text) => !/[;"]/u.test(text)),
      { minLength: 1, maxLength: 3 },
    ),
    description: line,
  },
  { requiredKeys: ["name", "host"] },
);

const common = {
  connection_limit: fc.nat({ max: 100 }),
  rotate_password: fc.boolean(),
  expires_at: fc.constantFrom("2030-01-31", "2030-01-31T10:00:00+02:00"),
  description: line,
};
const managed = fc.record(
  {
    role: word,
    type: fc.constant("managed"),
    scopes: fc.array(scope, { minLength: 1, maxLength: 4 }),
    privileges: fc.array(fc.constantFrom(...declarablePrivileges, "select"), { minLength: 1, maxLength: 3 }),
    future_objects: fc.boolean(),
    ...common,
  },
  { requiredKeys: ["role", "scopes", "privileges"] },
);
const external = fc.record(
  {
    role: word,
    type: fc.constant("external"),
    source_role: catalogName,
    acknowledge_hazards: fc.constant(["createrole", "pg_server_files"]),
    ...common,
  },
  { requiredKeys: ["role", "type", "source_role"] },
);
const repository = fc
  .record({
    resources: fc.uniqueArray(resource, { selector: ({ name }) => name, minLength: 1, maxLength: 4 }),
    roles: fc.uniqueArray(fc.oneof(managed, external), { selector: ({ role }) => role, maxLength: 5 }),
  })
  .map(({ resources, roles }) => ({
    resources,
    roles: roles.map((role, index) => ({ resource_name: resources[index % resources.length]?.name, ...role })),
  }));

function writeCsv(kind: ListKind, entries: readonly Entry[]): string {
  const columns = columnsOf[kind];
  const cell = (value: unknown): string => {
    const text = ((Array.isArray(value) ? value : [value ?? ""]) as readonly unknown[]).join(";");
    return /[",\n]|^#/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const rows = entries.map((entry) => columns.map((column) => cell(entry[column.key])).join(","));
  return `${[columns.map((column) => column.name).join(","), ...rows].join("\n")}\n`;
}

/** Without the places in files. */
function meaning({ resources, roles }: Desired): unknown {
  return { resources: resources.map(({ origin: _, ...rest }) => rest), roles: roles.map(({ origin: _, ...rest }) => rest) };
}

test("the same entries as CSV and as YAML load to the same, without an error", async () => {
  await withRepository({ "csv/x": "", "yaml/x": "" }, async (directory) => {
    const property = fc.asyncProperty(repository, async ({ resources, roles }) => {
      writeFileSync(join(directory, "csv/inventory.csv"), writeCsv("inventory", resources));
      writeFileSync(join(directory, "csv/roles.csv"), writeCsv("roles", roles));
      writeFileSync(join(directory, "yaml/inventory.yaml"), stringify({ resources }));
      writeFileSync(join(directory, "yaml/roles.yaml"), stringify({ items: roles }));
      const [csv, yaml] = await Promise.all(
        ["csv", "yaml"].map((format) => loadRepository({ directory: join(directory, format), repositoryName: "x" })),
      );
      expect(csv?.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(yaml?.diagnostics.map(({ code }) => code)).toEqual(csv?.diagnostics.map(({ code }) => code));
      expect(csv && meaning(csv.desired)).toEqual(yaml && meaning(yaml.desired));
      expect(csv?.desired.roles).toHaveLength(roles.length);
    });
    await fc.assert(property, { numRuns: 150 });
  });
}, 60_000);
