// Where an apply keeps the passwords that it makes, as evidence says it: whoever approves a plan approves that place, too.
import { createHash } from "node:crypto";

/** @param store `credentials.store` of the settings. @returns SHA-256, 64 hex digits, whatever its length; "" for none. */
export function storeDigest(store: string | null): string {
  return store === null ? "" : createHash("sha256").update(store).digest("hex");
}
