import { expect, test } from "vitest";
import { mapTexts } from "../../../src/model/map-texts.ts";

const rules = {
  kept: new Set(["kind"]),
  named: new Set(["tables"]),
  namedWords: new Set(["outcomes"]),
  map: (text: string): string => text.replaceAll("secret", "[masked]"),
};

test("what nobody has thought of is mapped, and words of ours are not", () => {
  const value = {
    kind: "secret",
    newField: "a secret",
    list: ["secret", { deep: "secret", kind: "secret" }],
    count: 1,
    none: null,
    set: new Set(["secret"]),
  };
  expect(mapTexts(value, rules)).toStrictEqual({
    kind: "secret",
    newField: "a [masked]",
    list: ["[masked]", { deep: "[masked]", kind: "secret" }],
    count: 1,
    none: null,
    set: new Set(["[masked]"]),
  });
  expect(value.newField).toBe("a secret");
});

test("names in records are mapped whatever they are, also where they are the keys of something else", () => {
  const tables = JSON.parse('{"secret": ["secret"], "kind": "secret", "__proto__": "secret"}') as object;
  const mapped = mapTexts({ tables, outcomes: { secret: "secret" }, secret: "x" }, rules);
  expect(JSON.stringify(mapped)).toBe(
    '{"tables":{"[masked]":["[masked]"],"kind":"[masked]","__proto__":"[masked]"},"outcomes":{"[masked]":"secret"},"secret":"x"}',
  );
});
