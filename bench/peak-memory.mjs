// Loaded into the measured process: at its end it writes its peak resident memory, in bytes, to the file that ROLEWRIGHT_BENCH_MEMORY names.
import { readFileSync, writeFileSync } from "node:fs";

process.on("exit", () => {
  // On Linux maxRSS is carried over from the parent that started us; VmHWM is ours alone.
  const kilobytes =
    process.platform === "linux"
      ? Number(/^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync("/proc/self/status", "utf8"))?.[1])
      : process.resourceUsage().maxRSS;
  writeFileSync(process.env.ROLEWRIGHT_BENCH_MEMORY, String(kilobytes * 1024));
});
