#!/usr/bin/env node
// Starts rolewright: the bundle where one was built from these sources, else the sources themselves.
// Written for any Node that can read it, so that an old one is told so plainly.
import { existsSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const wantedMajor = 24;
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const bundle = path("../build/rolewright.mjs");
const source = path("../src/main.ts");

function newest(entry) {
  const status = statSync(entry);
  if (!status.isDirectory()) return status.mtimeMs;
  return readdirSync(entry).reduce((time, name) => Math.max(time, newest(`${entry}/${name}`)), 0);
}

function entryPoint() {
  if (!existsSync(source)) return bundle;
  if (!existsSync(bundle)) return source;
  // The bundle holds all of these.
  const made = ["../src", "../schemas", "../package.json"].map((part) => newest(path(part)));
  return statSync(bundle).mtimeMs >= Math.max(...made) ? bundle : source;
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
