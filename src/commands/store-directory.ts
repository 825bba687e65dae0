// Where generated credentials are kept: `credentials: {store: "file:…"}`.
import { resolve } from "node:path";
import { UsageError, type CommandContext } from "./context.ts";
import type { Workspace } from "./workspace.ts";

/**
 * @returns an absolute path; a relative one starts at the access repository, `~/` at the home directory.
 * @throws UsageError where no store is set, or of a kind that this version does not know.
 */
export function storeDirectory(context: CommandContext, { desired, directory }: Workspace): string {
  const { store } = desired.settings.credentials;
  const hint = 'set it in rolewright.yaml, as in credentials: {store: "file:../credentials"}, to a folder outside the access repository';
  if (store === null) throw new UsageError("there is no credential store, and a new role needs a password", hint);
  if (!store.startsWith("file:")) throw new UsageError(`the credential store ${JSON.stringify(store)} is of no known kind`, hint);
  const path = store.slice("file:".length);
  return path.startsWith("~/") ? resolve(context.env["HOME"] ?? "", path.slice(2)) : resolve(directory, path);
}
