// The log of a job, which is also the runner's command channel: whatever is written as text must not be taken for a command.
import type { Stream } from "./terminal.ts";

/**
 * Takes every command out of text. The runner obeys `::name::` at the start of a line, after white space, and the older `##[name]`
 * anywhere in one (the runner's ActionCommand.cs); a role called `##[add-mask]postgres` would blank that word in every log.
 */
export function withoutCommands(text: string): string {
  return text.replaceAll(/^(\s*)::/gmu, "$1\\::").replaceAll("##[", "#\\#[");
}

/** A stream whose text carries no commands. Text comes in whole lines. */
export function withoutCommandsOn(stream: Stream): Stream {
  return {
    write: (text, done) => stream.write(withoutCommands(text), done),
    on: (event, listener) => stream.on(event, listener),
  };
}
