// Holds the files that are there against the chain that they claim, from the head backwards, and says what was done to which.
import type { ChainEnd } from "./chain.ts";

/** A session file as it is: the hash of its bytes, and the place before it that it names. */
export type ChainFile = { readonly sha256: string; readonly link: ChainEnd | null };

export type ChainProblem = {
  /**
   * `added` also stands for forks: nobody in the chain names the file. `head-lost`: the file itself is as it was written, and says that
   * sessions before it may be gone.
   */
  readonly kind: "changed" | "added" | "lost" | "unreadable" | "head-lost";
  /** Path in the log's folder; "" where only a number is known. */
  readonly file: string;
  readonly message: string;
};

/**
 * @param input.head the end of the chain, or `null` where the head file is missing or unreadable.
 * @param input.files every session file, by path.
 * @returns the problems, from the newest place to the oldest, and how many files are exactly where and what they should be.
 */
export function verifyChain(input: { readonly head: ChainEnd | null; readonly files: ReadonlyMap<string, ChainFile> }): {
  readonly sound: number;
  readonly problems: readonly ChainProblem[];
} {
  const walk = new Walk(input.files);
  if (input.head !== null) walk.from(input.head);
  else if (input.files.size > 0) walk.withoutHead();
  walk.reportRest();
  walk.reportLostHeads();
  return { sound: walk.sound, problems: walk.problems };
}

class Walk {
  readonly problems: ChainProblem[] = [];
  sound = 0;
  readonly #files: ReadonlyMap<string, ChainFile>;
  readonly #byHash: ReadonlyMap<string, string>;
  readonly #visited = new Set<string>();
  /** Files by the number that they claim, highest first; where a link is lost the walk goes on at the next. */
  readonly #claims: readonly { readonly number: number; readonly file: string; readonly sha256: string }[];
  #nextClaim = 0;

  constructor(files: ReadonlyMap<string, ChainFile>) {
    this.#files = files;
    this.#byHash = new Map([...files].map(([file, { sha256 }]) => [sha256, file]));
    this.#claims = [...files]
      .flatMap(([file, { sha256, link }]) => (link === null ? [] : [{ number: link.number + 1, file, sha256 }]))
      .toSorted((a, b) => b.number - a.number || (a.file < b.file ? -1 : 1));
  }

  withoutHead(): void {
    this.#report("lost", "head.yaml", "the head file is missing or unreadable, so that nothing says which session is the last");
    const last = this.#claims[0];
    if (last !== undefined) this.from(last);
  }

  /** Each step goes to a smaller number, so that no forged link can make it endless. */
  from(head: ChainEnd): void {
    let witness = "the head file";
    for (let at: ChainEnd | null = head; at !== null && at.number > 0;) {
      const link: ChainEnd | null = this.#check(at, witness);
      witness = `session ${at.number}`;
      at = link !== null && link.number === at.number - 1 ? link : this.#resume(at.number);
    }
  }

  /** Holds one place against its file. Returns the place before it, as far as that can be known. */
  #check(at: ChainEnd, witness: string): ChainEnd | null {
    const file = this.#files.get(at.file);
    this.#visited.add(at.file);
    if (file?.sha256 === at.sha256) {
      if (file.link?.number === at.number - 1) this.sound += 1;
      else this.#report("unreadable", at.file, `session ${at.number} does not end with a link to session ${at.number - 1}`);
      return file.link;
    }
    const elsewhere = this.#byHash.get(at.sha256);
    if (elsewhere === undefined) {
      if (file === undefined) this.#report("lost", at.file, `session ${at.number} is missing: ${witness} names it`);
      else
        this.#report("changed", at.file, `session ${at.number} has been changed: ${witness} names ${at.sha256} and it is ${file.sha256}`);
      return file?.link ?? null;
    }
    if (file === undefined) {
      this.#visited.add(elsewhere);
      this.#report("lost", at.file, `session ${at.number} is missing here: what it held stands in ${elsewhere}`);
    } else this.#report("changed", at.file, `session ${at.number} has been changed: what it held stands in ${elsewhere}`);
    return this.#files.get(elsewhere)?.link ?? null;
  }

  /** After a place whose file cannot say what was before it. */
  #resume(number: number): ChainEnd | null {
    for (;;) {
      const claim = this.#claims[this.#nextClaim];
      if (claim !== undefined && (claim.number >= number || this.#visited.has(claim.file))) this.#nextClaim += 1;
      else {
        this.#reportGap((claim?.number ?? 0) + 1, number - 1);
        return claim ?? null;
      }
    }
  }

  #reportGap(first: number, last: number): void {
    if (first > last) return;
    const what = first === last ? `session ${first} is` : `sessions ${first} to ${last} are`;
    this.#report("lost", "", `${what} missing, and so is the session that names ${first === last ? "it" : "them"}`);
  }

  reportRest(): void {
    for (const [file, { link }] of this.#files) {
      if (this.#visited.has(file)) continue;
      if (link === null) this.#report("unreadable", file, "it does not end with a link, and no session names it");
      else this.#report("added", file, `no session names it; it claims to be session ${link.number + 1}`);
    }
  }

  /** What has gone with a head shows nowhere else. */
  reportLostHeads(): void {
    for (const [file, { link }] of this.#files) {
      if (link?.headWasLost !== true) continue;
      const message = `head.yaml was lost before session ${link.number + 1} was written: sessions after session ${link.number} may have gone with it`;
      this.#report("head-lost", file, message);
    }
  }

  #report(kind: ChainProblem["kind"], file: string, message: string): void {
    this.problems.push({ kind, file, message });
  }
}
