// Evidence in the plan's comment, for hosts without check runs: its seal proves that the plan's environment made it, whoever wrote or
// edited the comment around it.
import { listComments } from "../io/github/comments.ts";
import type { HostPull } from "../io/github/pull-requests.ts";
import { parseMarker, type CommentMarker, type CommentSeal } from "../review/comment-marker.ts";
import { isSealedBy, type SealedPlan } from "../trust/evidence-mac.ts";
import { evidenceVersion } from "../trust/evidence.ts";
import type { ActionContext } from "./context.ts";
import { requireEvidenceKey } from "./inputs.ts";
import type { Denial, TrustedPlan } from "./trusted-plan.ts";

/** @returns the newest sealed plan of exactly this head, else why there is none. */
export async function evidenceInComment(context: ActionContext, pull: HostPull): Promise<TrustedPlan | Denial> {
  const { environment } = context.inputs;
  const sealed = await sealedMarkers(context, pull.number);
  const key = requireEvidenceKey(context.inputs);
  for (const marker of sealed.toReversed()) {
    if (marker.head !== pull.headSha || !isSealedBy(key, sealedPlan(context, marker), marker.seal.mac)) continue;
    const { head, checksum, catalog, declared, seal } = marker;
    const { targets, unconnected, store, since } = seal;
    const said = { head, environment, checksum, catalog, declared, targets, unconnected, store };
    return { evidence: { v: evidenceVersion, run: 0, base: "", ...said, roles: null }, since };
  }
  if (sealed.length === 0) return { reason: "evidence-missing", message: `no comment of #${pull.number} carries a sealed plan` };
  return {
    reason: "evidence-untrusted",
    message: `no plan in the comments of #${pull.number} is sealed for ${pull.headSha} with this evidence-key`,
  };
}

/**
 * When the very same plan was sealed first, so that one made again keeps its approvals; `null` where it is new. Whoever may edit comments
 * can bring an older one back, but none from before there was this plan.
 */
export async function sealedBefore(context: ActionContext, plan: Omit<SealedPlan, "since">): Promise<string | null> {
  const key = requireEvidenceKey(context.inputs);
  const same = (await sealedMarkers(context, plan.pullRequest)).filter(({ seal }) =>
    isSealedBy(key, { ...plan, since: seal.since }, seal.mac),
  );
  return same.map(({ seal }) => seal.since).toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
}

type SealedMarker = CommentMarker & { readonly seal: CommentSeal };

/** The oldest first; whether the seals hold is another question. */
async function sealedMarkers({ github, inputs }: ActionContext, pullRequest: number): Promise<readonly SealedMarker[]> {
  const comments = await listComments(github, pullRequest);
  return comments
    .flatMap(({ body }) => parseMarker(body.replaceAll("\r\n", "\n")) ?? [])
    .flatMap(({ seal, ...marker }) =>
      seal !== undefined && marker.env === inputs.environment && marker.pr === pullRequest ? [{ ...marker, seal }] : [],
    );
}

function sealedPlan({ run }: ActionContext, { env, pr, head, checksum, catalog, declared, seal }: SealedMarker): SealedPlan {
  const { targets, unconnected, store, since } = seal;
  const { repositoryId } = run;
  return { repositoryId, pullRequest: pr, environment: env, head, checksum, catalog, declared, targets, unconnected, store, since };
}
