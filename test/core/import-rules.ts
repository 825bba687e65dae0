// The invariants of src/README.md as a function over sources, so that the test can feed it sources that break them.

export type Source = { readonly path: string; readonly text: string };

const stages = ["load", "introspect", "diff", "plan", "review", "apply", "session", "credentials", "trust", "init", "doctor"];

/** What composes the stages; no stage knows of it. */
const composers = ["commands", "action", ""];
const pure = ["model", "diff", "plan", "review", "trust", "init", "doctor"];

/** What the pure set may use besides src/model: hashing, and one library that only computes. */
const allowedInPure: Readonly<Record<string, readonly string[]>> = {
  model: ["node:crypto"],
  diff: ["node:crypto"],
  plan: ["node:crypto"],
  review: ["node:crypto", "string-width"],
  trust: ["node:crypto", "node:zlib"],
  doctor: ["yaml"],
};

/** Only these may open files, besides src/io; the entry points read nothing themselves. */
const mayUseFiles = ["src/io/"];

const entryPoints = new Set(["src/main.ts", "src/action.ts"]);

const maximumLines = 300;

/** @returns one sentence per violation; paths are relative to the repository and begin with `src/`. */
export function findViolations(sources: readonly Source[]): readonly string[] {
  return sources.flatMap(({ path, text }) => [
    ...importsOf(text).flatMap((specifier) => violationsOfImport(path, specifier)),
    ...violationsOfProcess(path, text),
    ...(text.split("\n").length - 1 > maximumLines ? [`${path} has more than ${maximumLines} lines`] : []),
  ]);
}

function violationsOfImport(path: string, specifier: string): readonly string[] {
  const directory = directoryOf(path);
  const target = specifier.startsWith(".") ? resolve(path, specifier) : null;
  const into = target?.startsWith("src/") ? directoryOf(target) : null;
  const violations: string[] = [];
  const says = (rule: string): void => void violations.push(`${path} imports ${specifier}: ${rule}`);
  if (into !== null && stages.includes(directory) && stages.includes(into) && directory !== into)
    says("a stage never imports another stage");
  if (into !== null && stages.includes(directory) && composers.includes(into)) says("a stage knows nothing of who composes it");
  if (directory === "io" && into !== null && !["io", "model"].includes(into)) says("io knows only the model");
  if (directory === "model" && into !== null && into !== "model") says("the model knows nobody");
  if (pure.includes(directory) && into === "io") says("a pure directory does no I/O");
  if (pure.includes(directory) && target === null && !(allowedInPure[directory] ?? []).includes(specifier))
    says("a pure directory uses only the model");
  if (/^(?:pg|simple-git|@octokit)(?:\/|$)/u.test(specifier) && directory !== "io") says("only io talks to PostgreSQL, Git and GitHub");
  if (directory === "commands" && into === "action") says("the command line knows nothing of the Action");
  if (/^(?:node:)?fs(?:\/|$)/u.test(specifier) && !mayUseFiles.some((allowed) => path.startsWith(allowed))) says("only io opens files");
  return violations;
}

function violationsOfProcess(path: string, text: string): readonly string[] {
  if (entryPoints.has(path)) return [];
  const found = /\bprocess\.(?:argv|env|exit|exitCode|stdout|stderr|on)\b/u.exec(withoutComments(text));
  return found === null ? [] : [`${path} uses ${found[0]}: only an entry point touches the process`];
}

/** Static, re-exporting, dynamic and type imports alike: a type is a dependency, too. */
export function importsOf(text: string): readonly string[] {
  const patterns = [
    /\b(?:import|export)\b[^;"']*?\bfrom\s*["']([^"']+)["']/gu,
    /\bimport\s*["']([^"']+)["']/gu,
    /\b(?:import|require)\s*\(\s*["']([^"']+)["']/gu,
  ];
  const code = withoutComments(text);
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ""));
}

function withoutComments(text: string): string {
  return text.replace(/^\s*(?:\/\/|\*|\/\*).*$/gmu, "");
}

/** `diff` for src/diff/bulk.ts, `` for src/main.ts. */
function directoryOf(path: string): string {
  const parts = path.split("/");
  return parts.length > 2 ? (parts[1] ?? "") : "";
}

function resolve(from: string, specifier: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
