// What GitHub would make of a comment, as far as its Markdown goes: the tree that a GFM parser of others builds.
import type { Node, Nodes, Parent, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { expect } from "vitest";

/** Stands in every hostile text, so that it can be found again wherever it got to. */
export const canary = "HOSTILE";

export const ourHosts = ["https://github.com/acme/access"];

const ownTypes = new Set(
  "root heading paragraph text inlineCode strong link code html table tableRow tableCell list listItem blockquote".split(" "),
);

const ownHtml =
  /^(?:<details(?: open)?><summary>(?:<b><code>[^<>]*<\/code><\/b>|<code>[^<>]*<\/code>|[^<>])*<\/summary>|<\/details>|<br>|<!-- rolewright v1 [\w-]+ -->)$/u;

export function parseMarkdown(body: string): Root {
  return fromMarkdown(body, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

/** Fails where foreign text is anything but code, where a link leads elsewhere, where HTML is not ours or not balanced. */
export function expectOnlyOurMarkup(body: string): void {
  const root = parseMarkdown(body);
  let open = 0;
  visit(root, (node, parent) => {
    expect(ownTypes, `${node.type} in ${excerpt(node, body)}`).toContain(node.type);
    if (node.type === "heading") expect(node, "the title is the only heading").toBe(root.children[0]);
    if (node.type === "text") expect(node.value, "text outside code").not.toMatch(/HOSTILE|@|<|https?:|www\./u);
    if (node.type === "link")
      expect(
        ourHosts.some((host) => node.url.startsWith(host)),
        `link to ${node.url}`,
      ).toBe(true);
    if (node.type === "code") expect(["sql", "diff", "text"]).toContain(node.lang);
    if (node.type !== "html") return;
    expect(node.value).toMatch(ownHtml);
    expect(node.value.replace(/<code>[^<>]*<\/code>/gu, ""), "text outside code").not.toContain(canary);
    if (node.value !== "<br>") expect(parent?.type, "a folded block begins and ends between other blocks").toBe("root");
    if (node.value.startsWith("<details")) open += 1;
    if (node.value === "</details>") open -= 1;
    expect(open).toBeGreaterThanOrEqual(0);
  });
  expect(open, "every folded block is closed").toBe(0);
  // eslint-disable-next-line no-control-regex
  expect(body, "nothing that cannot be seen").not.toMatch(/[^\P{C}\n\t]|[\p{Default_Ignorable_Code_Point}\u2028\u2029\u00a0]/u);
}

/** All text in code, and so all that came from outside. */
export function codeOf(body: string): readonly string[] {
  const found: string[] = [];
  visit(parseMarkdown(body), (node) => {
    if (node.type === "inlineCode" || node.type === "code") found.push(node.value);
    if (node.type === "html") found.push(...[...node.value.matchAll(/<code>([^<>]*)<\/code>/gu)].map((match) => match[1] ?? ""));
  });
  return found;
}

function visit(node: Nodes, look: (node: Nodes, parent: Nodes | null) => void, parent: Nodes | null = null): void {
  look(node, parent);
  if (isParent(node)) for (const child of node.children as readonly Nodes[]) visit(child, look, node);
}

function isParent(node: Node): node is Parent {
  return "children" in node;
}

function excerpt(node: Nodes, body: string): string {
  return body.slice(node.position?.start.offset ?? 0, (node.position?.start.offset ?? 0) + 200);
}
