// CSV: what is read, and what is wrong with it, each at its cell.
import { expect, test } from "vitest";
import { check, load } from "./repository-on-disk.ts";

const header = "resource_name,type,role,scopes,permissions,source_role";
const rows = (...lines: readonly string[]): string => `${[header, ...lines].join("\n")}\n`;

test.each<[name: string, roles: string, expected: readonly string[]]>([
  ["an unknown column", `${header},colour\nanalytics,managed,ro,a,SELECT,,red\n`, ["unknown-column roles.csv:1:56"]],
  ["a column without a name", `${header},\nanalytics,managed,ro,a,SELECT,,\n`, ["unknown-column roles.csv:1:56"]],
  ["a column twice", `${header},role\nanalytics,managed,ro,a,SELECT,,ro\n`, ["duplicate-column roles.csv:1:56"]],
  ["a missing header", "analytics,managed,ro,a,SELECT,\n", ["missing-header roles.csv:1:1"]],
  ["a header behind comments", "# ours\n\nanalytics,managed\n", ["missing-header roles.csv:3:1"]],
  [
    "a missing column, once and not for every row",
    "resource_name,type\nanalytics,managed\nanalytics,managed\n",
    [
      "missing-column roles.csv:1:1",
      "missing-privileges roles.csv:2:1",
      "missing-scopes roles.csv:2:1",
      "missing-privileges roles.csv:3:1",
      "missing-scopes roles.csv:3:1",
    ],
  ],
  ["an empty file", "", ["empty-file roles.csv:1:1"]],
  ["a file of comments", "# nothing\n", ["empty-file roles.csv:1:1"]],
  ["an empty cell that must say something", rows(",managed,ro,a,SELECT,"), ["missing-value roles.csv:2:1"]],
  ["too many cells", rows("analytics,managed,ro,a,SELECT,INSERT,,"), ["cell-count roles.csv:2:38"]],
  ["too few cells", rows("analytics,managed,ro,a"), ["cell-count roles.csv:2:1"]],
  ["a number that is none", `${header},connection_limit\nanalytics,managed,ro,a,SELECT,,many\n`, ["wrong-type roles.csv:2:32"]],
  ["a boolean that is none", `${header},rotate_password\nanalytics,managed,ro,a,SELECT,,yes\n`, ["wrong-type roles.csv:2:32"]],
  ["an empty entry of a list", rows("analytics,managed,ro,a;;b,SELECT,"), ["empty-value roles.csv:2:24"]],
  ["an unknown word", rows("analytics,manged,ro,a,SELECT,"), ["unknown-value roles.csv:2:11"]],
  ["a quote that is never closed", rows('analytics,managed,ro,"a,SELECT,'), ["csv-syntax roles.csv:2:1"]],
  ["a quote inside a cell", rows('analytics,managed,ro,my"db,SELECT,'), ["csv-syntax roles.csv:2:1"]],
  [
    "text behind a closing quote",
    rows("analytics,managed,ok,a,SELECT,", 'analytics,managed,ro,"a"b,SELECT,'),
    ["csv-syntax roles.csv:3:1"],
  ],
  [
    "a problem behind an embedded line break",
    rows('analytics,managed,ro,"a;\nb",SELCT,'),
    ["control-character roles.csv:2:25", "unknown-privilege roles.csv:3:4"],
  ],
  ["a problem in an entry of a list", rows("analytics,managed,ro,a; b.c.d,SELECT,"), ["bad-scope roles.csv:2:25"]],
  ["a problem in an entry of a quoted list", rows('analytics,managed,ro,"a; b.c.d",SELECT,'), ["bad-scope roles.csv:2:26"]],
])("reports %s", async (_, roles, expected) => {
  await check({ "roles.csv": roles }, expected);
});

test.each<[column: string, hint: string]>([
  ["permision", 'did you mean "permissions"?'],
  ["Scopes", 'did you mean "scopes"?'],
  ["privileges", 'did you mean "permissions"?'],
  ["source role", 'did you mean "source_role"?'],
])("names the column that is meant by %s", async (column, hint) => {
  const [found] = await check({ "roles.csv": `resource_name,role,type,${column}\n` }, ["unknown-column roles.csv:1:25"]);
  expect(found?.hint).toBe(hint);
});

test("says that a table with semicolons needs commas", async () => {
  const [found] = await check({ "roles.csv": "resource_name;type;role\nanalytics;managed;ro\n" }, ["missing-header roles.csv:1:1"]);
  expect(found?.hint).toContain("commas");
});

test("reads a byte order mark, CRLF, comments, blank rows, quoted cells and outer blanks", async () => {
  const text = `\uFEFF# from the spreadsheet\r\n"resource_name",role,scopes,permissions,rotate_password\r\n\r\n analytics ,"ro","""my.db"".public; legacy", select ;Insert,TRUE\r\n,,,,\r\n`;
  const { desired, diagnostics } = await load({ "inventory.csv": "name,host\nanalytics,db\n", "roles.csv": text });
  expect(diagnostics).toEqual([]);
  expect(desired.roles).toMatchObject([
    {
      resource: "analytics",
      label: "ro",
      type: "managed",
      scopes: [
        { database: "legacy", schema: null },
        { database: "my.db", schema: "public" },
      ],
      privileges: ["SELECT", "INSERT"],
      rotatePassword: true,
      origin: { file: "roles.csv", line: 4, column: 1 },
    },
  ]);
});

test("splits lists outside of quotes only", async () => {
  const { desired, diagnostics } = await load({
    "inventory.csv": "name,host\na,h\n",
    "roles.csv": 'resource_name,role,scopes,permissions\na,ro,"""x;y"".z;w",SELECT\n',
  });
  expect(diagnostics).toEqual([]);
  expect(desired.roles[0]?.scopes).toEqual([
    { database: "w", schema: null },
    { database: "x;y", schema: "z" },
  ]);
});

test("an empty port is 5432", async () => {
  const { desired } = await load({ "inventory.csv": "name,type,host,port\na,postgresql,h,\n", "roles.csv": `${header}\n` });
  expect(desired.resources).toMatchObject([{ name: "a", type: "PostgreSQL", port: 5432, maintenanceDatabase: "postgres" }]);
});
