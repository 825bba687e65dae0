// What the access repository itself says.
import { judge, type Finding } from "./finding.ts";

export type FilesFacts = {
  /** Of `validate`. */
  readonly errors: number;
  /** `repository:` of the settings; `null` where they name none. */
  readonly repositoryName: string | null;
  readonly store: string | null;
};

/** @param repository on GitHub, `owner/name`. */
export function judgeFiles({ errors, repositoryName, store }: FilesFacts, repository: string): readonly Finding[] {
  return judge("files", [
    {
      holds: errors === 0,
      code: "valid",
      good: "the files have no errors",
      bad: `the files have ${errors === 1 ? "1 error" : `${errors} errors`}`,
      advice: "rolewright validate names them",
    },
    {
      holds: repositoryName !== null,
      code: "repository-name",
      good: `roles carry the name ${repositoryName ?? ""}`,
      bad: "rolewright.yaml names no repository, so that roles carry the name of the Git remote, which changes when it moves",
      advice: `repository: ${repository}`,
      otherwise: "warning",
    },
    {
      holds: store !== null,
      code: "credential-store",
      good: `generated passwords go to ${store ?? ""}`,
      bad: "rolewright.yaml names no credential store, so that no role can be made",
      advice: 'credentials: {store: "file:…"}, a folder outside of the repository, on the machine that applies',
    },
  ]);
}
