#!/usr/bin/env node
// Starts rolewright: the bundle where one was built from these sources, else the sources themselves.
// Written for any Node that can read it, so that an old one is told so plainly.
import { existsSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const wantedMajor = 24;
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const bundle = path("../dist/rolewright.mjs");
const source = path("../src/main.ts");

function newest(directory) {
  let time = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const child = `${directory}/${entry.name}`;
    time = Math.max(time, entry.isDirectory() ? newest(child) : statSync(child).mtimeMs);
  }
  return time;
}

function entryPoint() {
  if (!existsSync(source)) return bundle;
  if (!existsSync(bundle)) return source;
  return statSync(bundle).mtimeMs >= newest(path("../src")) ? bundle : source;
}

/** A fresh clone has the right Node among its development dependencies. */
async function runWithLocalNode() {
  const local = path("../node_modules/.bin/node");
  if (process.env.ROLEWRIGHT_REEXECUTED === undefined && existsSync(local)) {
    const { spawn } = await import("node:child_process");
    const child = spawn(local, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: "inherit",
      env: { ...process.env, ROLEWRIGHT_REEXECUTED: "1" },
    });
    // The child decides when it ends. A terminal sends Ctrl-C to both; main.ts counts the two as one.
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
    child.on("exit", (code) => process.exit(code ?? 1));
    child.on("error", complain);
    return;
  }
  complain();
}

function complain() {
  process.stderr.write(
    `rolewright needs Node.js ${wantedMajor} or newer, and this is ${process.version}\n  Install it from https://nodejs.org, or put it first on PATH.\n`,
  );
  process.exit(1);
}

if (Number(process.versions.node.split(".")[0]) < wantedMajor) await runWithLocalNode();
else await import(entryPoint());
