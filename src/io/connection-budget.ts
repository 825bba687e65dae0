// How many connections there are at once, in all and per resource, and who waits.
//
// The rule against deadlock: a lease is either *work*, whose holder waits for no other lease while it holds it, or *held*, such as the
// one of the lock, whose holder may wait for work. Held leases never take the last place, neither in all nor of their resource, so
// work always finds a place sooner or later. Nobody waits for a held lease while holding another.

export type Lease = { readonly release: () => void; readonly [Symbol.dispose]: () => void };

export type LeaseKind = "work" | "held";

export type ConnectionBudget = {
  /**
   * Waits for a place. First come, first served, except that who waits for a busy resource does not keep others waiting.
   * @throws the signal's reason when it is aborted, and RangeError for a held lease where the budget has room for one connection only.
   */
  readonly acquire: (resource: string, kind: LeaseKind, signal?: AbortSignal) => Promise<Lease>;
};

type Waiting = { readonly resource: string; readonly kind: LeaseKind; readonly grant: (lease: Lease) => void };

type Count = { all: number; held: number };

/** @param limits at least 1 each; 2 for applies, which hold the lock on one connection and work on another. */
export function createConnectionBudget(limits: { readonly total: number; readonly perResource: number }): ConnectionBudget {
  const inAll: Count = { all: 0, held: 0 };
  const byResource = new Map<string, Count>();
  const queue: Waiting[] = [];

  function take(request: Waiting): boolean {
    const ofResource = byResource.get(request.resource) ?? { all: 0, held: 0 };
    if (!fits(inAll, limits.total, request.kind) || !fits(ofResource, limits.perResource, request.kind)) return false;
    byResource.set(request.resource, ofResource);
    for (const count of [inAll, ofResource]) add(count, request.kind, 1);
    request.grant(lease(request, ofResource));
    return true;
  }

  function lease(request: Waiting, ofResource: Count): Lease {
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      for (const count of [inAll, ofResource]) add(count, request.kind, -1);
      if (ofResource.all === 0) byResource.delete(request.resource);
      // From the first: whoever has waited longest and fits now.
      for (const waiting of [...queue]) if (take(waiting)) queue.splice(queue.indexOf(waiting), 1);
    };
    return { release, [Symbol.dispose]: release };
  }

  return {
    acquire: async (resource, kind, signal) => {
      signal?.throwIfAborted();
      if (kind === "held" && Math.min(limits.total, limits.perResource) < 2) {
        throw new RangeError("concurrency must allow two connections in all and per resource: one holds the lock while another works");
      }
      const { promise, resolve, reject } = Promise.withResolvers<Lease>();
      const request: Waiting = { resource, kind, grant: resolve };
      // Those of the same resource who came before go before.
      if (queue.some((waiting) => waiting.resource === resource && waiting.kind === kind) || !take(request)) queue.push(request);
      const abort = () => {
        const at = queue.indexOf(request);
        if (at === -1) return;
        queue.splice(at, 1);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      try {
        return await promise;
      } finally {
        signal?.removeEventListener("abort", abort);
      }
    },
  };
}

function fits(count: Count, limit: number, kind: LeaseKind): boolean {
  return count.all < limit && (kind === "work" || count.held < limit - 1);
}

function add(count: Count, kind: LeaseKind, amount: 1 | -1): void {
  count.all += amount;
  if (kind === "held") count.held += amount;
}
