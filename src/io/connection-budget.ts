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

type Limits = { readonly total: number; readonly perResource: number };

/** @param limits at least 1 each; 2 for applies, which hold the lock on one connection and work on another. */
export function createConnectionBudget(limits: Limits): ConnectionBudget {
  const places = new Places(limits);
  let queue: readonly Waiting[] = [];
  const take = (request: Waiting): boolean => {
    const release = places.take(request);
    if (release === null) return false;
    const releaseOnce = once(() => {
      release();
      // From the first: whoever has waited longest and fits now.
      queue = queue.filter((waiting) => !take(waiting));
    });
    request.grant({ release: releaseOnce, [Symbol.dispose]: releaseOnce });
    return true;
  };
  return {
    acquire: async (resource, kind, signal) => {
      signal?.throwIfAborted();
      if (kind === "held" && Math.min(limits.total, limits.perResource) < 2) {
        throw new RangeError("concurrency must allow two connections in all and per resource: one holds the lock while another works");
      }
      const { promise, resolve, reject } = Promise.withResolvers<Lease>();
      const request: Waiting = { resource, kind, grant: resolve };
      if (!take(request)) queue = [...queue, request];
      const abort = () => {
        queue = queue.filter((waiting) => waiting !== request);
        reject(signal?.reason); // Without effect where the lease is granted already.
      };
      signal?.addEventListener("abort", abort, { once: true });
      return promise.finally(() => signal?.removeEventListener("abort", abort));
    },
  };
}

class Places {
  readonly #limits: Limits;
  readonly #inAll: Count = { all: 0, held: 0 };
  readonly #byResource = new Map<string, Count>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** @returns how to give the place back, or `null` where there is none. */
  take({ resource, kind }: { readonly resource: string; readonly kind: LeaseKind }): (() => void) | null {
    const ofResource = this.#byResource.get(resource) ?? { all: 0, held: 0 };
    if (!fits(this.#inAll, this.#limits.total, kind) || !fits(ofResource, this.#limits.perResource, kind)) return null;
    this.#byResource.set(resource, ofResource);
    for (const count of [this.#inAll, ofResource]) add(count, kind, 1);
    return () => {
      for (const count of [this.#inAll, ofResource]) add(count, kind, -1);
      if (ofResource.all === 0) this.#byResource.delete(resource);
    };
  }
}

type Count = { all: number; held: number };

function fits(count: Count, limit: number, kind: LeaseKind): boolean {
  return count.all < limit && (kind === "work" || count.held < limit - 1);
}

function add(count: Count, kind: LeaseKind, amount: 1 | -1): void {
  count.all += amount;
  if (kind === "held") count.held += amount;
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
