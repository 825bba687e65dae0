// What a supplier of throw-away servers gives, for the demo and the tests: one running PostgreSQL cluster that nobody else uses.

export type ClusterOptions = {
  /** Major version. */
  readonly version: number;
  readonly settings: Readonly<Record<string, string>>;
  /** Files to put into the data directory, such as certificates: name → text. Embedded servers only. */
  readonly files: Readonly<Record<string, string>>;
  /** Lines that come first in pg_hba.conf. Embedded servers only. */
  readonly hba: readonly string[];
};

export type Cluster = {
  readonly host: string;
  /** May change when a container starts again. */
  readonly port: () => number;
  /** Of the superuser `postgres`. */
  readonly password: string;
  /** What the server logs; it grows while the server runs. */
  readonly logFile: string;
  /** `null` where it is out of reach. */
  readonly dataDirectory: string | null;
  /** Starts a stopped cluster again. */
  readonly start: () => Promise<void>;
  readonly stop: (mode: "immediate" | "fast") => Promise<void>;
  /** Stops it and removes everything. */
  readonly dispose: () => Promise<void>;
};
