// The hidden last line of a comment: how the comment is found again, and what it was about. Anybody who may write may forge it,
// so that it finds and describes; what an apply trusts is evidence.

export type CommentMarker = {
  readonly env: string;
  readonly pr: number;
  /** Commit that was planned. */
  readonly head: string;
  /** Of the full plan; "" where none was made. */
  readonly checksum: string;
  /** {@link Fingerprints}; "" where none was made. */
  readonly catalog: string;
  readonly declared: string;
  /** For hosts without check runs, where the comment itself is the evidence: what the check run would say, and an HMAC over all of it. */
  readonly seal?: CommentSeal;
  /** Of the issue about drift. */
  readonly seen?: Sighting;
};

/** When the catalogs were read that an issue tells of, and by which run. */
export type Sighting = { readonly readAt: string; readonly runUrl: string };

export type CommentSeal = {
  /** SHA-256 of the clusters that it was planned on; "" for none. */
  readonly targets: string;
  /** Resources that were not planned, since the pull request adds or changes their connection. */
  readonly unconnected: readonly string[];
  /** SHA-256 of where the passwords go that an apply makes; "" for nowhere. */
  readonly store: string;
  /** Since when this plan can be read, RFC 3339. */
  readonly since: string;
  /** 64 hex digits. */
  readonly mac: string;
};

const version = 1;

/** GitHub's bound for the name of an environment. */
const maximumEnvironment = 255;

const pattern = /(?:^|\n)<!-- rolewright v1 ([A-Za-z0-9_-]{1,8000}) -->\s*$/u;

/** @throws RangeError where the environment's name is longer than GitHub allows, since nothing would bound the comment. */
export function formatMarker(marker: CommentMarker): string {
  const { env, pr, head, checksum, catalog, declared, seal, seen } = marker;
  if (env.length > maximumEnvironment) throw new RangeError(`the name of the environment is longer than ${maximumEnvironment} characters`);
  const more = { ...(seal === undefined ? {} : { seal }), ...(seen === undefined ? {} : { seen }) };
  const json = JSON.stringify({ v: version, env, pr, head, checksum, catalog, declared, ...more });
  return `<!-- rolewright v${version} ${Buffer.from(json).toString("base64url")} -->`;
}

/** @returns the marker of a comment's last line, or `null`; the same text anywhere else is somebody's SQL or prose. */
export function parseMarker(body: string): CommentMarker | null {
  const encoded = pattern.exec(body)?.[1];
  if (encoded === undefined) return null;
  const value = parseJson(Buffer.from(encoded, "base64url").toString());
  if (typeof value !== "object" || value === null) return null;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { v, env, pr, head, checksum, catalog, declared, seal, seen } = fields;
  if (v !== version || typeof env !== "string" || env.length > maximumEnvironment || typeof pr !== "number" || !Number.isSafeInteger(pr))
    return null;
  if (!isDigest(head) || !isDigest(checksum) || !isDigest(catalog) || !isDigest(declared)) return null;
  if ((seal !== undefined && !isSeal(seal)) || (seen !== undefined && !isSighting(seen))) return null;
  const more = { ...(seal === undefined ? {} : { seal }), ...(seen === undefined ? {} : { seen }) };
  return { env, pr, head, checksum, catalog, declared, ...more };
}

function isSighting(value: unknown): value is Sighting {
  if (typeof value !== "object" || value === null || !("readAt" in value) || !("runUrl" in value)) return false;
  return typeof value.readAt === "string" && typeof value.runUrl === "string";
}

function isSeal(value: unknown): value is CommentSeal {
  if (typeof value !== "object" || value === null) return false;
  const { mac, targets, unconnected, store, since }: Readonly<Record<string, unknown>> = { ...value };
  if (typeof since !== "string" || Number.isNaN(Date.parse(since))) return false;
  return (
    isDigest(mac) &&
    isDigest(targets) &&
    isDigest(store) &&
    Array.isArray(unconnected) &&
    unconnected.every((name) => typeof name === "string")
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isDigest(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{0,128}$/u.test(value);
}
