// What a pull request does to the inventory: new, updated, unchanged and removed resources.
import { bullets, nameLength, type Detail } from "./comment-detail.ts";
import type { InventoryChanges } from "./comment-input.ts";
import { count } from "../model/count.ts";
import { fileLink, type Places } from "./link.ts";
import { code, details } from "./markdown.ts";

/** @returns "" where nothing changes. */
export function inventoryBlock(inventory: InventoryChanges, places: Places, detail: Detail): string {
  const { added, updated, unchanged, removed } = inventory;
  if (added.length + updated.length + removed.length === 0) return "";
  const entries = [
    ...added.map(({ name, at }) => `**new** ${code(name, nameLength)} · ${fileLink(at, places)}`),
    ...updated.map((entry) => updatedEntry(entry, places, detail)),
    ...removed.map(({ name }) => `**removed** ${code(name, nameLength)}: nothing is changed on it, its roles stay as they are`),
  ];
  const counts = `${added.length} new, ${updated.length} updated, ${unchanged} unchanged, ${removed.length} removed`;
  return details(`Inventory: ${counts}`, bullets(entries, detail.notes));
}

function updatedEntry({ name, at, changes }: InventoryChanges["updated"][number], places: Places, detail: Detail): string {
  const shown = changes.slice(0, Math.min(detail.notes, 20)).map(({ column, from, to }) => {
    const values = [from, to].map((value) => (value === "" ? "none" : code(value, Math.min(detail.text, 200))));
    return `${code(column, nameLength)} ${values.join(" → ")}`;
  });
  const more = changes.length > shown.length ? [`and ${count(changes.length - shown.length, "more change")}`] : [];
  return `**updated** ${code(name, nameLength)} · ${fileLink(at, places)}: ${[...shown, ...more].join(", ")}`;
}
