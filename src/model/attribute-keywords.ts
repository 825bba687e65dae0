// The attributes of a role that are on or off, and PostgreSQL's keyword for each; NO before it turns one off.

/** In the order in which statements name them. */
export const attributeKeywords = [
  ["superuser", "SUPERUSER"],
  ["createDb", "CREATEDB"],
  ["createRole", "CREATEROLE"],
  ["inherit", "INHERIT"],
  ["login", "LOGIN"],
  ["replication", "REPLICATION"],
  ["bypassRls", "BYPASSRLS"],
] as const;
