// This process and others of this machine.
import { hostname } from "node:os";
import { isErrorCode } from "./files.ts";

/** How locks and journals tell who made them. */
export function thisProcess(): { readonly pid: number; readonly host: string } {
  return { pid: process.pid, host: hostname() };
}

/** True where a process with this id runs, whoever owns it. */
export function isProcessAlive(pid: number): boolean {
  try {
    // Signal 0 is only a question.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isErrorCode(error, "EPERM");
  }
}
