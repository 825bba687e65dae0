import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maximumAnswerBytes, maximumLoginBytes, MessageBound } from "../../../src/io/message-bound.ts";

const megabyte = 1_048_576;
const row = message("D", megabyte - 5);

function message(type: string, bodyLength: number): Buffer {
  // The body looks like heads of huge messages, for whoever reads it as such.
  const buffer = Buffer.alloc(5 + bodyLength, 0xff);
  buffer.write(type);
  buffer.writeUInt32BE(bodyLength + 4, 1);
  return buffer;
}

describe("what a server may make us keep", () => {
  test("is bounded before the login is done, all of it together", () => {
    const bound = new MessageBound();
    const half = message("N", maximumLoginBytes / 2 - 5);
    expect([bound.problemOf(half, false), bound.problemOf(half, false)]).toEqual([null, null]);
    expect(bound.problemOf(message("N", 0), false)).toBe("the server sends more than 65536 bytes before the login is done");
  });

  test("is bounded in each answer, by many rows as by one", () => {
    const bound = new MessageBound();
    for (let query = 0; query < 3; query += 1) {
      for (let rows = 1; rows < maximumAnswerBytes / megabyte; rows += 1) expect(bound.problemOf(row, true)).toBeNull();
      expect(bound.problemOf(message("Z", 1), true)).toBeNull();
    }
    for (let rows = 0; rows < maximumAnswerBytes / megabyte; rows += 1) expect(bound.problemOf(row, true)).toBeNull();
    expect(bound.problemOf(row.subarray(0, 5), true)).toBe("the server answers one query with more than 134217728 bytes");
  });

  test("is judged by the announced length, before anything of it has come", () => {
    const head = message("R", 0);
    head.writeUInt32BE(0xffff_ffff, 1);
    expect(new MessageBound().problemOf(head, false)).toContain("more than 65536");
    expect(new MessageBound().problemOf(head, true)).toContain("more than 134217728");
    head.writeUInt32BE(3, 1);
    expect(new MessageBound().problemOf(head, true)).toBe("the server sent a message of an impossible length");
  });

  test("is the same however the network cuts the messages", () => {
    const messages = fc
      .array(fc.nat(9000), { minLength: 1, maxLength: 20 })
      .map((lengths) => lengths.map((length) => message("N", length)));
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 7000 }), { minLength: 1 }), (sent, cuts) => {
        const bytes = Buffer.concat(sent);
        const whole = new MessageBound().problemOf(bytes, false);
        const bound = new MessageBound();
        let problem: string | null = null;
        for (let at = 0, cut = 0; at < bytes.length && problem === null; cut += 1) {
          const length = cuts[cut % cuts.length] ?? 1;
          problem = bound.problemOf(bytes.subarray(at, at + length), false);
          at += length;
        }
        expect(problem).toBe(whole);
        expect(whole === null).toBe(bytes.length <= maximumLoginBytes);
      }),
    );
  });
});
