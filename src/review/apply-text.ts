// What an apply came to, for a terminal: one line for each role, then why for those that did not succeed.
import type { Line, Style } from "../model/display.ts";
import type { Session, SessionStatus } from "../model/session.ts";
import { count } from "../model/count.ts";
import { renderTable } from "./table.ts";

const styles: Readonly<Record<SessionStatus, Style>> = {
  success: "green",
  skipped: "green",
  "in-sync": "green",
  refused: "yellow",
  "out-of-sync": "yellow",
  failed: "red",
};

/** Whatever is wrong with a plan: the one of now is to be seen by whoever approved it. */
const afterRefusal = "next: plan again, have the new plan reviewed, and apply that one";

/** @param leftOut plans that were in sync or had failed, and so were not sent. @param width of the terminal; `null`: nothing is cut. */
export function renderApply(input: {
  readonly sessions: readonly Session[];
  readonly leftOut: number;
  readonly width: number | null;
}): readonly Line[] {
  const { sessions, leftOut, width } = input;
  const troubled = sessions.filter((session) => session.status === "refused" || session.status === "failed");
  return [
    [{ text: summary(sessions, leftOut), style: "bold" }],
    ...(sessions.length === 0
      ? []
      : renderTable({
          width,
          columns: [{ header: "role" }, { header: "status" }, { header: "databases" }, { header: "message" }],
          rows: sessions.map(row),
        })),
    ...troubled.flatMap(trouble),
    ...(troubled.some(({ status }) => status === "refused") ? ["", afterRefusal] : []),
  ];
}

function summary(sessions: readonly Session[], leftOut: number): string {
  const by = (status: SessionStatus): number => sessions.filter((session) => session.status === status).length;
  const parts = [
    `${by("success")} applied`,
    ...(["skipped", "refused", "failed"] as const).filter((status) => by(status) > 0).map((status) => `${by(status)} ${status}`),
    ...(leftOut > 0 ? [`${leftOut} not sent (in sync or failed in the plan)`] : []),
  ];
  return `${count(sessions.length, "role")}: ${parts.join(", ")}`;
}

function row(session: Session): readonly (string | { readonly text: string; readonly style: Style })[] {
  return [
    `${session.resource_name}/${session.label || session.config.role_name}`,
    { text: session.status, style: styles[session.status] },
    databases(session),
    session.message,
  ];
}

/** "3 applied"; the shared catalogs, which come first, are told apart where not everything went well, or nothing else was to do. */
function databases(session: Session): string {
  const outcomes = Object.entries(session.databases ?? {});
  const named = outcomes.filter(([name]) => name !== "").map(([, outcome]) => outcome);
  const counts = Map.groupBy(named, (outcome) => outcome);
  const shared = outcomes.find(([name]) => name === "")?.[1];
  const isTold = named.length === 0 || outcomes.some(([, outcome]) => outcome !== "applied");
  return [
    ...(shared !== undefined && isTold ? [`shared catalogs ${shared}`] : []),
    ...[...counts].map(([outcome, list]) => `${list.length} ${outcome}`),
  ].join(", ");
}

function trouble(session: Session): readonly Line[] {
  const lines = session.command_output.split("\n").filter((line) => line !== "");
  return [
    "",
    [
      { text: `${session.resource_name}/${session.label || session.config.role_name} `, style: "bold" },
      { text: session.status, style: styles[session.status] },
      `  sid ${session.sid}`,
    ],
    `  ${session.message}`,
    ...lines.filter((line) => line !== session.message).map((line) => `  ${line}`),
  ];
}
