// Files whose change makes a pull request's own plan worthless as evidence: what runs the plan, and who has to look at it.

const guarded: readonly RegExp[] = [/^\.(?:github|gitea|forgejo)\//u, /^(?:docs\/)?CODEOWNERS$/u];

/** @param paths that a pull request touches, old names included. @returns those that are guarded. */
export function guardedPaths(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => guarded.some((pattern) => pattern.test(path)));
}
