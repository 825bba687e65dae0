// Check runs: the evidence that a plan was made for a commit. Only apps can make them, and GitHub Actions is one.
// https://docs.github.com/rest/checks/runs
import type { GitHubClient } from "./client.ts";

/** As many annotations as one request may carry. */
export type CheckAnnotations = readonly {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column: number;
  readonly end_column: number;
  readonly annotation_level: "failure" | "warning";
  readonly title: string;
  readonly message: string;
}[];

export type NewCheck = {
  readonly name: string;
  readonly headSha: string;
  readonly conclusion: "success" | "failure" | "neutral" | "action_required";
  readonly externalId: string;
  readonly detailsUrl: string;
  readonly title: string;
  /** At most 65,535 characters each, Markdown. */
  readonly summary: string;
  readonly text: string;
  /** One list for each request. */
  readonly annotations: readonly CheckAnnotations[];
};

export type HostCheck = {
  readonly id: number;
  readonly name: string;
  readonly headSha: string;
  readonly conclusion: string | null;
  readonly externalId: string;
  readonly url: string;
  readonly appId: number | null;
  readonly text: string;
};

/** Makes a completed check run; annotations that do not fit into one request follow in others. */
export async function createCheck({ rest, at }: GitHubClient, check: NewCheck): Promise<HostCheck> {
  const { title, summary, text } = check;
  const [first = [], ...more] = check.annotations;
  const { data } = await rest.checks.create({
    ...at,
    name: check.name,
    head_sha: check.headSha,
    status: "completed",
    conclusion: check.conclusion,
    external_id: check.externalId,
    details_url: check.detailsUrl,
    output: { title, summary, ...(text === "" ? {} : { text }), ...(first.length === 0 ? {} : { annotations: [...first] }) },
  });
  for (const annotations of more)
    await rest.checks.update({ ...at, check_run_id: data.id, output: { title, summary, annotations: [...annotations] } });
  return readCheck(data);
}

/** Every check run with this name on a commit, the newest first: a newer one takes none away. */
export async function listChecks({ rest, paginate, at }: GitHubClient, commit: string, name: string): Promise<readonly HostCheck[]> {
  const runs = await paginate(rest.checks.listForRef, { ...at, ref: commit, check_name: name, filter: "all", per_page: 100 });
  return runs.map(readCheck).toSorted((a, b) => b.id - a.id);
}

type CheckData = {
  readonly id: number;
  readonly name: string;
  readonly head_sha: string;
  readonly conclusion: string | null;
  readonly external_id: string | null;
  readonly details_url: string | null;
  readonly html_url: string | null;
  readonly app: { readonly id: number } | null;
  readonly output: { readonly text: string | null };
};

function readCheck(data: CheckData): HostCheck {
  return {
    id: data.id,
    name: data.name,
    headSha: data.head_sha,
    conclusion: data.conclusion,
    externalId: data.external_id ?? "",
    url: data.html_url ?? "",
    appId: data.app?.id ?? null,
    text: data.output.text ?? "",
  };
}
