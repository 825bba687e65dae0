// What goes wrong on purpose: each fault answers a number of matching requests and is then spent.
export type Request = { readonly method: string; readonly path: string; readonly operation: string | null; readonly body: string };

export type Fault = {
  /** An operation's id such as `issues/create-comment`, or a test of the request. */
  readonly on: string | ((request: Request) => boolean);
  /** How many requests it hits; 1 unless said. */
  readonly times?: number;
  /** How many matching requests pass before. */
  readonly after?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds before the answer. */
  readonly delay?: number;
  /** Closes the connection: `before` the request has an effect, or `after`, when only the answer is lost. */
  readonly drop?: "before" | "after";
  /** Run before the request is served, for races: the request itself then goes on. */
  readonly meanwhile?: () => void | Promise<void>;
};

export type Faults = { readonly add: (fault: Fault) => void; readonly take: (request: Request) => Fault | null };

export function createFaults(): Faults {
  const waiting: { fault: Fault; skip: number; left: number }[] = [];
  return {
    add: (fault) => void waiting.push({ fault, skip: fault.after ?? 0, left: fault.times ?? 1 }),
    take(request) {
      for (const entry of waiting) {
        const { on } = entry.fault;
        if (entry.left === 0 || !(typeof on === "string" ? on === request.operation : on(request))) continue;
        if (entry.skip > 0) entry.skip -= 1;
        else {
          entry.left -= 1;
          return entry.fault;
        }
      }
      return null;
    },
  };
}

/** GitHub's answer to too many requests at once. @param retryAfter seconds */
export function secondaryLimit(on: Fault["on"], retryAfter: number, times = 1): Fault {
  return {
    on,
    times,
    status: 403,
    headers: { "retry-after": String(retryAfter) },
    body: JSON.stringify({
      message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
      documentation_url: "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
    }),
  };
}

/** The primary limit: all requests of the hour are used up. @param reset seconds since 1970 */
export function primaryLimit(on: Fault["on"], reset: number, times = 1): Fault {
  return {
    on,
    times,
    status: 403,
    headers: { "x-ratelimit-limit": "1000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) },
    body: JSON.stringify({
      message: "API rate limit exceeded for installation.",
      documentation_url: "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api",
    }),
  };
}

/** The load balancer's page, which is no JSON. */
export function badGateway(on: Fault["on"], times = 1): Fault {
  return { on, times, status: 502, headers: { "content-type": "text/html" }, body: "<html><body><h1>502 Bad Gateway</h1></body></html>" };
}
