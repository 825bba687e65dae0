import * as fc from "fast-check";
import { expect, test } from "vitest";
import { generatePassword, isScramVerifier, makeScramVerifier } from "../../../src/credentials/scram.ts";

test("makes the verifier of the standard's example", () => {
  // The example of RFC 7677 §3.
  const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
  expect(makeScramVerifier("pencil", salt)).toBe(
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
  );
});

test("takes a random salt of 16 bytes and printable ASCII only, and never repeats either in its error", () => {
  const salt = Buffer.alloc(16, 1);
  for (const password of ["", "pässwörd", "a\nb", "a b", "\u00ad"])
    expect(() => makeScramVerifier(password, salt)).toThrow(/printable ASCII/u);
  expect(() => makeScramVerifier("secret", Buffer.alloc(15))).toThrow(/^(?!.*secret)/u);
});

test("knows a verifier from what PostgreSQL would take for a password in clear text", () => {
  const verifier = makeScramVerifier("secret", Buffer.alloc(16, 7));
  expect(isScramVerifier(verifier)).toBe(true);
  for (const wrong of [
    "SCRAM-SHA-256$4096:AAAA",
    "secret",
    "",
    `${verifier}\n`,
    ` ${verifier}`,
    verifier.slice(0, -1),
    verifier.replace("4096", ""),
    `md5${"0".repeat(32)}`,
  ]) {
    expect(isScramVerifier(wrong)).toBe(false);
  }
});

test("generates letters and digits, whatever the bytes", () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 255 })), (stream) => {
      const bytes = (size: number) => Uint8Array.from({ length: size }, () => stream.next().value);
      expect(generatePassword(bytes)).toMatch(/^[A-Za-z0-9]{40}$/u);
    }),
  );
});

test("generates each character equally often from equally frequent bytes", () => {
  let next = 0;
  const counts = new Map<string, number>();
  const everyByte = (size: number) => Uint8Array.from({ length: size }, () => next++ % 256);
  // 248 of 256 bytes are taken: 62 passwords use each byte value ten times.
  for (let passwords = 0; passwords < 62; passwords += 1)
    for (const character of generatePassword(everyByte)) counts.set(character, (counts.get(character) ?? 0) + 1);
  expect(counts.size).toBe(62);
  expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(8);
});
