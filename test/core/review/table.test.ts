import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { textOf } from "../../../src/model/display.ts";
import { renderTable, truncate } from "../../../src/review/table.ts";

const columns = [{ header: "role" }, { header: "message" }, { header: "tables", align: "right" as const }];

function draw(rows: readonly (readonly string[])[], width: number | null): readonly string[] {
  return renderTable({ columns, rows, width }).map(textOf);
}

describe("a table", () => {
  test("aligns text left and numbers right", () => {
    expect(
      draw(
        [
          ["a/ro", "in sync", "7"],
          ["analytics/rw", "drifted", "1200"],
        ],
        null,
      ),
    ).toEqual(["role          message  tables", "a/ro          in sync       7", "analytics/rw  drifted    1200"]);
  });

  test("gives way in its widest columns only, until a row fits the terminal", () => {
    const lines = draw([["analytics/ro", "x".repeat(100), "7"]], 40);
    expect(lines[1]).toBe(`analytics/ro  ${"x".repeat(17)}…       7`);
    expect(lines.map((line) => stringWidth(line))).toEqual([40, 40]);
  });

  test("cuts nothing without a terminal", () => {
    expect(draw([["a", "x".repeat(500), "1"]], null)[1]).toContain("x".repeat(500));
  });

  test("measures wide characters and emoji as the terminal shows them, and never tears one", () => {
    const lines = draw(
      [
        ["数据库/只读", "👩‍👩‍👧 family", "1"],
        ["a/ro", "plain", "22"],
      ],
      null,
    );
    expect(new Set(lines.map((line) => stringWidth(line))).size).toBe(1);
    expect(truncate("数据库", 4)).toBe("数…");
    expect(truncate("e\u0301e\u0301e\u0301", 2)).toBe("e\u0301…");
  });

  test("fits any width from 20 columns on, whatever the cells", () => {
    const rows = [
      ["x".repeat(80), "数".repeat(40), "1"],
      ["", "", ""],
    ];
    for (let width = 20; width < 200; width += 7) {
      for (const line of draw(rows, width)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  test("escapes what would move the cursor before it measures", () => {
    const [, line] = draw([["\u001b[2Jx\r\n\u202Ey", "", "1"]], null);
    expect(line).toBe("\\u001b[2Jx\\u000d\\u000a\\u202ey                1");
  });

  test("of no rows is nothing", () => {
    expect(draw([], 80)).toEqual([]);
  });
});
