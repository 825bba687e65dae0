// The certificate authorities that connections trust: those of the resource, else those of the settings, else Node's.
import { createHash } from "node:crypto";
import { readSecretFile } from "../io/secret-files.ts";
import type { Resource } from "../model/resource.ts";
import type { Settings } from "../model/settings.ts";
import type { Trust } from "../model/trust.ts";

type Choice = Pick<Resource, "sslrootcert">;

export type Authorities = {
  /** PEM text; `null` for Node's own. @throws Error where the file cannot be read. */
  readonly textOf: (resource: Choice) => Promise<string | null>;
  /** To compare; `null` for Node's own. Never throws: a file that cannot be read is like none that can. */
  readonly trustOf: (resource: Choice) => Promise<Trust | null>;
};

/** Each file is read once in a run: what was compared is what is trusted. @param locate the absolute path of a file that is named. */
export function createAuthorities(
  settings: Pick<Settings, "sslrootcert">,
  locate: (path: string) => string | Promise<string>,
): Authorities {
  const files = new Map<string, ReturnType<typeof readSecretFile>>();
  const read = (path: string): ReturnType<typeof readSecretFile> => {
    const file = files.get(path) ?? Promise.resolve(locate(path)).then(readSecretFile);
    files.set(path, file);
    return file;
  };
  const pathOf = ({ sslrootcert }: Choice): string | null => sslrootcert ?? settings.sslrootcert;
  return {
    async textOf(resource) {
      const path = pathOf(resource);
      if (path === null) return null;
      const file = await read(path);
      if ("text" in file) return file.text;
      throw new Error(`the certificate authorities in ${path} cannot be read (${file.problem}); correct sslrootcert`);
    },
    async trustOf(resource) {
      const path = pathOf(resource);
      if (path === null) return null;
      const file = await read(path);
      return { path, content: "text" in file ? createHash("sha256").update(file.text).digest("hex") : file.problem };
    },
  };
}
