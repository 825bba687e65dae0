// Evidence in a check run's text: what comes back as it was, and what is none.
import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { evidenceDigest, formatEvidence, parseEvidence, type Evidence } from "../../../src/trust/evidence.ts";
import { evidence, text } from "./evidence.fixture.ts";

const packed = (json: string | Buffer): string => `<!-- rolewright-evidence v1 ${deflateRawSync(json).toString("base64url")} -->`;
const changed = (key: string, value: unknown): string => packed(JSON.stringify({ ...evidence, [key]: value }));

const basis: NonNullable<NonNullable<Evidence["roles"]>[number]["basis"]> = {
  config: { type: "managed", role_name: "r", source_role: "", scopes: ["app"], privileges: ["SELECT"], rotate_password: false },
  target: { resource: "analytics", host: "h", port: 5432, system_identifier: "1" },
  observed: ["role r exists"],
  sqlPlan: "GRANT SELECT ON ALL TABLES IN SCHEMA public TO r;\n".repeat(20),
};
const [role] = evidence.roles ?? [];
const withBasis: Evidence = { ...evidence, roles: role === undefined ? [] : [{ ...role, basis }] };

test("evidence comes back as it was, wherever it stands in the text", () => {
  expect(parseEvidence(text)).toEqual(evidence);
  expect(parseEvidence(`Some words.\n\n${formatEvidence(withBasis, 60_000)}\n`)).toEqual(withBasis);
  expect(parseEvidence(formatEvidence({ ...evidence, roles: null }, 60_000))).toEqual({ ...evidence, roles: null });
});

test("where it does not fit, the bases go first, then the roles; the checksum stays", () => {
  const whole = formatEvidence(withBasis, 60_000);
  const bare = formatEvidence(withBasis, whole.length - 1);
  expect(parseEvidence(bare)).toEqual(evidence);
  expect(parseEvidence(formatEvidence(withBasis, bare.length - 1))).toEqual({ ...evidence, roles: null });
  expect(parseEvidence(formatEvidence(withBasis, 0))?.checksum).toBe(evidence.checksum);
  expect(parseEvidence(formatEvidence({ ...evidence, roles: null }, 0))?.roles).toBeNull();
});

test.each<[what: string, text: string]>([
  ["nothing", ""],
  ["prose", "rolewright-evidence v1"],
  ["another version of the frame", text.replace("v1", "v2")],
  ["cut off in the middle", `${text.slice(0, text.length / 2)} -->`],
  ["cut off at the end", text.slice(0, -5)],
  ["not packed", `<!-- rolewright-evidence v1 ${Buffer.from(JSON.stringify(evidence)).toString("base64url")} -->`],
  ["not JSON", packed("{")],
  ["a list", packed("[]")],
  ["null", packed("null")],
  ["a text", packed('"evidence"')],
  ["a bomb", packed(Buffer.alloc(40 * 1_048_576, "a"))],
  ["a bomb of valid JSON", packed(JSON.stringify({ ...evidence, head: "a".repeat(40 * 1_048_576) }))],
  ["another version", changed("v", 2)],
  ["no version", changed("v", undefined)],
  ["a number for the environment", changed("environment", 1)],
  ["no run", changed("run", undefined)],
  ["half a run", changed("run", 7.5)],
  ["a text for the run", changed("run", "7")],
  ["no head", changed("head", undefined)],
  ["no base", changed("base", null)],
  ["no checksum", changed("checksum", undefined)],
  ["no catalog", changed("catalog", undefined)],
  ["no declaration", changed("declared", undefined)],
  ["no targets", changed("targets", undefined)],
  ["a store that is no text", changed("store", null)],
  ["unconnected of numbers", changed("unconnected", [1])],
  ["no list of unconnected", changed("unconnected", "analytics")],
  ["an object of roles", changed("roles", {})],
  ["a role that is a text", changed("roles", ["r"])],
  ["a role that is a list", changed("roles", [[]])],
  ["a role without statements", changed("roles", [{ ...role, statements: undefined }])],
  ["a role without a name", changed("roles", [{ ...role, role: 1 }])],
  ["a basis that is null", changed("roles", [{ ...role, basis: null }])],
  ["a basis without a target", changed("roles", [{ ...role, basis: { ...basis, target: undefined } }])],
  ["a basis without a config", changed("roles", [{ ...role, basis: { ...basis, config: 1 } }])],
  ["a basis of other lines", changed("roles", [{ ...role, basis: { ...basis, observed: [1] } }])],
  ["a basis without SQL", changed("roles", [{ ...role, basis: { ...basis, sqlPlan: 1 } }])],
])("no evidence: %s", (_, hostile) => {
  expect(parseEvidence(hostile)).toBeNull();
});

test("the digest is of what is parsed: the first evidence in the text, and nothing around it", () => {
  expect(evidenceDigest(text)).toMatch(/^sha256:[0-9a-f]{64}$/u);
  expect(evidenceDigest(`before\n${text}\nafter ${changed("checksum", "0")}`)).toBe(evidenceDigest(text));
  expect(evidenceDigest(`${changed("checksum", "0")}${text}`)).not.toBe(evidenceDigest(text));
  expect(evidenceDigest("nothing")).toBe("");
});
