// The 63 bytes that PostgreSQL keeps of a name; it cuts the rest silently, so that two names become one.
import { maximumNameBytes } from "../model/role-name.ts";
import { show } from "./show.ts";

/** @returns what to say of a name that PostgreSQL would cut, or `null`. */
export function nameTooLong(what: string, name: string): { readonly code: string; readonly message: string; readonly hint: string } | null {
  const bytes = Buffer.byteLength(name, "utf8");
  if (bytes <= maximumNameBytes) return null;
  return {
    code: "name-too-long",
    message: `the ${what} ${show(name)} has ${bytes} bytes, and PostgreSQL keeps ${maximumNameBytes}`,
    hint: `write the name that the server really has, at most ${maximumNameBytes} bytes of UTF-8`,
  };
}
