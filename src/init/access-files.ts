// The files of an access repository besides its workflows and its README.
import { placeholderOwner } from "../model/action-pin.ts";
import type { SessionLog } from "./workflow-parts.ts";

export const placeholderOwners = [`@${placeholderOwner}/database-admins`];

/** @param schemas address of the folder with the JSON Schemas of the pinned version. */
export function settingsFile(input: {
  readonly schemas: string;
  /** `owner/name`; `null` where nobody knows it yet. */
  readonly repository: string | null;
  readonly store: string;
}): string {
  const { schemas, repository, store } = input;
  return `# yaml-language-server: $schema=${schemas}/settings.schema.json
# Settings of this access repository. All are optional.

# Stands in the comment of each role that is made, so that rolewright knows its own: with another name they would be strangers to it.
${repository === null ? "# repository: acme/access" : `repository: ${repository}`}

# Where generated passwords go: a folder outside of the repository, on the machine that applies, that stays and is backed up.
credentials:
  store: file:${store}
`;
}

/** Header only: a repository that declares nothing is in sync with every server. */
export const inventoryFile = "name,type,host,port\n";
export const rolesFile = "resource_name,type,role,scopes,permissions,source_role\n";

export function accessFile({ schemas }: { readonly schemas: string }): string {
  return `# yaml-language-server: $schema=${schemas}/access.schema.json
# Who may use which role. It goes along with the delivered credentials; no SQL is made of it.
groups: {}
#  analysts:
#    members: [ada@example.com]
#    roles: [analytics/ro]
`;
}

/** https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners */
export function codeOwnersFile(input: { readonly mark: string; readonly owners: readonly string[]; readonly directory: string }): string {
  const { mark, owners, directory } = input;
  const paths = directory === "" ? ["*"] : ["/.github/", `/${directory}/`];
  return `# ${mark}
# Whoever may change these files may change who may do what, and how that is checked.
${paths.map((path) => `${path} ${owners.join(" ")}\n`).join("")}`;
}

export function gitIgnoreFile({ mark, sessionLog }: { readonly mark: string; readonly sessionLog: SessionLog }): string {
  const kept = { artifact: "kept as artifacts", branch: "kept on a branch of their own", none: "not kept" }[sessionLog.kind];
  return `# ${mark}
# Sessions of runs on this machine; those of the workflows are ${kept}.
/sessions/
# Nothing of these belongs into a commit, wherever somebody has put it.
/credentials/
/result.yaml
.env
`;
}
