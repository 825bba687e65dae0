// Masking of secrets as the runner does it: the value, and the forms that it takes when it is encoded.
// Source: actions/runner, src/Runner.Common/HostContext.cs and src/Sdk/DTLogging/Logging/ValueEncoders.cs.

export type Masks = {
  /** Adds a secret with each of its lines, as `::add-mask::` and the secrets of a job do. */
  readonly add: (value: string) => void;
  readonly mask: (text: string) => string;
  readonly isMasked: (text: string) => boolean;
};

export function createMasks(secrets: readonly string[] = []): Masks {
  const hidden = new Set<string>();
  const add = (value: string): void => {
    for (const part of [value, ...value.split(/\r\n|\r|\n/u)]) {
      if (part.trim() === "") continue;
      for (const form of [part, ...encodedForms(part)]) if (form !== "") hidden.add(form);
    }
  };
  for (const secret of secrets) add(secret);
  const mask = (text: string): string => {
    const covered = coveredRanges(text, hidden);
    let masked = "";
    let end = 0;
    for (const [from, to] of covered) {
      masked += `${text.slice(end, from)}***`;
      end = to;
    }
    return masked + text.slice(end);
  };
  return { add, mask, isMasked: (text) => mask(text) !== text };
}

/** What the runner hides besides the value itself. */
export function encodedForms(value: string): readonly string[] {
  return [
    base64(value, 0),
    base64(value, 1),
    base64(value, 2),
    value.replaceAll('"', '\\"'),
    value.replaceAll("'", "''"),
    JSON.stringify(value).slice(1, -1),
    // Uri.EscapeDataString keeps only the unreserved characters of RFC 3986.
    encodeURIComponent(value.toWellFormed()).replaceAll(
      /[!'()*]/gu,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
    value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&apos;"),
    value.length > 8 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : "",
    beforeAmpersand(value),
    afterAmpersand(value),
  ];
}

function base64(value: string, shift: number): string {
  const bytes = Buffer.from(value);
  return (bytes.length > shift ? bytes.subarray(shift) : bytes).toString("base64");
}

/** PowerShell colours `a&b` in its errors between the parts; the runner hides parts of at least 6 characters. */
function beforeAmpersand(value: string): string {
  if (!value.includes("&")) return "";
  const section = value.slice(0, value.lastIndexOf("&") + 1);
  return section.length >= 6 ? section : "";
}

function afterAmpersand(value: string): string {
  if (!value.includes("&")) return "";
  const section = value.slice(value.lastIndexOf("&") + 1);
  return section.length >= 6 ? section : "";
}

/** Overlapping and touching finds become one `***`. */
function coveredRanges(text: string, hidden: ReadonlySet<string>): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const value of hidden) {
    for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1)) found.push([at, at + value.length]);
  }
  const joined: [number, number][] = [];
  for (const [from, to] of found.toSorted((left, right) => left[0] - right[0])) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}
