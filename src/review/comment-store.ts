// Where the passwords of new roles go: no statement says it, and whoever approves the plan approves that as well.
import { makesPassword } from "../model/makes-password.ts";
import type { CommentInput } from "./comment-input.ts";
import { code } from "./markdown.ts";

const pathLength = 500;

/** @returns "" where nothing changes. */
export function storeChange({ store }: CommentInput): string {
  if (store === undefined || store.now === store.before) return "";
  const [from, to] = [store.before, store.now].map((place) => (place === null ? "none" : code(place, pathLength)));
  return `**Generated passwords go elsewhere**: \`credentials.store\` ${from} → ${to}.`;
}

/** @returns "" for a plan that makes no password. */
export function storeOf({ store, plan }: CommentInput): string {
  return store === undefined || store.now === null || !plan.roles.some(makesPassword) ? "" : code(store.now, pathLength);
}
