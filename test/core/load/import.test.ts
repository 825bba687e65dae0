// import: what a CSV file would change, and the texts of the files after it.
import { expect, test } from "vitest";
import { previewImport, type ImportInput } from "../../../src/load/import-preview.ts";
import { loadRepository } from "../../../src/load/load-repository.ts";
import { writeImport } from "../../../src/load/write-import.ts";
import { summary } from "./repository-on-disk.ts";

const { desired } = await loadRepository({ directory: "examples/quickstart", repositoryName: "local" });

const incoming = {
  file: "new.csv",
  text: `resource_name,type,role,scopes,permissions,source_role,description
analytics,managed,ro,legacy;analytics.public;app,SELECT;INSERT,,"Reports, daily"
analytics,managed,same,"""a"".b;a.c",select,,
marketplace,external,ro,,,pg_monitor,
analytics,managed,new,analytics,SELECT,,
`,
};

const yaml = `# Our roles
items:
  # for the dashboards
  - resource_name: analytics # the cluster
    role: ro
    scopes: [analytics.public, legacy] # where
    privileges: [SELECT]
    connection_limit: 5

  - resource_name: analytics
    role: same
    scopes:
      - a.c
      - a.b
    privileges: [SELECT]
  - resource_name: analytics
    role: old # of last year
    scopes: [app]
    privileges: [SELECT]
  # from outside
  - resource_name: marketplace
    type: external
    role: ro
    source_role: pg_read_all_data # all
`;

const csv = `# Our roles\r
resource_name,role,scopes,permissions,type,source_role,connection_limit\r
analytics,ro,"analytics.public;legacy",select,,,5\r
\r
# of last year\r
analytics,old,app,SELECT,,,\r
analytics,same,a.c;a.b,SELECT,managed,,\r
marketplace,ro,,,external,pg_read_all_data,`;

function roles(format: "csv" | "yaml", text: string): ImportInput {
  return { kind: "roles", current: [{ file: `roles.${format}`, format, text }], incoming, desired };
}

test.each([
  ["yaml", yaml],
  ["csv", csv],
] as const)("previews what is new, updated, unchanged and removed in %s", (format, text) => {
  const { preview, diagnostics } = previewImport(roles(format, text));
  expect(diagnostics).toEqual([]);
  expect(preview.added.map(({ key, at }) => [key, at.file, at.line])).toEqual([["analytics/new", "new.csv", 5]]);
  expect(preview.unchanged.map(({ key, at }) => [key, at.file])).toEqual([["analytics/same", `roles.${format}`]]);
  expect(preview.removed.map(({ key }) => key)).toEqual(["analytics/old"]);
  expect(preview.updated.map(({ key, changes }) => [key, changes])).toEqual([
    [
      "analytics/ro",
      [
        { column: "scopes", from: "analytics.public;legacy", to: "analytics.public;app;legacy" },
        { column: "permissions", from: "SELECT", to: "SELECT;INSERT" },
        { column: "description", from: "", to: "Reports, daily" },
      ],
    ],
    ["marketplace/ro", [{ column: "source_role", from: "pg_read_all_data", to: "pg_monitor" }]],
  ]);
});

test("writes YAML, and keeps comments, order and columns that the import does not have", () => {
  const { files, diagnostics } = writeImport({ ...roles("yaml", yaml), removeMissing: true });
  expect(diagnostics).toEqual([]);
  expect(files).toEqual([
    {
      file: "roles.yaml",
      text: `# Our roles
items:
  # for the dashboards
  - resource_name: analytics # the cluster
    role: ro
    scopes: [legacy, analytics.public, app] # where
    privileges: [SELECT, INSERT]
    connection_limit: 5
    description: Reports, daily

  - resource_name: analytics
    role: same
    scopes:
      - a.c
      - a.b
    privileges: [SELECT]
  # from outside
  - resource_name: marketplace
    type: external
    role: ro
    source_role: pg_monitor # all
  - resource_name: analytics
    type: managed
    role: new
    scopes: [analytics]
    privileges: [SELECT]
`,
    },
  ]);
});

test("writes CSV, and changes only the cells, rows and columns that it must", () => {
  const { files, diagnostics } = writeImport({ ...roles("csv", csv), removeMissing: true });
  expect(diagnostics).toEqual([]);
  expect(files).toEqual([
    {
      file: "roles.csv",
      text: `# Our roles\r
resource_name,role,scopes,permissions,type,source_role,connection_limit,description\r
analytics,ro,legacy;analytics.public;app,SELECT;INSERT,,,5,"Reports, daily"\r
\r
# of last year\r
analytics,same,a.c;a.b,SELECT,managed,,,\r
marketplace,ro,,,external,pg_monitor,,\r
analytics,new,analytics,SELECT,managed,,,\r
`,
    },
  ]);
});

test("keeps what the import does not name unless it is told to remove it", () => {
  const [file] = writeImport({ ...roles("yaml", yaml), removeMissing: false }).files;
  expect(file?.text).toContain("role: old # of last year");
});

test("updates each entry in its own file, and adds to the first", () => {
  const inventory = (file: string, text: string): ImportInput["current"][number] => ({
    file,
    format: file.endsWith("csv") ? "csv" : "yaml",
    text,
  });
  const input: ImportInput = {
    kind: "inventory",
    current: [
      inventory("inventory.csv", "name,host\na,h1\n"),
      inventory("inventory/eu.yaml", "resources:\n  - name: b\n    host: h2\n    tags: [ eu ]\n"),
      inventory("inventory/us.csv", "name,host\nd,h4\n"),
    ],
    incoming: { file: "new.csv", text: "name,type,host,port\na,PostgreSQL,h1,5432\nb,PostgreSQL,h2,5433\nc,PostgreSQL,h3,\n" },
    desired,
  };
  expect(previewImport(input).preview.unchanged.map(({ key }) => key)).toEqual(["a"]);
  expect(writeImport({ ...input, removeMissing: false }).files).toEqual([
    { file: "inventory.csv", text: "name,host,type\na,h1,\nc,h3,PostgreSQL\n" },
    { file: "inventory/eu.yaml", text: "resources:\n  - name: b\n    host: h2\n    tags: [ eu ]\n    port: 5433\n" },
  ]);
});

test("an empty cell takes the value away", () => {
  const input: ImportInput = {
    kind: "inventory",
    current: [
      { file: "inventory.yaml", format: "yaml", text: "resources:\n  - name: a\n    host: h\n    agent: eu # old\n    port: 5433\n" },
    ],
    incoming: { file: "new.csv", text: "name,host,agent,port\na,h,,\n" },
    desired,
  };
  expect(writeImport({ ...input, removeMissing: false }).files).toEqual([
    { file: "inventory.yaml", text: "resources:\n  - name: a\n    host: h\n" },
  ]);
});

test("an import into nothing makes a CSV file with the hub's header and what else it needs", () => {
  const { files } = writeImport({ ...roles("csv", csv), current: [], removeMissing: false });
  expect(files.map(({ file }) => file)).toEqual(["roles.csv"]);
  expect(files[0]?.text).toBe(incoming.text);
});

test("an import of what is there changes no file", () => {
  expect(writeImport({ ...roles("csv", incoming.text), removeMissing: true }).files).toEqual([]);
});

test("with an error in the incoming file nothing is written, and its place is named", () => {
  const text =
    "resource_name,role,scopes,permissions\nanalytics,ro,a.b.c,SELECT\nanalytics,x,a,SELECT\nanalytics,x,b,SELECT\nnowhere,ro,a,SELECT\n";
  const { files, diagnostics } = writeImport({ ...roles("yaml", yaml), incoming: { file: "new.csv", text }, removeMissing: true });
  expect(files).toEqual([]);
  expect(diagnostics.map(summary)).toEqual([
    "bad-scope new.csv:2:14",
    "duplicate-role new.csv:4:11 ← new.csv:3:11",
    "unknown-resource new.csv:5:1",
  ]);
});

test("an anchor whose change would reach another entry is refused instead", () => {
  const shared = yaml
    .replace("source_role: pg_read_all_data # all", "source_role: &role pg_read_all_data")
    .concat("  - { resource_name: marketplace, type: external, role: other, source_role: *role }\n");
  const { files, diagnostics } = writeImport({ ...roles("yaml", shared), removeMissing: false });
  expect(files).toEqual([]);
  expect(diagnostics.map(summary)).toEqual(["cannot-rewrite"]);
});

test("values that CSV must quote survive", () => {
  const text = 'resource_name,role,scopes,permissions,description\nanalytics,ro,"""a,b""",SELECT,"say ""hi"", # you"\n';
  for (const format of ["csv", "yaml"] as const) {
    const input = { ...roles(format, format === "csv" ? csv : yaml), incoming: { file: "new.csv", text } };
    const [file] = writeImport({ ...input, removeMissing: true }).files;
    const after = previewImport({ ...input, current: [{ file: `roles.${format}`, format, text: file?.text ?? "" }] });
    expect(after.diagnostics).toEqual([]);
    expect([after.preview.unchanged.length, after.preview.updated.length, after.preview.added.length]).toEqual([1, 0, 0]);
  }
});
