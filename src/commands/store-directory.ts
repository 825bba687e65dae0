// Where generated credentials are kept: `credentials: {store: "file:…"}`.
import { resolve } from "node:path";
import { isInWorkTree } from "../io/secret-files.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { messageOf } from "../model/error-message.ts";
import { hintOf } from "../review/error-text.ts";
import { UsageError, type CommandContext } from "./context.ts";
import type { Workspace } from "./workspace.ts";

type Repository = Pick<Workspace, "desired" | "directory">;

const hint = 'set it in rolewright.yaml, as in credentials: {store: "file:../credentials"}, to a folder outside the access repository';

/**
 * @returns an absolute path; a relative one starts at the access repository, `~/` at the home directory.
 * @throws UsageError where no store is set, or of a kind that this version does not know.
 */
export function storeDirectory({ env }: Pick<CommandContext, "env">, { desired, directory }: Repository): string {
  const { store } = desired.settings.credentials;
  if (store === null) throw new UsageError("there is no credential store, and a new role needs a password", hint);
  if (!store.startsWith("file:")) throw new UsageError(`the credential store ${JSON.stringify(store)} is of no known kind`, hint);
  const path = store.slice("file:".length);
  if (!path.startsWith("~/")) return resolve(directory, path);
  const home = env["HOME"] ?? "";
  if (home === "") throw new UsageError(`the credential store ${JSON.stringify(store)} is in a home directory, and HOME is not set`, hint);
  return resolve(home, path.slice(2));
}

/** Why no password can be stored, to be said before one has to be: without a store as a warning, since none may be needed. */
export async function storeProblem(context: Pick<CommandContext, "env">, repository: Repository): Promise<Diagnostic | null> {
  if (repository.desired.settings.credentials.store === null) {
    const message = "no credential store is set: apply cannot make a role or give one a new password";
    return { severity: "warning", code: "no-credential-store", message, hint };
  }
  const code = "bad-credential-store";
  try {
    const path = storeDirectory(context, repository);
    if (!(await isInWorkTree(path, repository.directory))) return null;
    const message = `the credential store ${path} leads into the access repository, where it would be committed`;
    return { severity: "error", code, message, hint };
  } catch (error) {
    return { severity: "error", code, message: messageOf(error), hint: hintOf(error) ?? hint };
  }
}
