// Certificates made on the spot with the machine's openssl, which every developer's and runner's image has.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Authority = {
  /** PEM text of its certificate. */
  readonly certificate: string;
  /** @param names as in subjectAltName: `DNS:localhost`, `IP:127.0.0.1`. */
  readonly issue: (names: string) => { readonly certificate: string; readonly key: string };
};

/** A certificate authority that nobody else knows. */
export function createAuthority(name: string): Authority {
  const root = selfSigned({ name, extensions: "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign" });
  return {
    certificate: root.certificate,
    issue: (names) =>
      inFolder((folder) => {
        writeFileSync(join(folder, "ca.pem"), root.certificate);
        writeFileSync(join(folder, "ca.key"), root.key);
        writeFileSync(join(folder, "extensions"), `subjectAltName=${names}\n`);
        openssl(folder, [
          "req",
          "-new",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:prime256v1",
          "-nodes",
          "-subj",
          "/CN=server",
          "-keyout",
          "key.pem",
          "-out",
          "request.pem",
        ]);
        openssl(folder, [
          "x509",
          "-req",
          "-in",
          "request.pem",
          "-CA",
          "ca.pem",
          "-CAkey",
          "ca.key",
          "-CAcreateserial",
          "-days",
          "2",
          "-extfile",
          "extensions",
          "-out",
          "cert.pem",
        ]);
        return { certificate: readFileSync(join(folder, "cert.pem"), "utf8"), key: readFileSync(join(folder, "key.pem"), "utf8") };
      }),
  };
}

function selfSigned(input: { readonly name: string; readonly extensions: string }): { readonly certificate: string; readonly key: string } {
  return inFolder((folder) => {
    const config = `[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\n[dn]\nCN=${input.name}\n[ext]\n${input.extensions}\n`;
    writeFileSync(join(folder, "config"), config);
    openssl(folder, [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
      "-config",
      "config",
      "-keyout",
      "key.pem",
      "-out",
      "cert.pem",
    ]);
    return { certificate: readFileSync(join(folder, "cert.pem"), "utf8"), key: readFileSync(join(folder, "key.pem"), "utf8") };
  });
}

function inFolder<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "rolewright-certificates-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openssl(folder: string, parameters: readonly string[]): void {
  execFileSync("openssl", parameters, { cwd: folder, stdio: "pipe" });
}
