// A session ⇄ the text of its file.
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import sessionSchema from "../../schemas/session.schema.json" with { type: "json" };
import type { Session } from "../model/session.ts";
import { inWrittenOrder, literalSessionKeys } from "./written-order.ts";
import { checkYaml, parseYaml, type Reading } from "./read-yaml.ts";
import { formatYaml } from "./write-yaml.ts";

/** The text of a session file, ending with the line of `previous`. */
export function formatSession(session: Session): string {
  return formatYaml(inWrittenOrder(session), literalSessionKeys);
}

let compiled: ValidateFunction<Session> | undefined;

/**
 * Reads a session file strictly: unknown, missing and repeated keys and wrong types are errors.
 * @param file the name for messages.
 */
export function parseSession(text: string, file: string): Reading<Session> {
  const parsed = parseYaml(text, file);
  if ("diagnostics" in parsed) return parsed;
  compiled ??= new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile<Session>(sessionSchema);
  return checkYaml(parsed.value, compiled);
}
