// Arbitrary sessions with hostile texts and names.
import * as fc from "fast-check";
import type { Session } from "../../../../src/model/session.ts";
import { sessionOf, sidOf } from "./sessions.ts";

const awkward = [
  "---",
  "...",
  ": ",
  "- a",
  "# no comment",
  " leading",
  "trailing ",
  "a\n",
  "\n\n",
  "\ta",
  "'",
  '"',
  "it's",
  "yes",
  "no",
  "null",
  "~",
  "1e3",
  "0x10",
  "2026-11-21",
  "|",
  ">",
  "&a",
  "*a",
  "!tag",
  "%YAML 1.2",
  "a\n---\nb",
  "a: b\n c",
  "👩‍👩‍👧 ok",
  "\u0000",
  "\u001b[31m",
  "a\r\nb",
  "\u0085",
  "\u2028",
  "\ufeff",
  "\u202e",
  "\u{e0041}",
  "__proto__",
  "constructor",
  "a\n   \n b",
  "a\n\t",
  "\n a",
  "{",
  "[",
  "?",
  "",
  " ",
  "ROLE\\connect",
  "12:30:45",
  "=",
  "<<",
];

/** Any well-formed text, with those preferred that YAML writers and terminals stumble over. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...awkward),
  fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
  fc.array(fc.constantFrom(...awkward, "a", "\n", " "), { maxLength: 6 }).map((parts) => parts.join("")),
);

const names = fc.array(hostileText, { maxLength: 4 });
const tables = fc.dictionary(
  hostileText.filter((name) => name.length < 60),
  names,
  { maxKeys: 3 },
);

export const anySession: fc.Arbitrary<Session> = fc
  .record({
    text: fc.tuple(hostileText, hostileText, hostileText, hostileText, hostileText, hostileText),
    names,
    missing: tables,
    extra: tables,
    scope: hostileText,
    statements: fc.array(
      fc.record({
        sql: hostileText,
        database: fc.option(hostileText),
        outcome: fc.constantFrom("applied" as const, "in-doubt" as const),
        duration_ms: fc.option(fc.nat()),
      }),
      { maxLength: 3 },
    ),
    attributes: fc.dictionary(
      fc.constantFrom("login", "connection_limit", "valid_until"),
      fc.oneof(fc.boolean(), fc.integer(), hostileText),
    ),
    isApply: fc.boolean(),
  })
  .map(({ text, names: list, missing, extra, scope, statements, attributes, isApply }) => {
    const base = sessionOf({
      sql_plan: text[0],
      command_output: text[1],
      message: text[2],
      actor: text[3],
      resource_name: text[4],
      label: text[5],
      effective: list,
      observed: list,
      hazards: list.map((message) => ({ code: "widens-access" as const, message })),
      pull_request: null,
    });
    const state = { bulk_privileges: list, table_count: 3, status: "out-of-sync/drifted" as const, exceptions: { missing, extra } };
    return {
      ...base,
      config: { ...base.config, scopes: list, connection_limit: 3, acknowledge_hazards: list },
      current_state: { ...base.current_state, attributes, memberships: list, scope_states: Object.fromEntries([[scope, state]]) },
      ...(isApply
        ? { statements, databases: Object.fromEntries([[scope, "applied" as const]]), plan_sid: sidOf(9), approved_by: list }
        : {}),
    };
  });
