// Where things stand in the folder of the session log. Paths are relative to it, with `/`.

/** Holds the end of the chain. */
export const headPath = "head.yaml";

/** Session files on their way into the chain. */
export const pendingFolder = ".pending";

/** One file per running apply. */
export const runningFolder = ".running";

/** One empty file per process that writes or wants to. */
export const lockFolder = ".lock";

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
const exampleSid = "986e35ce-f3fc-4f79-b136-512eada7b850";
const sidPattern = new RegExp(`^${uuid}$`, "u");
const fileNamePattern = new RegExp(`^(${uuid})\\.yaml$`, "u");
const sessionPathPattern = new RegExp(`^\\d{4}/(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\\d|3[01])/${uuid}\\.yaml$`, "u");
const instantPattern = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?Z$/u;

/** True for a UUID as sessions carry it: lower case, with hyphens. Nothing else may become part of a path. */
export function isSid(text: string): boolean {
  return sidPattern.test(text);
}

/** True for a sid, or for what may be the beginning of one: four characters at least. */
export function isSidPrefix(text: string): boolean {
  return text.length >= 4 && (isSid(text) || (text.length < 36 && isSid(text + exampleSid.slice(text.length))));
}

/** The sid in a file name such as `<sid>.yaml`, or `null` for any other name. */
export function sidOfFileName(name: string): string | null {
  return fileNamePattern.exec(name)?.[1] ?? null;
}

/** True for `<yyyy>/<mm>/<dd>/<sid>.yaml`. */
export function isSessionPath(path: string): boolean {
  return sessionPathPattern.test(path);
}

/** The day folder of an instant: `2026/11/21`, in UTC. */
export function dayFolder(instant: string): string {
  const [, year, month, day] = instantPattern.exec(instant) ?? [];
  if (year === undefined) throw new Error(`the session starts at ${JSON.stringify(instant)}, which is not an RFC 3339 instant in UTC`);
  return `${year}/${month}/${day}`;
}

/**
 * @returns `<yyyy>/<mm>/<dd>/<sid>.yaml`
 * @throws where the sid is no UUID or the start no instant in UTC: both become part of a path.
 */
export function sessionPath(session: { readonly sid: string; readonly started_at: string }): string {
  const path = `${dayFolder(session.started_at)}/${requireSid(session.sid)}.yaml`;
  if (!isSessionPath(path)) throw new Error(`the session starts at ${JSON.stringify(session.started_at)}, which is not a date`);
  return path;
}

/** @throws where the text is no sid. */
export function requireSid(text: string): string {
  if (!isSid(text)) throw new Error(`${JSON.stringify(text)} is not a session id: a session id is a UUID such as ${exampleSid}`);
  return text;
}
