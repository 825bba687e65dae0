// A batch: the statements of one transaction of an apply. Roles of one resource that want the same thing share a statement.
import type { Change, Part } from "./change.ts";

export type SharedStatement = {
  readonly sql: string;
  readonly change: Change;
  /** Names of the roles that it serves. */
  readonly roles: readonly string[];
};

export type Batch = {
  readonly part: Part;
  /** Set where a database's work is split by schema; "" for what belongs to no schema. */
  readonly schema: string | null;
  readonly statements: readonly SharedStatement[];
};
