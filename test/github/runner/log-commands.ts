// Commands in the log, by the runner's two parsers: `::name key=value::data` at the start of a line, and the old `##[name key=value]data` anywhere in it.
// Source: actions/runner, src/Runner.Common/ActionCommand.cs and src/Runner.Worker/ActionCommandManager.cs.

export type LogCommand = { readonly name: string; readonly properties: Readonly<Record<string, string>>; readonly data: string };

const registered = new Set([
  "add-mask",
  "add-matcher",
  "add-path",
  "debug",
  "echo",
  "endgroup",
  "error",
  "group",
  "notice",
  "remove-matcher",
  "save-state",
  "set-env",
  "set-output",
  "stop-commands",
  "warning",
]);

/** The command in a line of output, null where the line is plain text. `resume` is the token that ends `stop-commands`. */
export function parseLogCommand(line: string, resume: string | null = null): LogCommand | null {
  const isKnown = (name: string): boolean => registered.has(name.toLowerCase()) || name.toLowerCase() === resume?.toLowerCase();
  return parseNew(line, isKnown) ?? parseOld(line, isKnown);
}

function parseNew(line: string, isKnown: (name: string) => boolean): LogCommand | null {
  const trimmed = line.trimStart();
  const end = trimmed.indexOf("::", 2);
  if (!trimmed.startsWith("::") || end === -1) return null;
  const [name, rest] = splitName(trimmed.slice(2, end));
  if (!isKnown(name)) return null;
  return {
    name: name.toLowerCase(),
    properties: propertiesOf(rest.trim(), ",", unescapeProperty),
    data: unescapeData(trimmed.slice(end + 2)),
  };
}

function parseOld(line: string, isKnown: (name: string) => boolean): LogCommand | null {
  const start = line.indexOf("##[");
  const end = line.indexOf("]", start);
  if (start === -1 || end === -1) return null;
  const [name, rest] = splitName(line.slice(start + 3, end));
  if (!isKnown(name)) return null;
  return { name: name.toLowerCase(), properties: propertiesOf(rest, ";", unescapeOld), data: unescapeOld(line.slice(end + 1)) };
}

function splitName(info: string): readonly [name: string, rest: string] {
  const space = info.indexOf(" ");
  return space === -1 ? [info, ""] : [info.slice(0, space), info.slice(space + 1)];
}

function propertiesOf(text: string, separator: string, unescape: (value: string) => string): Record<string, string> {
  const pairs = text.split(separator).flatMap((pair): [string, string][] => {
    const [, key, value] = /^=*([^=]+)=(.+)$/su.exec(pair) ?? [];
    return key === undefined || value === undefined ? [] : [[key, unescape(value)]];
  });
  return Object.fromEntries(pairs);
}

function unescapeData(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

function unescapeProperty(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%25", "%");
}

function unescapeOld(text: string): string {
  return text.replaceAll("%3B", ";").replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%5D", "]").replaceAll("%25", "%");
}
