// Where generated credentials are kept. A credential is pending, and on disk, before the server learns its verifier, and becomes current
// only after a login with it: whatever crashes in between, one of the stored ones works.
import type { SslMode } from "../model/resource.ts";

/** The role spec that a credential belongs to. */
export type CredentialKey = { readonly resource: string; readonly label: string };

export type Credential = CredentialKey & {
  readonly host: string;
  readonly port: number;
  readonly sslmode: SslMode;
  /** The PostgreSQL role name. */
  readonly user: string;
  readonly password: string;
  /** Those that the role may connect to, the one of the DSN first. */
  readonly databases: readonly string[];
  /** Groups of access.yaml that may use it. */
  readonly groups: readonly string[];
  /** RFC 3339 in UTC. */
  readonly createdAt: string;
};

export type PendingCredential = {
  /** Names it within its key. */
  readonly id: string;
  readonly credential: Credential;
};

/** Every method throws CredentialStoreError, with words for people and without a secret. */
export interface CredentialStore {
  /** Keeps a credential beside all others, however many wait. On disk when it returns. */
  putPending(credential: Credential): Promise<PendingCredential>;
  /** The newest first. Several are there after crashes: the one that logs in is the one that the server knows. */
  pending(key: CredentialKey): Promise<readonly PendingCredential[]>;
  /** Makes a pending credential the current one, in one step. */
  promote(pending: PendingCredential): Promise<void>;
  current(key: CredentialKey): Promise<Credential | null>;
  /** Removes what is pending, after another has been promoted. */
  discardPending(key: CredentialKey): Promise<void>;
  /** Where people find the current credential. */
  describe(key: CredentialKey): string;
}

export class CredentialStoreError extends Error {
  override readonly name = "CredentialStoreError";
}

/** A URL for libpq and every driver. */
export function formatDsn(credential: Credential): string {
  const host = credential.host.includes(":") ? `[${credential.host}]` : credential.host;
  const login = `${encode(credential.user)}:${encode(credential.password)}`;
  const database = credential.databases[0] ?? "";
  // RFC 3986 takes a path of one or two dots away, however they are written; libpq also reads the name from here.
  const place = /^\.{1,2}$/u.test(database) ? `/?dbname=${database}&` : `/${encode(database)}?`;
  return `postgres://${login}@${host}:${credential.port}${place}sslmode=${credential.sslmode}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/gu, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
