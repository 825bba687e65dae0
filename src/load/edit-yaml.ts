// Edits the text of a YAML list through its document, which keeps comments, order, anchors and quoting of what does not change.
import { isMap, isNode, isScalar, isSeq, Pair, YAMLMap, YAMLSeq, type Document } from "yaml";
import type { ListEdit } from "./edit-csv.ts";
import { newReport } from "./report.ts";
import type { Path } from "./source.ts";
import { readYamlFile } from "./yaml-source.ts";

type Input = {
  readonly file: string;
  readonly text: string;
  /** Where the list goes if the file has none. */
  readonly listKey: string;
  readonly edit: ListEdit;
};

/** @returns the new text; the old one where the file cannot be edited, which the caller finds by reading the result. */
export function editYaml(input: Input): string {
  const yaml = readYamlFile(input, newReport());
  if (yaml === null || yaml.source.isPartial === true) return input.text;
  const { document } = yaml;
  for (const { path, values } of input.edit.updated) updateEntry(document, path, values);
  // From the back, so that the indices before stay true.
  for (const path of input.edit.removed.toSorted(fromTheBack)) document.deleteIn(path);
  if (input.edit.added.length > 0) addEntries(document, input);
  return document.toString({ lineWidth: 0, flowCollectionPadding: /\[ \S/u.test(input.text), indentSeq: !/^-/mu.test(input.text) });
}

function fromTheBack(a: Path, b: Path): number {
  return Number(b[1]) - Number(a[1]);
}

function updateEntry(document: Document, path: Path, values: ReadonlyMap<string, unknown>): void {
  const entry = document.getIn(path);
  if (!isMap(entry)) return;
  for (const [key, value] of values) {
    if (value === undefined) entry.delete(key);
    else setValue(document, entry, key, value);
  }
}

/** Puts the new value into the old node where that can hold it, so that the comment behind it stays. */
function setValue(document: Document, entry: YAMLMap, key: string, value: unknown): void {
  const old = entry.get(key, true);
  if (isScalar(old) && !Array.isArray(value)) {
    old.value = value;
    return;
  }
  const node = document.createNode(value, { flow: isSeq(old) ? old.flow === true : true });
  if (isNode(old) && isNode(node)) {
    node.comment = old.comment ?? null;
    node.commentBefore = old.commentBefore ?? null;
  }
  entry.set(key, node);
}

function addEntries(document: Document, { listKey, edit }: Input): void {
  const list = listOf(document, listKey);
  // An empty list is written []; entries go below each other.
  list.flow = false;
  for (const values of edit.added) {
    const entry = new YAMLMap(document.schema);
    for (const [key, value] of values) entry.items.push(new Pair(document.createNode(key), document.createNode(value, { flow: true })));
    list.items.push(entry);
  }
}

function listOf(document: Document, listKey: string): YAMLSeq {
  for (const key of [listKey, "items"]) {
    const list = document.getIn([key]);
    if (isSeq(list)) return list;
  }
  const list = new YAMLSeq(document.schema);
  document.setIn([listKey], list);
  return list;
}
