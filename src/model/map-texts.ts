// Every text of a plan or a session that people or servers wrote, so that secrets are masked before anything else is made of it: what escapes or
// shortens a text first may leave a form of the secret that nobody looks for. A text that nobody has thought of is mapped, too.

export type TextRules = {
  /** Keys of words from closed lists, ids, hashes and clock values: masking a word in them would break the whole and hide nothing. */
  readonly kept: ReadonlySet<string>;
  /** Keys of records by name: their names are texts like any other. */
  readonly named: ReadonlySet<string>;
  /** Keys of such records whose values are words from a closed list. */
  readonly namedWords: ReadonlySet<string>;
  readonly map: (text: string) => string;
};

/** A copy of an object of plain objects and lists with every text mapped but those under keys that are kept. */
export function mapTexts<Value extends object>(value: Value, rules: TextRules): Value {
  // An assignment keeps the type, which entries do not have.
  const copy = { ...value };
  for (const [key, item] of entriesOf(value)) Reflect.set(copy, key, mappedAt(key, item, rules));
  return copy;
}

function mapped(value: unknown, rules: TextRules): unknown {
  if (typeof value === "string") return rules.map(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapped(item, rules));
  if (value instanceof Set) return new Set([...value].map((item) => mapped(item, rules)));
  return Object.fromEntries(entriesOf(value).map(([key, item]) => [key, mappedAt(key, item, rules)]));
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries<unknown>({ ...value });
}

function mappedAt(key: string, item: unknown, rules: TextRules): unknown {
  if (typeof item === "string") return rules.kept.has(key) ? item : rules.map(item);
  const isNamed = rules.named.has(key);
  if ((!isNamed && !rules.namedWords.has(key)) || typeof item !== "object" || item === null) return mapped(item, rules);
  // `Object.fromEntries` and not assignment: a table may be called `__proto__`.
  return Object.fromEntries(entriesOf(item).map(([name, value]) => [rules.map(name), isNamed ? mapped(value, rules) : value]));
}
