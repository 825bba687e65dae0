// Threat 3: a pull request makes the plan send the planner's login somewhere else. Where a plan connects to, and how, only the default
// branch says; what a pull request changes of it is not connected to, and the comment says so.
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatRoles } from "../../support/access-repository.ts";
import { createAuthority } from "../../support/certificates.ts";
import { startListener, type Listener } from "../../support/listener.ts";
import { startProxy, type Proxy } from "../../support/tcp-proxy.ts";
import { parseEvidence } from "../../../src/trust/evidence.ts";
import { planWorkflow, planWorkflowPath } from "../../../src/init/workflows.ts";
import { pin, planner } from "./access-story.ts";
import type { PullRequest } from "./pull-request.ts";
import { change, ro, rw, useAccessStories } from "./access-suite.ts";
import { logOf, reasonOf, stepOf } from "./run-facts.ts";
import { lastPlan, planCheck, planCheckOf } from "./threats-suite.ts";

const authority = createAuthority("ours");
const stranger = createAuthority("the attacker's");
const suite = useAccessStories(() => {
  const issued = authority.issue("DNS:localhost");
  return { settings: { ssl: "on" }, files: { "server.crt": issued.certificate, "server.key": issued.key } };
});
const timeout = 180_000;
const billing = "billing,managed,ro,app,SELECT,";

/** Where a pull request would have the plan connect to. */
let trap: Listener;
/** On the way to the true server of analytics; billing has a way of its own. */
let way: Proxy;
beforeAll(async () => {
  trap = await startListener();
  way = await startProxy({ target: () => suite.server().port });
});
afterAll(() => {
  trap[Symbol.dispose]();
  way.close();
});

type Row = Partial<Record<"host" | "port" | "sslmode" | "sslrootcert" | "admin" | "planner" | "database", string>>;

const header = "name,type,host,port,sslmode,sslrootcert,admin,planner,maintenance_database";
const rowOf = (name: string, port: number, row: Row): string =>
  [
    name,
    "PostgreSQL",
    row.host ?? "127.0.0.1",
    row.port ?? String(port),
    row.sslmode ?? "",
    row.sslrootcert ?? "",
    row.admin ?? "",
    row.planner ?? "",
    row.database ?? "postgres",
  ].join(",");
const analytics = (row: Row = {}): string => rowOf("analytics", way.port, row);
const theOther = (row: Row = {}): string => rowOf("billing", suite.server().port, row);
const inventoryOf = (...rows: readonly string[]): string => `${[header, ...rows].join("\n")}\n`;

const start = (files: Readonly<Record<string, string>> = {}, settings: readonly string[] = []) =>
  suite.start({
    resources: ["analytics", "billing"],
    roles: [ro, billing],
    settings,
    files: { "inventory.csv": inventoryOf(analytics(), theOther()), ...files },
  });

/** Names of the resources that the plan left alone, as its evidence says it to the apply. */
function unconnected(pull: PullRequest): readonly string[] {
  return parseEvidence(planCheckOf(pull).text ?? "")?.unconnected ?? expect.unreachable("the plan left no evidence");
}

test.each<[what: string, row: () => Row]>([
  ["port", () => ({ port: String(trap.port) })],
  ["host and port", () => ({ host: "localhost", port: String(trap.port) })],
  ["host", () => ({ host: "localhost" })],
  ["sslmode", () => ({ sslmode: "require" })],
  ["sslrootcert", () => ({ sslrootcert: "ca.pem" })],
  ["admin reference", () => ({ admin: "env:GITHUB_TOKEN" })],
  ["planner reference", () => ({ planner: "env:ROLEWRIGHT_ADMIN_CSV" })],
  ["maintenance database", () => ({ database: "app" })],
])("a changed %s: no connection, the comment says so, and the other resource is planned", { timeout }, async (_, row) => {
  await using story = await start();
  const before = [trap.connections(), way.connections()];
  const files = { "inventory.csv": inventoryOf(analytics(row()), theOther()), "roles.csv": formatRoles([ro, rw, billing]) };
  const pull = await story.openPullRequest({ ...change, files });
  const plan = await lastPlan(story);
  expect([plan?.conclusion, reasonOf(plan)], logOf(plan)).toEqual(["success", "planned"]);
  expect([trap.connections(), way.connections()]).toEqual(before);
  expect(unconnected(pull)).toEqual(["analytics"]);
  const body = pull.comments()[0]?.body ?? "";
  expect(body).toContain("1 resource not planned");
  expect(body).toContain("**not connected to**: connection changes here");
  expect(body).toContain("hoopdev_billing_ro");
  expect(body).not.toContain("hoopdev_analytics_rw");
});

test("two resources that swap their ports are both left alone", { timeout }, async () => {
  await using story = await start();
  const before = way.connections();
  const swapped = inventoryOf(rowOf("analytics", suite.server().port, {}), rowOf("billing", way.port, {}));
  const pull = await story.openPullRequest({ ...change, files: { "inventory.csv": swapped } });
  expect(unconnected(pull)).toEqual(["analytics", "billing"]);
  expect(way.connections()).toBe(before);
});

test("a renamed resource is a new one, and new ones are not connected to", { timeout }, async () => {
  await using story = await start();
  const before = [trap.connections(), way.connections()];
  const files = {
    "inventory.csv": inventoryOf(rowOf("analytics2", way.port, {}), theOther(), rowOf("evil", trap.port, {})),
    "roles.csv": formatRoles(["analytics2,managed,ro,app,SELECT,", billing, "evil,managed,ro,app,SELECT,"]),
  };
  const pull = await story.openPullRequest({ ...change, files });
  expect([trap.connections(), way.connections()]).toEqual(before);
  expect(unconnected(pull).toSorted()).toEqual(["analytics2", "evil"]);
  const body = pull.comments()[0]?.body ?? "";
  expect(body).toContain("2 resources not planned");
  expect(body).toContain("**not connected to**: new here");
});

test("an inventory that is split into files changes no connection, and one file that does is found", { timeout }, async () => {
  await using story = await start();
  const before = trap.connections();
  const files = {
    "inventory.csv": null,
    "inventory/a.csv": inventoryOf(analytics()),
    "inventory/b.csv": inventoryOf(rowOf("billing", trap.port, {})),
  };
  const pull = await story.openPullRequest({ ...change, files });
  expect(unconnected(pull)).toEqual(["billing"]);
  expect(trap.connections()).toBe(before);
  await pull.push({ "inventory/b.csv": inventoryOf(theOther()) }, "wen");
  expect(unconnected(pull)).toEqual([]);
});

test("settings of the pull request about connections are not used", { timeout }, async () => {
  await using story = await start();
  // With these no connection could be made at all.
  const settings = `${story.read("rolewright.yaml")}\ntimeouts: {connect: 1, statement: 1, lock: 1}\n`;
  const pull = await story.openPullRequest({
    ...change,
    files: { "rolewright.yaml": settings, "roles.csv": formatRoles([ro, rw, billing]) },
  });
  const plan = await lastPlan(story);
  expect([plan?.conclusion, reasonOf(plan)], logOf(plan)).toEqual(["success", "planned"]);
  expect(unconnected(pull)).toEqual([]);
});

const secure = { host: "localhost", sslmode: "verify-full", sslrootcert: "ca.pem" };
const secured = (row: Row = secure, port = suite.server().port): string => inventoryOf(rowOf("analytics", port, row), theOther());

test(
  "certificate authorities whose content changes: no connection, the comment says so, and the merge leaves it alone",
  { timeout },
  async () => {
    await using story = await start({ "inventory.csv": secured(secure, way.port), "ca.pem": authority.certificate });
    const before = way.connections();
    const files = { "ca.pem": stranger.certificate, "roles.csv": formatRoles([ro, rw, billing]) };
    const pull = await story.openPullRequest({ ...change, files });
    const plan = await lastPlan(story);
    expect([plan?.conclusion, reasonOf(plan)], logOf(plan)).toEqual(["success", "planned"]);
    expect(unconnected(pull)).toEqual(["analytics"]);
    expect(way.connections()).toBe(before);
    const body = pull.comments()[0]?.body ?? "";
    expect(body).toContain("**not connected to**: connection changes here");
    expect(body).toContain("`certificate authorities` `ca.pem` → `ca.pem with another content`");
    pull.approve("ada");
    const [apply] = await pull.merge("squash", "ada");
    expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["success", "applied"]);
    expect(await suite.ourRoles()).toEqual([expect.stringContaining("hoopdev_billing_ro")]);
    expect(pull.comments().at(-1)?.body).toContain("analytics");
  },
);

test("certificate authorities that only the settings name are those of each resource that names none", { timeout }, async () => {
  const { sslrootcert: _, ...withoutCa } = secure;
  const authorities = { "ours.pem": authority.certificate, "theirs.pem": stranger.certificate };
  await using story = await start({ "inventory.csv": secured(withoutCa), ...authorities }, ["sslrootcert: ours.pem"]);
  const settings = story.read("rolewright.yaml") ?? "";
  const files = { "rolewright.yaml": settings.replace("ours.pem", "theirs.pem"), "roles.csv": formatRoles([ro, rw, billing]) };
  const pull = await story.openPullRequest({ ...change, files });
  expect(unconnected(pull)).toEqual(["analytics", "billing"]);
  expect(pull.comments()[0]?.body).toContain("`certificate authorities` `ours.pem` → `theirs.pem`");
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect(reasonOf(apply), logOf(apply)).toBe("no-changes");
  expect(await suite.ourRoles()).toEqual([]);
});

test("a server that shows another authority's certificate is refused", { timeout }, async () => {
  await using story = await start({ "inventory.csv": secured(), "ca.pem": stranger.certificate });
  await story.openPullRequest({ ...change, files: { "roles.csv": formatRoles([ro, rw, billing]) } });
  const plan = await lastPlan(story);
  expect([plan?.conclusion, reasonOf(plan)], logOf(plan)).toEqual(["failure", "plan-failed"]);
  expect(logOf(plan)).toContain("sslrootcert");
});

test("an authority named by the path of the checkout is the base branch's all the same", { timeout }, async () => {
  // Whatever a path looks like: what stands in the checkout is the pull request's.
  const workflow = planWorkflow(pin).replace(
    /^( +)- (?=(?:id|name|uses): .*rolewright)/mu,
    (_step, indent: string) => `${indent}- run: ln -s work ../link\n${indent}- `,
  );
  const linked = { ...secure, sslrootcert: "../link/ca.pem" };
  await using story = await start({ "inventory.csv": secured(linked), "ca.pem": authority.certificate, [planWorkflowPath]: workflow });
  const pull = await story.openPullRequest({
    ...change,
    files: { "ca.pem": stranger.certificate, "roles.csv": formatRoles([ro, rw, billing]) },
  });
  expect(unconnected(pull)).toEqual(["analytics"]);
});

test("references to logins and authorities outside of the repository start at the checkout", { timeout }, async () => {
  const workflow = planWorkflow(pin).replace(/^( +)- (?=(?:id|name|uses): .*rolewright)/mu, (_step, indent: string) =>
    [
      `${indent}- run: mkdir ../secrets && umask 077 && printf %s '${planner.user}:${planner.password}' > ../secrets/planner`,
      `${indent}- run: printf -- '${authority.certificate.replaceAll("\n", "\\n")}' > ../ca.pem`,
      `${indent}- `,
    ].join("\n"),
  );
  const outside = { ...secure, sslrootcert: "../ca.pem", planner: "file:../secrets/planner" };
  await using story = await start({ "inventory.csv": secured(outside), [planWorkflowPath]: workflow });
  const pull = await story.openPullRequest({ ...change, files: { "roles.csv": formatRoles([ro, rw, billing]) } });
  const plan = await lastPlan(story);
  expect([plan?.conclusion, reasonOf(plan)], logOf(plan)).toEqual(["success", "planned"]);
  expect(unconnected(pull)).toEqual([]);
});

test("a default branch whose files have errors makes the plan connect to nothing", { timeout }, async () => {
  await using story = await start();
  const settings = story.read("rolewright.yaml") ?? "";
  await story.push({ "rolewright.yaml": "nonsense: true\n" }, "ada");
  const before = [trap.connections(), way.connections()];
  const files = { "rolewright.yaml": settings, "inventory.csv": inventoryOf(analytics({ port: String(trap.port) }), theOther()) };
  const pull = await story.openPullRequest({ ...change, files });
  expect(unconnected(pull)).toEqual(["analytics", "billing"]);
  expect([trap.connections(), way.connections()]).toEqual(before);
});

test("a pull request into a branch of the attacker's own, whose inventory names his host, is validated only", { timeout }, async () => {
  await using story = await start();
  const before = trap.connections();
  const evil = inventoryOf(analytics({ port: String(trap.port) }), theOther({ port: String(trap.port) }));
  await story.pushTo("evil", { "inventory.csv": evil }, "wen");
  const files = { "inventory.csv": evil, "roles.csv": formatRoles([ro, rw, billing]) };
  const pull = await story.openPullRequest({ ...change, files, base: "evil" });
  const plan = await lastPlan(story);
  expect([plan?.conclusion, reasonOf(plan)], logOf(plan)).toEqual(["success", "offline-only"]);
  expect(trap.connections()).toBe(before);
  expect([pull.comments(), pull.checkRuns(planCheck)]).toEqual([[], []]);
  expect(stepOf(plan)?.summary).toContain("only what goes to the default branch is applied");
});

test("a merge group that lies on one with a changed inventory connects only to what is merged", { timeout }, async () => {
  await using story = await start();
  const before = trap.connections();
  const moved = inventoryOf(analytics({ port: String(trap.port) }), theOther());
  const first = await story.openPullRequest({ branch: "move", files: { "inventory.csv": moved }, by: "wen" });
  const second = await story.openPullRequest({ branch: "more", files: { "roles.csv": formatRoles([ro, rw, billing]) }, by: "wen" });
  let duringQueue = before;
  // Before the groups are merged: the apply afterwards is of what people have approved.
  story.github.fault({ on: "git/get-ref", meanwhile: () => void (duringQueue = trap.connections()) });
  const { runs } = await story.mergeQueue([first, second], "ada");
  const groups = runs.filter(({ file }) => file === "rolewright-plan.yml");
  expect(
    groups.map((run) => reasonOf(run)),
    groups.map(logOf).join("\n"),
  ).toEqual(["planned", "planned"]);
  expect(duringQueue).toBe(before);
  const group = story.repository.checkRuns.filter(({ name }) => name === planCheck).map(({ text }) => parseEvidence(text ?? ""));
  expect(group.slice(-2).map((evidence) => evidence?.unconnected)).toEqual([["analytics"], ["analytics"]]);
});
