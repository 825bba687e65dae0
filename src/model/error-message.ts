// What an error says, whatever was thrown.

/** The message alone; errors of several attempts (a host with two addresses) are named together. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join("; ");
  if (error instanceof Error) return error.message === "" ? error.name : error.message;
  return String(error);
}
