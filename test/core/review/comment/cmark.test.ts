// The same proof with the renderer that GitHub's is made of, where it is installed (Debian: cmark-gfm).
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { renderComment } from "../../../../src/review/comment.ts";
import { commentInput, planOf } from "./comment-input.fixture.ts";
import { corpus } from "./hostile.arbitrary.ts";
import { canary } from "./markdown-oracle.ts";

const isInstalled = spawnSync("cmark-gfm", ["--version"]).status === 0;

describe.skipIf(!isInstalled)("as cmark-gfm renders it", () => {
  test.each(corpus)("%j stands in code", (text) => {
    const name = `${canary}${text}`;
    const roles = [
      planOf({
        resource: name,
        label: name,
        roleName: name,
        file: name,
        warnings: [name],
        effective: [name],
        changes: [{ kind: "dropRole", role: name }],
      }),
      planOf({ resource: `${name}2`, label: name, failures: [name] }),
    ];
    const html = render(renderComment({ ...commentInput({ roles }), environment: name, head: name }).body);
    const outside = html.replace(
      /<pre[\s\S]*?<\/pre>|<code>[\s\S]*?<\/code>|<!--[\s\S]*?-->|href="https:\/\/github\.com\/acme\/access\/[^"]*"/gu,
      "",
    );
    expect(outside).not.toContain(canary);
    expect(outside).not.toMatch(/@|<img|<script|mailto:|evil/u);
    expect(html.split("<details").length).toBe(html.split("</details>").length);
  });
});

function render(markdown: string): string {
  const extensions = ["table", "autolink", "strikethrough", "tagfilter", "tasklist"].flatMap((name) => ["-e", name]);
  return spawnSync("cmark-gfm", ["--unsafe", ...extensions], { input: markdown, encoding: "utf8" }).stdout;
}
