// rolewright.yaml, with every default filled in.
import { unnamedRepository } from "./marker.ts";

export type OrphanPolicy =
  | { readonly action: "report" }
  /** NOLOGIN, no password, no grants; `terminateSessions` also ends its open sessions, which would otherwise go on. */
  | { readonly action: "disable"; readonly terminateSessions: boolean }
  /** Disable, then give what it owns to a named role, in every database, and drop it. */
  | { readonly action: "drop"; readonly reassignTo: string; readonly terminateSessions: boolean };

export type Settings = {
  /** Name of the access repository, as the marker on its roles says it: `acme/access`; {@link unnamedRepository} without one. */
  readonly repository: string;
  readonly prefix: string;
  /** Always `report` without a name, since the roles may be those of another repository. */
  readonly orphans: OrphanPolicy;
  /** What happens to grants whose grantor is not the object's owner. */
  readonly foreignGrants: "revoke" | "report";
  readonly credentials: {
    /** `file:PATH`: a folder outside the access repository. */
    readonly store: string | null;
  };
  readonly concurrency: { readonly total: number; readonly perResource: number };
  readonly timeouts: { readonly connectSeconds: number; readonly lockSeconds: number; readonly statementSeconds: number };
  readonly sslrootcert: string | null;
  /** Folder of the session log, relative to the access repository. */
  readonly sessions: string;
};

export const defaultSettings: Settings = {
  repository: unnamedRepository,
  prefix: "hoopdev",
  orphans: { action: "report" },
  foreignGrants: "revoke",
  credentials: { store: null },
  concurrency: { total: 16, perResource: 4 },
  timeouts: { connectSeconds: 10, lockSeconds: 3, statementSeconds: 120 },
  sslrootcert: null,
  sessions: "sessions",
};
