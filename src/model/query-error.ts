// What a statement can end with besides rows. Stages decide by `code`, never by the message, which the server may write in any language.

export type QueryErrorFields = {
  readonly message: string;
  /** SQLSTATE; `08006` where the connection broke without a word from the server. */
  readonly code: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** The context that the server gives, such as the function of an event trigger. */
  readonly where?: string | undefined;
  /** The connection is gone with it: whatever ran in its transaction is rolled back, unless it was the COMMIT itself. */
  readonly isConnectionLost: boolean;
  readonly cause?: unknown;
};

/** A statement failed. Its text is not part of the error, since it may hold a password verifier. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  readonly code: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly where: string | undefined;
  readonly isConnectionLost: boolean;

  constructor(fields: QueryErrorFields) {
    super(fields.message, { cause: fields.cause });
    this.code = fields.code;
    this.detail = fields.detail;
    this.hint = fields.hint;
    this.where = fields.where;
    this.isConnectionLost = fields.isConnectionLost;
  }
}

/** The connection was lost after COMMIT was sent: only a look at the database tells what became of the transaction. */
export class CommitInDoubtError extends Error {
  override readonly name = "CommitInDoubtError";

  constructor(cause: unknown) {
    super("the connection was lost at COMMIT, so that nobody knows yet whether the transaction was committed; plan again to find out", {
      cause,
    });
  }
}
