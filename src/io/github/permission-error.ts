// "Resource not accessible by integration": the token of a job has only the permissions that its workflow gives it. GitHub does not say
// in the message which one is missing; it says so in a header, and its reference says it of each operation.
// https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible

type Refused = Error & {
  readonly status: 403;
  readonly request: { readonly method: string; readonly url: string };
  readonly response?: { readonly headers: Readonly<Record<string, unknown>> };
};

/** True where the token lacks a permission; rate limits, too, are refused with 403. */
export function lacksPermission(error: unknown): error is Refused {
  return (
    error instanceof Error &&
    "status" in error &&
    error.status === 403 &&
    "request" in error &&
    /not accessible by|must have admin rights|personal access token/u.test(error.message)
  );
}

/** What the job has to be given: `permissions: { checks: write }`, or what else would do. */
export function missingPermission({ request, response }: Refused): string {
  const told = response?.headers["x-accepted-github-permissions"];
  const sets = typeof told === "string" ? told.split(";").flatMap(readSet) : [];
  const wanted = sets.length > 0 ? sets : [`{ ${scopeOf(request.url)}: ${levelOf(request.method)} }`];
  return `permissions: ${wanted.join(" or ")}`;
}

/** `issues=write,metadata=read` as a workflow writes it. */
function readSet(text: string): readonly string[] {
  const permissions = [...text.matchAll(/([a-z_]+)=(read|write)\b/gu)].map(
    ([, name = "", level = ""]) => `${name.replaceAll("_", "-")}: ${level}`,
  );
  return permissions.length === 0 ? [] : [`{ ${permissions.join(", ")} }`];
}

function levelOf(method: string): "read" | "write" {
  return method === "GET" ? "read" : "write";
}

/** For hosts that send no header. The first that fits. */
const scopes: readonly (readonly [RegExp, string])[] = [
  [/\/check-(?:runs|suites)\b/u, "checks"],
  [/\/actions\//u, "actions"],
  [/\/(?:pulls|pull)\b/u, "pull-requests"],
  [/\/issues\/(?:\d+|comments)\b/u, "pull-requests"],
  [/\/issues\b/u, "issues"],
  [/\/deployments\b/u, "deployments"],
];

function scopeOf(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  return scopes.find(([pattern]) => pattern.test(path))?.[1] ?? "contents";
}
