// SCRAM-SHA-256 verifiers and the passwords behind them. The server gets the verifier, never the password.
// https://www.rfc-editor.org/rfc/rfc5802#section-3, https://www.rfc-editor.org/rfc/rfc7677
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** PostgreSQL's own default (`scram_iterations`); the password is random, so more would only cost every login. */
const iterations = 4096;

export const saltBytes = 16;

/** 62 characters that need no quoting in SQL, URLs, shells and files. */
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** 238 bits. */
const passwordLength = 40;

/**
 * @param password printable ASCII: other text would have to pass SASLprep first.
 * @param salt 16 random bytes, never used before.
 * @returns the text that PostgreSQL stores as it stands, `SCRAM-SHA-256$4096:<salt>$<StoredKey>:<ServerKey>`.
 * @throws RangeError for another password or salt; the message holds neither.
 */
export function makeScramVerifier(password: string, salt: Uint8Array): string {
  if (!/^[\x21-\x7e]+$/u.test(password)) throw new RangeError("a password for a SCRAM verifier must be printable ASCII and not empty");
  if (salt.length !== saltBytes) throw new RangeError(`a SCRAM salt must have ${saltBytes} bytes, and this one has ${salt.length}`);
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest("base64");
  const serverKey = createHmac("sha256", salted).update("Server Key").digest("base64");
  return `SCRAM-SHA-256$${iterations}:${Buffer.from(salt).toString("base64")}$${storedKey}:${serverKey}`;
}

/** To be asked before any verifier is sent: PostgreSQL takes a malformed one for a password in clear text, and hashes it. */
export function isScramVerifier(text: string): boolean {
  return /^SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/u.test(text);
}

/**
 * @param randomBytes a source of cryptographic randomness.
 * @returns 40 letters and digits, each as likely as any other.
 */
export function generatePassword(randomBytes: (size: number) => Uint8Array): string {
  const unbiased = 256 - (256 % alphabet.length);
  let password = "";
  while (password.length < passwordLength) {
    for (const byte of randomBytes(passwordLength)) {
      if (byte < unbiased && password.length < passwordLength) password += alphabet[byte % alphabet.length];
    }
  }
  return password;
}
