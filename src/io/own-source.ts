// Where this rolewright itself comes from, as far as its own folder knows.
import { fileURLToPath } from "node:url";
import { realPath } from "./files.ts";
import { readCheckout, readGitFacts } from "./git.ts";

/**
 * @returns `owner/name` and the commit of the clone that runs; `null` for an installed package, which lies in somebody else's repository,
 * and for a clone of a folder: no workflow could call that.
 */
export async function readOwnSource(
  env: Readonly<Record<string, string | undefined>>,
  root = fileURLToPath(new URL("../../", import.meta.url)),
): Promise<{ readonly repository: string; readonly commit: string } | null> {
  const checkout = await readCheckout(root, env);
  const real = await realPath(root);
  if (checkout === null || !("path" in real) || checkout.topLevel !== real.path) return null;
  const { hostedName, commit } = await readGitFacts(root, env);
  return hostedName === null || commit === "" ? null : { repository: hostedName, commit };
}
