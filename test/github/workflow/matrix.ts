// The jobs that a matrix stands for.
import { isObject, type Json, type JsonObject } from "../openapi/contract.ts";

export const largestMatrix = 256;

/** One entry per job; a job without a matrix is one with an empty entry. @throws Error above 256 jobs */
export function expandMatrix(matrix: Json | undefined): readonly JsonObject[] {
  if (!isObject(matrix)) return [{}];
  const { include, exclude, ...axes } = matrix;
  const combined = Object.entries(axes).reduce<JsonObject[]>(
    (found, [name, values]) =>
      found.flatMap((entry) => (Array.isArray(values) ? values.map((value) => ({ ...entry, [name]: value })) : [])),
    Object.keys(axes).length === 0 ? [] : [{}],
  );
  const kept = combined.filter((entry) => !objects(exclude).some((gone) => agrees(entry, gone, Object.keys(gone))));
  const entries = kept.map((entry) => ({ ...entry }));
  for (const extra of objects(include)) {
    // It joins the combinations whose own values it leaves as they are, else it is one more job.
    const fitting = entries.filter((_, index) =>
      agrees(
        kept[index] ?? {},
        extra,
        Object.keys(extra).filter((key) => key in axes),
      ),
    );
    if (kept.length === 0 || fitting.length === 0) entries.push({ ...extra });
    else for (const entry of fitting.slice(0, kept.length)) Object.assign(entry, extra);
  }
  if (entries.length > largestMatrix) throw new Error(`the matrix has ${entries.length} jobs, GitHub allows ${largestMatrix}`);
  return entries;
}

function agrees(entry: JsonObject, other: JsonObject, keys: readonly string[]): boolean {
  return keys.every((key) => JSON.stringify(entry[key]) === JSON.stringify(other[key]));
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((entry) => isObject(entry)) : [];
}
