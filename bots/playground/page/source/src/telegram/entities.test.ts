import assert from "node:assert/strict";
import { test } from "node:test";
import { type Node, toBlocks, toTree } from "./entities";
import type { Entity } from "./shapes";

const entity = (type: string, offset: number, length: number): Entity => ({ type, offset, length });

/** "<bold>a<italic>b</italic></bold>" of a tree, so that a test can be read. */
function drawn(nodes: readonly Node[]): string {
  return nodes
    .map((node) =>
      typeof node === "string" ? node : `<${node.entity.type}>${drawn(node.inside)}</${node.entity.type}>`,
    )
    .join("");
}

const tree = (text: string, ...entities: Entity[]) => drawn(toTree(text, entities).nodes);

test("a text without entities is itself", () => {
  assert.equal(tree("plain"), "plain");
  assert.deepEqual(toTree("", []).nodes, []);
});

test("entities nest by what they cover, the longer outside, whatever order they come in", () => {
  const inner = entity("italic", 2, 2);
  const outer = entity("bold", 0, 6);

  assert.equal(tree("abcdef", inner, outer), "<bold>ab<italic>cd</italic>ef</bold>");
  assert.equal(tree("abcdef", outer, inner), "<bold>ab<italic>cd</italic>ef</bold>");
});

test("of two that cover the same, the link holds the look", () => {
  const link = { ...entity("text_link", 0, 3), url: "https://a.example/" };

  assert.equal(tree("abc", entity("bold", 0, 3), link), "<text_link><bold>abc</bold></text_link>");
});

test("entities that overlap by halves keep their look on both sides", () => {
  assert.equal(
    tree("abcdef", entity("bold", 0, 4), entity("italic", 2, 4)),
    "<bold>ab<italic>cd</italic></bold><italic>ef</italic>",
  );
});

test("offsets count UTF-16 units, so that an astral character takes two", () => {
  assert.equal(tree("🔔🔔 bell", entity("bold", 2, 2)), "🔔<bold>🔔</bold> bell");
  assert.equal(
    tree("a👩‍👩‍👧b", entity("spoiler", 1, 8), entity("italic", 1, 9)),
    "a<italic><spoiler>👩‍👩‍👧</spoiler>b</italic>",
  );
});

test("an edge within an astral character is moved to its side, so that no half of it is drawn", () => {
  assert.equal(tree("a🔔b", entity("bold", 2, 2)), "a<bold>🔔b</bold>");
  assert.equal(tree("a🔔b", entity("bold", 0, 2)), "<bold>a🔔</bold>b");
});

test("what covers nothing of the text is broken, and told apart", () => {
  const { nodes, broken } = toTree("abc", [entity("bold", 3, 2), entity("italic", 1, 0), entity("code", 1, 99)]);

  assert.equal(drawn(nodes), "a<code>bc</code>");
  assert.deepEqual(
    broken.map((one) => one.type),
    ["bold", "italic"],
  );
});

test("a quote stands outside of what runs through it", () => {
  assert.equal(
    tree("ab\ncd", entity("bold", 0, 5), entity("blockquote", 3, 2)),
    "<bold>ab\n</bold><blockquote><bold>cd</bold></blockquote>",
  );
});

test("the line ends around a block are where lines stop, and an empty line more stays one", () => {
  const { nodes } = toTree("head\nquote\n\nfoot", [entity("blockquote", 5, 5)]);

  const blocks = toBlocks(nodes).map((block) => (block.kind === "words" ? block.nodes : drawn([block.span])));

  assert.deepEqual(blocks, [["head"], "<blockquote>quote</blockquote>", ["\nfoot"]]);
});

test("two blocks with one line end between them stand under one another", () => {
  const { nodes } = toTree("one\ntwo", [entity("pre", 0, 3), entity("blockquote", 4, 3)]);

  assert.deepEqual(
    toBlocks(nodes).map((block) => block.kind),
    ["block", "block"],
  );
});

test("of a thousand entities over a long text none is lost", () => {
  const text = "🔔x".repeat(1000);
  const many = Array.from({ length: 1000 }, (_, at) => entity(at % 2 ? "bold" : "italic", at * 3, 3));

  const { nodes } = toTree(text, many);

  assert.equal(nodes.length, 1000);
  assert.equal(nodes.map((node) => (typeof node === "string" ? node : node.text)).join(""), text);
});
