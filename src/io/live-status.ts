// The live block at the bottom of a terminal: one line per key, redrawn in place. Other output goes above it.
import type { Stream } from "./terminal.ts";

const redrawMilliseconds = 50;

export class LiveStatus {
  readonly #stream: Stream;
  readonly #format: (line: string) => string;
  readonly #lines = new Map<string, string>();
  #drawn = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param format cuts a line to the terminal's width, so that one line stays one row and the cursor finds its way back. */
  constructor(stream: Stream, format: (line: string) => string) {
    this.#stream = stream;
    this.#format = format;
  }

  set(key: string, text: string): void {
    this.#lines.set(key, text);
    this.#schedule();
  }

  remove(key: string): void {
    this.#lines.delete(key);
    this.#schedule();
  }

  /** Takes the block off the screen; the next `set` or `redraw` brings it back. */
  erase(): void {
    if (this.#drawn > 0) this.#stream.write(`\u001b[${this.#drawn}A\r\u001b[J`);
    this.#drawn = 0;
  }

  redraw(): void {
    this.erase();
    const room = Math.max(1, (this.#stream.rows ?? 24) - 2);
    const shown = [...this.#lines].slice(0, room).map(([key, text]) => this.#format(`${key}  ${text}`));
    if (this.#lines.size > room) shown[room - 1] = this.#format(`… and ${this.#lines.size - room + 1} more`);
    for (const line of shown) this.#stream.write(`${line}\n`);
    this.#drawn = shown.length;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lines.clear();
    this.erase();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.redraw();
    }, redrawMilliseconds).unref();
  }
}
