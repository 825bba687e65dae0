// Child processes of the tests compile the same sources hundreds of times; Node keeps what it has compiled, checked against the source.
import { fileURLToPath } from "node:url";

/** To be added to the environment of a child process: https://nodejs.org/api/module.html#module-compile-cache */
export const compileCache = { NODE_COMPILE_CACHE: fileURLToPath(new URL("../../node_modules/.cache/compile", import.meta.url)) };
