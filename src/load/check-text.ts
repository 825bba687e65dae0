// Checks every text of a source, whatever its key: no password, no control or invisible character, nothing that is not Unicode.
import { hasInvisible } from "../model/invisible.ts";
import { checkReference } from "./credential-reference.ts";
import { holdsPassword, isLoginKey } from "./passwords.ts";
import type { Report } from "./report.ts";
import { show } from "./show.ts";
import { isRecord, type Path, type Source } from "./source.ts";

const passwordHint = "remove it from the file and from its history, change the password, and name a reference such as env:NAME under admin";

/** Keys whose value is a credential reference, and never repeated in a message. */
const referenceKeys = new Set(["admin", "planner"]);

/** Reports them at their places. Whatever may be a password is never repeated. */
export function checkTexts(source: Source, report: Report): void {
  walk(source.value, [], (path, value, isKey) => {
    if (isKey) checkKey(source, path, report);
    else if (typeof value === "string") checkText({ source, path, text: value, report });
  });
}

function walk(value: unknown, path: Path, visit: (path: Path, value: unknown, isKey: boolean) => void): void {
  visit(path, value, false);
  if (Array.isArray(value)) value.forEach((child, index) => walk(child, [...path, index], visit));
  else if (isRecord(value)) {
    for (const [key, child] of Object.entries(value)) {
      visit([...path, key], child, true);
      walk(child, [...path, key], visit);
    }
  }
}

function checkKey(source: Source, path: Path, report: Report): void {
  const key = String(path.at(-1));
  const at = source.locateKey(path);
  if (isLoginKey(key)) {
    report.error({
      code: "literal-password",
      message: `the key ${key} would hold a login, and none may stand in the repository`,
      hint: passwordHint,
      at,
    });
  } else if (holdsPassword(key)) {
    report.error({ code: "literal-password", message: "a key holds a connection string with a password", hint: passwordHint, at });
  } else if (hasInvisible(key)) {
    report.error({
      code: "control-character",
      message: `the key ${show(key)} holds a control or invisible character`,
      hint: "remove it",
      at,
    });
  }
}

function checkText(input: { readonly source: Source; readonly path: Path; readonly text: string; readonly report: Report }): void {
  const { source, path, text, report } = input;
  const key = path.findLast((step) => typeof step === "string") ?? "";
  const name = source.nameOf(key);
  const isReference = referenceKeys.has(key);
  if (isLoginKey(key)) return;
  if (holdsPassword(text)) {
    report.error({
      code: "literal-password",
      message: `${name} holds a connection string with a password`,
      hint: passwordHint,
      at: source.locate(path),
    });
  } else if (hasInvisible(text)) {
    const shown = isReference ? "" : ` in ${show(text)}`;
    const hint = "write the value on one line, without invisible characters";
    report.error({
      code: "control-character",
      message: `${name}: there is a control or invisible character${shown}`,
      hint,
      at: source.locate(path),
    });
  } else if (isReference && text !== "") {
    const problem = checkReference(name, text);
    if (problem !== null) report.error({ ...problem, at: source.locate(path) });
  }
}
