// The credential store that is a folder outside the access repository: `<resource>/<label>.json`, pending ones beside it as
// `<label>.pending-<n>.json`. Folders have mode 0700, files 0600.
import { join } from "node:path";
import { messageOf } from "../model/error-message.ts";
import { listFolder, type FolderEntry } from "../io/files.ts";
import {
  createSecretFile,
  ensurePrivateFolder,
  isInWorkTree,
  readSecretFile,
  removeFile,
  replaceFile,
  temporaryFilePattern,
} from "../io/secret-files.ts";
import { formatCredential, parseCredential, safeFileName } from "./credential-file.ts";
import { type Credential, type CredentialKey, type CredentialStore, CredentialStoreError, type PendingCredential } from "./store.ts";

/**
 * @param input.directory absolute path; made when the first credential is stored.
 * @param input.repositoryDirectory the access repository, in which it may not be.
 * @throws CredentialStoreError
 */
export async function openFileStore(input: { readonly directory: string; readonly repositoryDirectory: string }): Promise<CredentialStore> {
  const { directory } = input;
  if (await isInWorkTree(directory, input.repositoryDirectory)) {
    throw new CredentialStoreError(
      `the credential store ${directory} is in the access repository, where it would be committed; choose a folder outside it`,
    );
  }
  return {
    putPending: (credential) => inWords("store a credential in", directory, () => putPending(directory, credential)),
    pending: (key) => inWords("read the credentials in", directory, () => readPending(directory, key)),
    promote: (pending) => inWords("promote a credential in", directory, () => promote(directory, pending)),
    current: (key) => inWords("read the credentials in", directory, () => readCurrent(directory, key)),
    discardPending: (key) => inWords("remove pending credentials from", directory, () => discardPending(directory, key)),
    describe: (key) => currentPath(directory, key),
  };
}

async function putPending(directory: string, credential: Credential): Promise<PendingCredential> {
  if (credential.password === "") throw new CredentialStoreError("a credential without a password is never stored");
  const folder = folderOf(directory, credential);
  await ensurePrivateFolder(directory);
  await ensurePrivateFolder(folder);
  const numbers = (await pendingNumbers(folder, credential)).map(({ number }) => number);
  for (let number = Math.max(0, ...numbers) + 1; ; number += 1) {
    const id = String(number);
    if (await createSecretFile(pendingPath(directory, credential, id), formatCredential(credential))) return { id, credential };
  }
}

async function readPending(directory: string, key: CredentialKey): Promise<readonly PendingCredential[]> {
  const found = await pendingNumbers(folderOf(directory, key), key);
  const newestFirst = found.toSorted((a, b) => b.number - a.number).map(({ number }) => String(number));
  const credentials: PendingCredential[] = [];
  for (const id of newestFirst) {
    const credential = await readCredential(pendingPath(directory, key, id), key);
    if (credential !== null) credentials.push({ id, credential });
  }
  return credentials;
}

async function promote(directory: string, { id, credential }: PendingCredential): Promise<void> {
  const path = pendingPath(directory, credential, id);
  const stored = await readCredential(path, credential);
  if (stored?.password !== credential.password) throw new CredentialStoreError(`${path} is not the credential that was stored there`);
  await replaceFile(path, currentPath(directory, credential));
}

function readCurrent(directory: string, key: CredentialKey): Promise<Credential | null> {
  return readCredential(currentPath(directory, key), key);
}

async function discardPending(directory: string, key: CredentialKey): Promise<void> {
  const folder = folderOf(directory, key);
  for (const { name } of await pendingNumbers(folder, key)) await removeFile(join(folder, name));
  await removeTemporaries(folder);
}

/**
 * What writers that were killed left half written, or written and not yet named. Nobody else writes here now: who stores credentials
 * of a resource holds the lock of its cluster.
 */
async function removeTemporaries(folder: string): Promise<void> {
  for (const { name } of (await entriesOf(folder)).filter((entry) => temporaryFilePattern.test(entry.name)))
    await removeFile(join(folder, name));
}

async function readCredential(path: string, key: CredentialKey): Promise<Credential | null> {
  const file = await readSecretFile(path);
  if ("problem" in file) {
    if (file.problem === "ENOENT") return null;
    throw new CredentialStoreError(`${path} cannot be read (${file.problem})`);
  }
  const credential = parseCredential(file.text, path);
  if (credential.resource !== key.resource || credential.label !== key.label) {
    throw new CredentialStoreError(`${path} holds the credential of another role; move it away and apply again`);
  }
  return credential;
}

async function pendingNumbers(folder: string, key: CredentialKey): Promise<{ name: string; number: number }[]> {
  const prefix = `${safeFileName(key.label)}.pending-`;
  return (await entriesOf(folder)).flatMap(({ name }) => {
    const number = name.startsWith(prefix) ? /^([0-9]{1,9})\.json$/u.exec(name.slice(prefix.length))?.[1] : undefined;
    return number === undefined ? [] : [{ name, number: Number(number) }];
  });
}

/** None where nothing was stored yet. One that cannot be read may hold the only credential that works. */
async function entriesOf(folder: string): Promise<readonly FolderEntry[]> {
  const list = await listFolder(folder);
  if ("entries" in list) return list.entries;
  if (list.problem === "ENOENT") return [];
  throw new CredentialStoreError(`${folder} cannot be read (${list.problem})`);
}

function folderOf(directory: string, key: CredentialKey): string {
  return join(directory, safeFileName(key.resource));
}

function currentPath(directory: string, key: CredentialKey): string {
  return join(folderOf(directory, key), `${safeFileName(key.label)}.json`);
}

function pendingPath(directory: string, key: CredentialKey, id: string): string {
  return join(folderOf(directory, key), `${safeFileName(key.label)}.pending-${id}.json`);
}

/** The system's own errors name no secret, but neither what was being done. */
async function inWords<Result>(doing: string, directory: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof CredentialStoreError) throw cause;
    throw new CredentialStoreError(`cannot ${doing} ${directory}: ${messageOf(cause)}`, { cause });
  }
}
