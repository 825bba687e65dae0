// Evidence in the plan's comment, for hosts without check runs: its seal proves that the plan's environment made it, whoever wrote or
// edited the comment around it.
import { listComments } from "../io/github/comments.ts";
import type { HostPull } from "../io/github/pull-requests.ts";
import { parseMarker } from "../review/comment-marker.ts";
import { isSealedBy } from "../trust/evidence-mac.ts";
import { evidenceVersion, type Evidence } from "../trust/evidence.ts";
import type { ActionContext } from "./context.ts";
import { requireEvidenceKey } from "./inputs.ts";
import type { Denial } from "./trusted-plan.ts";

/** @returns the newest sealed plan of exactly this head, else why there is none. */
export async function evidenceInComment({ github, inputs, run }: ActionContext, pull: HostPull): Promise<Evidence | Denial> {
  const markers = (await listComments(github, pull.number)).flatMap(({ body }) => parseMarker(body.replaceAll("\r\n", "\n")) ?? []);
  const sealed = markers.filter(({ seal, env, pr }) => seal !== undefined && env === inputs.environment && pr === pull.number);
  const environment = inputs.environment;
  const key = requireEvidenceKey(inputs);
  for (const { head, checksum, catalog, declared, seal } of sealed.toReversed()) {
    const { unconnected = [], store = "", mac = "" } = seal ?? {};
    const said = { head, environment, checksum, catalog, declared, unconnected, store };
    const plan = { repositoryId: run.repositoryId, pullRequest: pull.number, ...said };
    if (head !== pull.headSha || !isSealedBy(key, plan, mac)) continue;
    return { v: evidenceVersion, run: 0, base: "", ...said, roles: null };
  }
  if (sealed.length === 0) return { reason: "evidence-missing", message: `no comment of #${pull.number} carries a sealed plan` };
  return {
    reason: "evidence-untrusted",
    message: `no plan in the comments of #${pull.number} is sealed for ${pull.headSha} with this evidence-key`,
  };
}
