// The setup progress of every resource for a terminal.
import type { Line } from "../model/display.ts";
import { count } from "../model/count.ts";
import { renderTable } from "./table.ts";

/** What of a resource's progress is shown. */
export type ProgressView = {
  readonly resource: string;
  readonly steps: 1 | 2 | 3;
  readonly roles: readonly { readonly label: string; readonly isProvisioned: boolean; readonly pending: string }[];
};

const stepNames = ["Inventory", "Manage", "Provision"] as const;

export type PendingCounts = { readonly manage: number; readonly provision: number; readonly roles: number };

/** How many resources still wait at each step, and how many roles for their apply. */
export function countPending(resources: readonly ProgressView[]): PendingCounts {
  return {
    manage: resources.filter((resource) => resource.steps === 1).length,
    provision: resources.filter((resource) => resource.steps === 2).length,
    roles: resources.flatMap((resource) => resource.roles).filter((role) => !role.isProvisioned).length,
  };
}

export function renderStatus(resources: readonly ProgressView[], width: number | null): readonly Line[] {
  if (resources.length === 0) return ["no resources are in the inventory"];
  const columns = [
    { header: "resource" },
    { header: "setup" },
    { header: "done" },
    { header: "roles", align: "right" as const },
    { header: "pending" },
  ];
  const rows = resources.map((resource) => [
    resource.resource,
    { text: `${resource.steps}/3`, style: resource.steps === 3 ? ("green" as const) : ("yellow" as const) },
    stepNames.slice(0, resource.steps).join(" → "),
    `${resource.roles.filter((role) => role.isProvisioned).length}/${resource.roles.length}`,
    pendingText(resource),
  ]);
  return [...renderTable({ columns, rows, width }), "", summarize(resources)];
}

function pendingText(resource: ProgressView): string {
  if (resource.steps === 1) return "Manage: declare a role for it";
  const pending = resource.roles.filter((role) => !role.isProvisioned).map((role) => `${role.label}: ${role.pending}`);
  return pending.length === 0 ? "" : `Provision: ${pending.join("; ")}`;
}

function summarize(resources: readonly ProgressView[]): Line {
  const pending = countPending(resources);
  const done = resources.length - pending.manage - pending.provision;
  const parts = [
    ...(pending.manage === 0 ? [] : [`${pending.manage} to manage`]),
    ...(pending.provision === 0 ? [] : [`${pending.provision} to provision (${count(pending.roles, "role")} pending)`]),
  ];
  const text = `${count(resources.length, "resource")}: ${[`${done} set up`, ...parts].join(", ")}`;
  return [{ text, style: "bold" }];
}
