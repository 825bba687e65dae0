import * as fc from "fast-check";
import { expect, it } from "vitest";
import { literalSessionKeys } from "../../../src/session/written-order.ts";
import { formatByLibrary, formatYaml } from "../../../src/session/write-yaml.ts";
import { anySession, hostileText } from "./support/any-session.ts";

const literals = ["sql_plan", "text"];

// The library quotes a key such as `---` only where it stands less than two levels deep, here nowhere; readers take both.
const anyKey = fc
  .oneof(hostileText, fc.constantFrom("text", "sql_plan", "scopes", "y", "on", "1", "a b", ""))
  .filter((key) => !/^(?:---|\.\.\.)/mu.test(key));

const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    hostileText,
    fc.string({ unit: fc.constantFrom(..."0123456789abcdefx-_.:+".split("")), maxLength: 12 }),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.uuid(),
    fc.constantFrom(
      null,
      true,
      false,
      0,
      1.5,
      1e21,
      42,
      "ON",
      "Null",
      "y",
      "yes it is",
      "a-",
      "a:",
      "-a",
      "?x",
      ".inf",
      "_",
      "12:30:45",
      "+1",
      "<<",
      "=",
    ),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(fc.tuple(anyKey, tie("value")), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

it("is what the library writes, whatever the texts, names and shapes are", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyKey, anyValue), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
      (value) => {
        expect(formatYaml(value, literals)).toBe(formatByLibrary(value, literals));
      },
    ),
    { numRuns: 2000 },
  );
});

it.each(["a", "a\n", "a \n", "a\n\n", "a\n\t\n", "a\n \n", "a\n\t\n\n", "a\n\n b\n", "a\n\t"])(
  "is what the library writes for the block literal %j",
  (text) => {
    expect(formatYaml({ text }, literals)).toBe(formatByLibrary({ text }, literals));
  },
);

it("is what the library writes for sessions", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(anySession, (session) => {
      fc.pre(!Object.keys(session.databases ?? {}).some((name) => /^(?:---|\.\.\.)/mu.test(name)));
      expect(formatYaml(session, literalSessionKeys)).toBe(formatByLibrary(session, literalSessionKeys));
    }),
    { numRuns: 200 },
  );
});
