// Gives a copied data directory a system identifier of its own, so that two servers made from one template are two clusters.
// The identifier stands in pg_control, under a checksum, and in the first page of each WAL segment.
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Rewrites the identifier of a cleanly shut down data directory. */
export function renewSystemIdentifier(dataDirectory: string): void {
  const identifier = randomBytes(8);
  // The server prints it as a signed or unsigned number, by version: a positive one reads the same in both.
  identifier[7] = (identifier[7] ?? 0) & 0x7f;
  const controlFile = join(dataDirectory, "global", "pg_control");
  const control = readFileSync(controlFile);
  const checksumAt = findChecksum(control);
  identifier.copy(control, 0);
  control.writeUInt32LE(crc32c(control.subarray(0, checksumAt)), checksumAt);
  writeFileSync(controlFile, control);
  const wal = join(dataDirectory, "pg_wal");
  for (const name of readdirSync(wal).filter((entry) => /^[0-9A-F]{24}$/u.test(entry))) {
    const segment = readFileSync(join(wal, name));
    identifier.copy(segment, 24);
    writeFileSync(join(wal, name), segment);
  }
}

/** The layout differs by version; the checksum is where it fits what stands before it. */
function findChecksum(control: Buffer): number {
  for (let at = 200; at < 512; at += 4) {
    if (control.readUInt32LE(at) === crc32c(control.subarray(0, at))) return at;
  }
  throw new Error("pg_control has no checksum where one is expected");
}

function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
