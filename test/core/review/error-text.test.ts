import { expect, test } from "vitest";
import { textOf } from "../../../src/model/display.ts";
import { renderError } from "../../../src/review/error-text.ts";

function draw(error: unknown, debug = false): readonly string[] {
  return renderError({ error, debug }).map(textOf);
}

test("an error says what failed, why, and what to do", () => {
  const cause = new Error("connect ECONNREFUSED 127.0.0.1:1");
  const error = Object.assign(new Error("analytics cannot be reached", { cause }), { hint: "Check host and port." });
  expect(draw(error)).toEqual([
    "error: analytics cannot be reached",
    "  because: connect ECONNREFUSED 127.0.0.1:1",
    "  Check host and port.",
  ]);
});

test("a cause that the message already names is not said twice", () => {
  expect(draw(new Error("reading x failed: EACCES", { cause: new Error("EACCES") }))).toEqual(["error: reading x failed: EACCES"]);
});

test("the errors of several attempts are named, and anything thrown is printed", () => {
  expect(draw(new AggregateError([new Error("a"), new Error("b")], ""))).toEqual(["error: a; b"]);
  expect(draw("text")).toEqual(["error: text"]);
});

test("the stack is for --debug only", () => {
  expect(draw(new Error("x"))).toHaveLength(1);
  expect(draw(new Error("x"), true).length).toBeGreaterThan(1);
});

test("a cycle of causes ends", () => {
  const error = new Error("a");
  error.cause = new Error("b", { cause: error });
  expect(draw(error).length).toBeLessThan(10);
});
