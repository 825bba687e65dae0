import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../../../src/model/diagnostic.ts";
import { annotationCommands, checkAnnotations } from "../../../../src/review/annotations.ts";
import { renderApplyComment } from "../../../../src/review/apply-comment.ts";
import { formatMarker, parseMarker, type CommentMarker } from "../../../../src/review/comment-marker.ts";
import { renderComment, restateComment } from "../../../../src/review/comment.ts";
import { renderDriftIssue } from "../../../../src/review/drift-issue.ts";
import { fingerprintsOf } from "../../../../src/review/fingerprint.ts";
import { renderHtml } from "../../../../src/review/html.ts";
import { fileLink, safeUrl } from "../../../../src/review/link.ts";
import { clip, code, fence, tableRow, visible } from "../../../../src/review/markdown.ts";
import { shrink } from "../../../../src/review/shrink.ts";
import { applyInput, applySession, refusal } from "./apply-input.fixture.ts";
import { commentInput, planOf, resourceOf } from "./comment-input.fixture.ts";
import { corpus, hostile, hostileApply } from "./hostile.arbitrary.ts";
import { canary, expectOnlyOurMarkup, parseMarkdown } from "./markdown-oracle.ts";

const digest = "0123456789abcdef".repeat(4);

describe("the marker", () => {
  const marker: CommentMarker = {
    env: "prod",
    pr: 42,
    head: "9f3c2e1",
    checksum: digest,
    catalog: digest,
    declared: "",
    seal: { targets: digest, unconnected: ["new db"], store: digest, since: "2026-01-01T12:00:00.000Z", mac: digest },
  };

  test("is read back from the last line, also where the host has changed the line ends", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 255 }).filter((env) => env.isWellFormed()),
        (env) => {
          const body = `text\n\n${formatMarker({ ...marker, env: env.slice(0, 255).toWellFormed() })}`;
          expect(parseMarker(body)).toEqual({ ...marker, env });
          expect(parseMarker(`${body.replaceAll("\n", "\r\n")}\r\n`)).toEqual({ ...marker, env });
        },
      ),
    );
  });

  test("is not read from the middle of a comment, where it is somebody's SQL", () => {
    expect(parseMarker(`${formatMarker(marker)}\n\nmore`)).toBeNull();
    expect(parseMarker(`say ${formatMarker(marker)}`)).toBeNull();
  });

  test.each([
    ["another version", { ...marker, v: 2 }],
    ["no pull request", { ...marker, v: 1, pr: "42" }],
    ["a checksum that is none", { ...marker, v: 1, checksum: "`x`" }],
    ["a list", []],
    ["null", null],
  ])("with %s is none of ours", (_, value) => {
    expect(parseMarker(`<!-- rolewright v1 ${Buffer.from(JSON.stringify(value)).toString("base64url")} -->`)).toBeNull();
  });

  test("of an environment with an endless name is an error", () => {
    expect(() => renderComment(commentInput({ environment: "x".repeat(256) }))).toThrow(RangeError);
  });

  test("is needed for another state", () => {
    const state = { kind: "stale", appliedBy: 7 } as const;
    expect(restateComment("### a comment of somebody\n\nelse", state)).toBeNull();
    expect(restateComment(formatMarker(marker), state)).toBeNull();
  });
});

describe("code", () => {
  test.each(corpus)("%j in a table is one cell and one span", (text) => {
    const table = `${tableRow(["a", "b"])}\n|---|---|\n${tableRow([code(`${text}${canary}`), "end"])}`;
    const [, row] = (parseMarkdown(table).children[0] as { children: { children: { children: { type: string; value?: string }[] }[] }[] })
      .children;
    expect(row?.children.map((cell) => cell.children.map((node) => node.type))).toEqual([["inlineCode"], ["text"]]);
    expect(row?.children[0]?.children[0]?.value).toContain(canary);
  });

  test("shows what cannot be seen", () => {
    expect(visible("a\u202eb\u200b\u00a0\u{e0041}\u001b[31m\n")).toBe(String.raw`a\u202eb\u200b\u00a0\u{e0041}\u001b[31m\u000a`);
    expect(visible("Zürich 東京 🙂")).toBe("Zürich 東京 🙂");
  });

  test("in a fence cannot end it", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("`", "```", "````", "~~~", "\n", "\n```\n", " ", "a"), maxLength: 12 }), (text) => {
        const nodes = parseMarkdown(`${fence("sql", text)}\n\nafter`).children;
        expect(nodes.map((node) => node.type)).toEqual(["code", "paragraph"]);
      }),
    );
  });

  test("is cut at whole characters", () => {
    expect(clip("🙂🙂🙂", 2)).toBe("🙂…");
    expect(clip("abc", 3)).toBe("abc");
  });
});

describe("links", () => {
  test.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil",
    "https://user:pass@github.com/",
    `https://github.com/${"x".repeat(600)}`,
    "",
  ])("%s is none", (url) => {
    expect(safeUrl(url)).toBeNull();
  });

  test("to files are encoded, and never leave the repository", () => {
    const places = { files: "https://github.com/acme/access/blob/abc", commits: "" };
    const at = (file: string): string => fileLink({ file, line: 3, column: 1 }, places);
    expect(at("roles/a b(1)|#?.yaml")).toBe(
      "[`roles/a b(1)|#?.yaml:3`](https://github.com/acme/access/blob/abc/roles/a%20b%281%29%7C%23%3F.yaml#L3)",
    );
    expect(at("../../evil")).toBe("`../../evil:3`");
    expect(at("\ud800")).toContain("%EF%BF%BD");
  });
});

describe("making it fit", () => {
  test("takes the steps in their order, and no more than needed", () => {
    const parts = ["aaaaaaaa", "bbbbbbbb"].map((text) => ({ alternatives: [() => text, () => text.slice(0, 2), () => ""] }));
    expect(shrink(parts, [1, 0, 1, 0], 100)).toEqual({ texts: ["aaaaaaaa", "bbbbbbbb"], levels: [0, 0] });
    expect(shrink(parts, [1, 0, 1, 0], 15)).toEqual({ texts: ["aaaaaaaa", "bb"], levels: [0, 1] });
    expect(shrink(parts, [1, 0, 1, 0], 5)).toEqual({ texts: ["aa", ""], levels: [1, 2] });
  });

  test("counts a part as whole where the smaller one says the same", () => {
    const parts = [{ alternatives: [() => "aa", () => "aa"] }, { alternatives: [() => "bbbb", () => "b"] }];
    expect(shrink(parts, [0, 1], 8).levels).toEqual([0, 1]);
  });
});

describe("fingerprints", () => {
  const observed = ["role a", "role b"];

  test("do not depend on the order of the plans, and tell the catalog from the declaration", () => {
    const [a, b] = [planOf({ observedEntries: observed }), planOf({ label: "rw" })];
    const before = fingerprintsOf([a, b], digest);
    expect(fingerprintsOf([b, a], digest)).toEqual(before);
    const drifted = fingerprintsOf([planOf({ observedEntries: ["role a"] }), b], digest);
    expect([drifted.catalog === before.catalog, drifted.declared === before.declared]).toEqual([false, true]);
    const declared = fingerprintsOf([planOf({ observedEntries: observed, scopes: [] }), b], digest);
    expect([declared.catalog === before.catalog, declared.declared === before.declared]).toEqual([true, false]);
  });

  test("are not fooled by entries that join to the same text", () => {
    const one = fingerprintsOf([planOf({ observedEntries: ["a", "b"] })], digest);
    expect(fingerprintsOf([planOf({ observedEntries: ['a","b'] })], digest).catalog).not.toBe(one.catalog);
  });
});

describe("annotations", () => {
  const at = { file: "roles,1:2%.csv", line: 3, column: 5 };
  const problem = (parts: Partial<Diagnostic> = {}): Diagnostic => ({
    severity: "error",
    code: "unknown-column",
    message: "the column is unknown",
    at,
    ...parts,
  });

  test("are written as the runner reads them", () => {
    const hint = "100%\r\n::add-mask::x";
    expect(annotationCommands([problem({ hint })])).toEqual([
      String.raw`::error file=roles%2C1%3A2%25.csv,line=3,col=5,title=rolewright%3A unknown-column::the column is unknown%0A100%25\u000d\u000a::add-mask::x`,
    ]);
  });

  test("F49 are one line each, whatever they say, and within the runner's 4,096 characters", () => {
    fc.assert(
      fc.property(hostile(5_000), hostile(), (message, file) => {
        const [line = ""] = annotationCommands([problem({ message, at: { ...at, file } })]);
        expect(line).not.toMatch(/[\r\n]/u);
        expect(line).toMatch(/^::error file=[^,:]*,line=3,col=5,title=rolewright%3A unknown-column::/u);
      }),
    );
    const long = annotationCommands([problem({ message: "x".repeat(10_000) })])[0] ?? "";
    expect(long.split("::").slice(2).join("::").length).toBeLessThanOrEqual(4_096);
  });

  test("are ten errors and ten warnings in the log, and fifty in each request of a check run", () => {
    const many = Array.from({ length: 120 }, (_, line) =>
      problem({ severity: line % 2 === 0 ? "error" : "warning", at: { ...at, line: line + 1 } }),
    );
    const commands = annotationCommands(many);
    expect([commands.length, commands.filter((line) => line.startsWith("::error")).length]).toEqual([20, 10]);
    const batches = checkAnnotations(many);
    expect(batches.map((batch) => batch.length)).toEqual([50, 50, 20]);
    expect(batches[0]?.every((annotation) => annotation.annotation_level === "failure")).toBe(true);
  });

  test("of a problem without a place stand in the log only", () => {
    const { at: _, ...nowhere } = problem();
    expect(annotationCommands([nowhere])).toEqual(["::error title=rolewright%3A unknown-column::the column is unknown"]);
    expect(checkAnnotations([nowhere])).toEqual([]);
  });
});

describe("hostile names", () => {
  test.each(corpus)("%j is code in reports of applies, and in the drift issue", (text) => {
    const name = `${canary}${text}`;
    const config = { ...applySession().config, role_name: name };
    const session = applySession({
      resource_name: name,
      label: name,
      sid: name,
      status: "failed",
      message: name,
      command_output: `${name}\n${name}`,
      config,
      databases: { [name]: "rolled-back" },
    });
    const more = { environment: name, commit: name, sessionLog: { label: name, url: name }, unseen: [name], approvers: [name] };
    const report = renderApplyComment(applyInput({ ...more, sessions: [session] })).body;
    expectOnlyOurMarkup(report);
    expect(report).toContain("Left alone: ");
    const [difference] = refusal.differences;
    if (difference === undefined) throw new Error("the fixture has no difference");
    const differences = [{ ...difference, resource: name, role: name, now: { ...difference.now, observed: [name], sqlPlan: name } }];
    expectOnlyOurMarkup(renderApplyComment(applyInput({ sessions: [], refusal: { ...refusal, message: name, differences } })).body);
    const plan = commentInput({
      roles: [planOf({ resource: name, label: name, roleName: name, changes: [{ kind: "dropRole", role: name }] })],
    }).plan;
    const groups = [{ name, members: [name], roles: [`${name}/${name}`] }];
    const drift = renderDriftIssue({
      ...commentInput(),
      environment: name,
      plan,
      resources: [resourceOf(name)],
      groups,
      unread: [{ resource: `${name} 2`, message: name }],
      commit: name,
      readAt: name,
      repair: { refused: name },
    });
    expectOnlyOurMarkup(drift.body);
    expect(drift.body).toContain("1 group");
    expect(drift.title).not.toMatch(/[^\P{C}]/u);
  });

  test("are code in the report of an apply, wherever they stand", () => {
    fc.assert(
      fc.property(hostileApply, (input) => {
        const { body } = renderApplyComment(input);
        expectOnlyOurMarkup(body);
        expect(body.includes("Left alone: ")).toBe(input.unseen.length > 0);
      }),
      { numRuns: 100 },
    );
  });

  test.each(corpus)("%j is text in the HTML page", (text) => {
    const name = `${canary}"'>${text}`;
    const html = renderHtml({
      ...commentInput({ roles: [planOf({ resource: name, label: name, roleName: name, file: name, failures: [name] })] }),
      environment: name,
    });
    const tags = [...html.matchAll(/<[^>]*>/gu)].map((match) => match[0]);
    expect(tags.filter((tag) => tag.includes(canary))).toEqual([]);
    expect(html).not.toMatch(/<(?:script|img)/u);
    expect(html).toContain(canary);
  });
});

test("a report of 5,000 failed roles, and one of a long difference, fit", () => {
  const sessions = Array.from({ length: 5_000 }, (_, index) =>
    applySession({ resource_name: `r${index % 400}`, label: `l${index}`, status: "failed", command_output: "x\n".repeat(50) }),
  );
  const [difference] = refusal.differences;
  if (difference === undefined) throw new Error("the fixture has no difference");
  const observed = Array.from({ length: 39 }, (_, index) => `${index} ${"y".repeat(5_000)}`);
  const differences = Array.from({ length: 300 }, () => ({ ...difference, now: { ...difference.now, observed } }));
  for (const input of [applyInput({ sessions }), applyInput({ sessions: [], refusal: { ...refusal, differences } })]) {
    const { body, isComplete } = renderApplyComment(input);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000);
    expect(isComplete).toBe(false);
    expectOnlyOurMarkup(body);
  }
}, 30_000);
