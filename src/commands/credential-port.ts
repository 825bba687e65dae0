// The passwords of an apply: made and stored before the server learns them, tried by a real login before they count.
import type { ApplyPort } from "../apply/apply.ts";
import { openFileStore } from "../credentials/file-store.ts";
import { generatePassword, isScramVerifier, makeScramVerifier, saltBytes } from "../credentials/scram.ts";
import { messageOf } from "../model/error-message.ts";
import type { Credential, CredentialKey, CredentialStore, PendingCredential } from "../credentials/store.ts";
import { ConnectionError } from "../io/connection-error.ts";
import type { RolePlan } from "../model/plan.ts";
import { parseScope } from "../model/scope.ts";
import type { Goal } from "../reconcile.ts";
import type { Connector } from "./connector.ts";
import type { CommandContext } from "./context.ts";
import { storeDirectory } from "./store-directory.ts";
import type { Workspace } from "./workspace.ts";

type Input = { readonly context: CommandContext; readonly workspace: Workspace; readonly connector: Connector; readonly goal: Goal };

export function createCredentialPort(input: Input): Pick<ApplyPort, "preparePassword" | "settleCredential"> {
  const { context, workspace } = input;
  let opened: Promise<CredentialStore> | null = null;
  const store = (): Promise<CredentialStore> => {
    opened ??= openFileStore({ directory: storeDirectory(context, workspace), repositoryDirectory: workspace.directory });
    return opened;
  };
  return {
    async preparePassword(plan) {
      const password = generatePassword(context.randomBytes);
      context.addSecret(password);
      const verifier = makeScramVerifier(password, context.randomBytes(saltBytes));
      context.addSecret(verifier);
      if (!isScramVerifier(verifier)) throw new Error("the password verifier has not the form of one; nothing was sent");
      await (await store()).putPending(await credentialOf(input, plan, password));
      return verifier;
    },
    settleCredential: async (plan, isCommitted) =>
      workspace.desired.settings.credentials.store === null ? null : settle(input, await store(), { plan, isCommitted }),
  };
}

async function credentialOf({ context, workspace, connector, goal }: Input, plan: RolePlan, password: string): Promise<Credential> {
  const { resource } = goal;
  return {
    resource: resource.name,
    label: plan.label,
    host: resource.host,
    port: resource.port,
    sslmode: await connector.sslModeOf(resource),
    user: plan.roleName,
    password,
    databases: databasesOf(plan, goal),
    groups: workspace.desired.groups.filter((group) => group.roles.includes(`${resource.name}/${plan.label}`)).map((group) => group.name),
    createdAt: context.now().toISOString(),
  };
}

/** An external role has no scopes: it connects where its source role may, and to the maintenance database where PUBLIC may. */
function databasesOf(plan: RolePlan, goal: Goal): readonly string[] {
  const databases = plan.config.scopes.map(parseScope).flatMap((scope) => ("database" in scope ? [scope.database] : []));
  return databases.length > 0 ? [...new Set(databases)] : [goal.resource.maintenanceDatabase];
}

/**
 * Whether an interrupted run has left a credential that somebody has to try and promote, although nothing else is left to do.
 * @returns what asks for one role; the store is opened when it is asked first. It throws UsageError and CredentialStoreError.
 */
export function pendingCredentials(context: CommandContext, workspace: Workspace): (key: CredentialKey) => Promise<boolean> {
  if (workspace.desired.settings.credentials.store === null) return () => Promise.resolve(false);
  let opened: Promise<CredentialStore> | null = null;
  return async (key) => {
    opened ??= openFileStore({ directory: storeDirectory(context, workspace), repositoryDirectory: workspace.directory });
    return (await (await opened).pending(key)).length > 0;
  };
}

/**
 * Finds the pending credential that the server knows, promotes it, and forgets the others. After a crash several may wait: one whose
 * transaction was rolled back never worked, and the current one still does. One that this run has committed is the right one
 * for certain: it is promoted also where a login cannot be tried.
 */
async function settle(
  input: Input,
  store: CredentialStore,
  { plan, isCommitted }: { readonly plan: RolePlan; readonly isCommitted: boolean },
): Promise<string | null> {
  const key: CredentialKey = { resource: plan.resource, label: plan.label };
  const pending = await store.pending(key);
  const [newest] = pending;
  if (newest === undefined) return null;
  if (isExpired(plan, input.context.now())) return settleExpired(store, newest, isCommitted);
  if (isCommitted) return settleCommitted(input, store, newest);
  for (const candidate of pending) {
    input.context.addSecret(candidate.credential.password);
    if (await logsIn(input, candidate.credential)) return deliver(store, candidate);
  }
  const current = await store.current(key);
  if (current !== null) {
    input.context.addSecret(current.password);
    if (await logsIn(input, current)) {
      await store.discardPending(key);
      return null;
    }
  }
  return `no stored credential of ${plan.roleName} logs in; set rotate_password: true, plan and apply to give it a new one`;
}

/** PostgreSQL refuses a login past its VALID UNTIL with the words for a wrong password. */
function isExpired({ config }: RolePlan, now: Date): boolean {
  return config.expires_at !== undefined && Date.parse(config.expires_at) <= now.getTime();
}

/** Nobody can log in, so that nothing can be tried: what is not known for certain waits until the role is let in again. */
async function settleExpired(store: CredentialStore, newest: PendingCredential, isCommitted: boolean): Promise<null> {
  return isCommitted ? deliver(store, newest) : null;
}

/** The one that counts; the others that wait are forgotten. */
async function deliver(store: CredentialStore, pending: PendingCredential): Promise<null> {
  await store.promote(pending);
  await store.discardPending(pending.credential);
  return null;
}

async function settleCommitted(input: Input, store: CredentialStore, newest: PendingCredential): Promise<string | null> {
  const { credential } = newest;
  const isProved = await logsIn(input, credential).catch(messageOf);
  if (isProved === false)
    return `the server does not take the new password of ${credential.user}, although it was committed: somebody has changed it meanwhile`;
  await deliver(store, newest);
  return isProved === true ? null : `the new credential of ${credential.user} is delivered, but could not be tried: ${isProved}`;
}

/** @throws where the login can neither be proved nor refuted: no pg_hba.conf line, no connection left. */
async function logsIn({ connector, goal }: Input, credential: Credential): Promise<boolean> {
  const { user, password, databases } = credential;
  try {
    await using connection = await connector.openAs(goal.resource, {
      user,
      password,
      database: databases[0] ?? goal.resource.maintenanceDatabase,
    });
    await connection.query("SELECT 1");
    return true;
  } catch (error) {
    if (error instanceof ConnectionError && error.code === "28P01") return false;
    if (error instanceof ConnectionError && error.isAuthenticated) return true;
    throw error;
  }
}
