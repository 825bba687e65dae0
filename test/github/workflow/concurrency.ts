// Concurrency groups: one runs, and by default only one waits; a newer one takes its place and cancels it.
export type GroupRequest = {
  readonly group: string;
  readonly cancelInProgress: boolean;
  /** `queue: max`: up to 100 wait, in order. */
  readonly queue: "single" | "max";
  /** Called where a newer member cancels this one while it runs. */
  readonly cancel: () => void;
};

/** Ends the membership, so that the next may start. */
export type Release = () => void;

export type Groups = {
  /** Waits for its turn; null where a newer member took the place. */
  readonly enter: (request: GroupRequest) => Promise<Release | null>;
};

type Waiting = { readonly request: GroupRequest; readonly start: (release: Release | null) => void };

const longestQueue = 100;

export function createGroups(): Groups {
  const running = new Map<string, GroupRequest>();
  const waiting = new Map<string, Waiting[]>();
  const leave = (key: string): void => {
    running.delete(key);
    const next = waiting.get(key)?.shift();
    if (next === undefined) return;
    running.set(key, next.request);
    next.start(() => leave(key));
  };
  return {
    async enter(request) {
      const key = request.group.toLowerCase();
      const current = running.get(key);
      if (current === undefined) {
        running.set(key, request);
        return () => leave(key);
      }
      if (request.cancelInProgress) current.cancel();
      const queue = waiting.get(key) ?? [];
      waiting.set(key, queue);
      if (request.queue === "single") for (const dropped of queue.splice(0)) dropped.start(null);
      if (queue.length >= longestQueue) return null;
      return new Promise((start) => queue.push({ request, start }));
    },
  };
}
