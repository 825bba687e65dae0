// A resource: one PostgreSQL cluster of the inventory. It never holds a secret, only references to some.
import type { SourceLocation } from "./diagnostic.ts";

/** libpq's words; `prefer` and `allow` are left out because they fall back to plain text. */
export type SslMode = "disable" | "require" | "verify-ca" | "verify-full";

export const sslModes: readonly SslMode[] = ["disable", "require", "verify-ca", "verify-full"];

/** False for the modes in which anybody may answer. */
export function checksCertificate(mode: SslMode): boolean {
  return mode === "verify-ca" || mode === "verify-full";
}

export type Resource = {
  readonly name: string;
  readonly type: "PostgreSQL";
  readonly host: string;
  readonly port: number;
  /** Without one: `verify-full`, but `disable` on loopback. */
  readonly sslmode?: SslMode;
  /** Path of a PEM file with the certificate authorities to trust; without one, those of Node. */
  readonly sslrootcert?: string;
  /** Credential reference (`env:NAME`, `file:PATH`) of the login that applies. */
  readonly admin?: string;
  /** Credential reference of the unprivileged login that plans. */
  readonly planner?: string;
  /** Runner label, for fleets that no single machine reaches. */
  readonly agent?: string;
  /** The database where cluster statements run and the lock is held; `postgres` unless said. */
  readonly maintenanceDatabase: string;
  readonly tags: readonly string[];
  readonly description?: string;
  readonly origin: SourceLocation;
};
