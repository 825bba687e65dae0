// An access repository in a temporary folder, made like the hub's sample.
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const sampleInventory = "name,type,host,port\nanalytics,PostgreSQL,127.0.0.1,5432\nmarketplace,PostgreSQL,127.0.0.1,5433\n";

export const sampleRoles =
  "resource_name,type,role,scopes,permissions,source_role\n" +
  "analytics,managed,ro,analytics.public;legacy;app,SELECT,\n" +
  "analytics,managed,rw,analytics,SELECT;INSERT;UPDATE,\n" +
  "marketplace,external,ro,,,pg_read_all_data\n";

/** The samples are the hub's, which names no store for passwords. */
export const sampleSettings = 'credentials: {store: "file:../credentials"}\n';

export type AccessRepository = { readonly directory: string; readonly [Symbol.asyncDispose]: () => Promise<void> };

/** @param files paths relative to the repository → their text. */
export async function makeAccessRepository(files: Readonly<Record<string, string>>): Promise<AccessRepository> {
  const directory = await mkdtemp(join(tmpdir(), "rolewright-cli-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}
