// One credential as a JSON file, and the name of its file.
import { createHash } from "node:crypto";
import { sslModes } from "../model/resource.ts";
import { type Credential, CredentialStoreError, formatDsn } from "./store.ts";

export function formatCredential(credential: Credential): string {
  const { resource, label, host, port, sslmode, user, password, databases, groups, createdAt } = credential;
  const role = `${resource}/${label}`;
  const document = {
    role,
    resource,
    label,
    host,
    port,
    sslmode,
    user,
    password,
    databases,
    dsn: formatDsn(credential),
    groups,
    created_at: createdAt,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * @param path for the message.
 * @throws CredentialStoreError where the text is not a whole credential; it repeats nothing of the text.
 */
export function parseCredential(text: string, path: string): Credential {
  const fields = parseObject(text);
  const sslmode = sslModes.find((mode) => mode === fields?.["sslmode"]);
  const [resource, label, host, user, password, createdAt] = ["resource", "label", "host", "user", "password", "created_at"].map((name) =>
    filled(fields?.[name]),
  );
  const port = fields?.["port"];
  const databases = texts(fields?.["databases"]);
  const groups = texts(fields?.["groups"]);
  if (!resource || !label || !host || !user || !password || !createdAt || !sslmode || !databases || !groups || typeof port !== "number") {
    throw new CredentialStoreError(`${path} is not a whole credential; move it away, set rotate_password on its role, and apply again`);
  }
  return { resource, label, host, port, sslmode, user, password, databases, groups, createdAt };
}

/**
 * A name for the file system that no other text has, on those that ignore case, too: small letters, digits, `_` and `-` stand for
 * themselves, other bytes as `%2E`. Without a dot, so that what follows one is always ours.
 */
export function safeFileName(text: string): string {
  const encoded = [...Buffer.from(text, "utf8")]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[a-z0-9_-]/u.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
  if (encoded.length <= 150) return encoded;
  return `${encoded.slice(0, 100)}+${createHash("sha256").update(text).digest("hex")}`;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

function filled(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function texts(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : null;
}
