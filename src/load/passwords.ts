// Passwords that stand literally in a file. They are found before anything else is said about a value, and never repeated.

/** Keys and columns under which people keep logins. rolewright has none of them. */
const loginKeys = new Set(
  (
    "password passwd pass pwd secret token user username dsn uri url connection_string connection_url database_url " +
    "admin_user admin_username admin_password"
  ).split(" "),
);

/** Bounded, so that hostile text costs no quadratic time. */
const dsnWithPassword = /(\bpostgres(?:ql)?:\/\/[^\s:@/]{0,200}:)\S{1,500}@/giu;

/** True for a key or column that would hold a login. */
export function isLoginKey(key: string): boolean {
  return loginKeys.has(
    key
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/gu, "_"),
  );
}

/** True for text with `postgres://user:password@` in it. */
export function holdsPassword(text: string): boolean {
  return text.search(dsnWithPassword) >= 0;
}

/** The text with every password of a connection string masked. */
export function hidePasswords(text: string): string {
  return text.replaceAll(dsnWithPassword, "$1…@");
}
