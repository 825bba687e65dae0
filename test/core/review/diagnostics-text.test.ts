import { expect, test } from "vitest";
import { textOf } from "../../../src/model/display.ts";
import { renderDiagnostics } from "../../../src/review/diagnostics-text.ts";

test("diagnostics come in the order of the files, with place, code, hint and counts", () => {
  const lines = renderDiagnostics([
    { severity: "warning", code: "empty-file", message: "the file is empty", at: { file: "roles.csv", line: 1, column: 1 } },
    {
      severity: "error",
      code: "duplicate-resource",
      message: 'the resource "a" is declared twice',
      hint: "Remove one of them.",
      at: { file: "inventory.csv", line: 10, column: 1 },
      related: [{ file: "inventory.csv", line: 2, column: 1 }],
    },
    { severity: "error", code: "bad-port", message: "the port is 0", at: { file: "inventory.csv", line: 9, column: 3 } },
    { severity: "error", code: "no-inventory", message: "there is no inventory" },
  ]).map(textOf);
  expect(lines).toEqual([
    "error[no-inventory] there is no inventory",
    "",
    "inventory.csv:9:3: error[bad-port] the port is 0",
    'inventory.csv:10:1: error[duplicate-resource] the resource "a" is declared twice',
    "    see also inventory.csv:2:1",
    "    Remove one of them.",
    "",
    "roles.csv:1:1: warning[empty-file] the file is empty",
    "",
    "3 errors, 1 warning",
  ]);
});

test("no diagnostics are no lines", () => {
  expect(renderDiagnostics([])).toEqual([]);
});
