// The tests' own quoting: an oracle does not borrow from what it judges.

export function ident(name: string): string {
  return `"${name.split('"').join('""')}"`;
}

/** For servers with standard_conforming_strings on. */
export function literal(text: string): string {
  return `'${text.split("'").join("''")}'`;
}
