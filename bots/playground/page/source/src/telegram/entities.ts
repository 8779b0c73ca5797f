// Text and entities → a tree to draw. Offsets count UTF-16 units, as JavaScript's strings do.

import type { Entity } from "./shapes";

export interface Span {
  entity: Entity;
  /** What it covers, whole. */
  text: string;
  inside: Node[];
}

export type Node = string | Span;

/** A paragraph of running words, or one block of its own. */
export type Block = { kind: "words"; nodes: Node[] } | { kind: "block"; span: Span };

export interface Tree {
  nodes: Node[];
  /** Entities that cover nothing of the text: somebody's mistake, to be shown and not dropped. */
  broken: Entity[];
}

const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

// Of two that cover the same, the outer first; what stands on lines of its own holds what does not.
const ORDER = [
  "blockquote",
  "expandable_blockquote",
  "pre",
  "code",
  "text_link",
  "text_mention",
  "bold",
  "italic",
  "underline",
  "strikethrough",
  "spoiler",
];

/** Entities may overlap by halves: each is cut where another ends, and keeps its look on both sides. */
export function toTree(text: string, entities: readonly Entity[]): Tree {
  const spans: Entity[] = [];
  const broken: Entity[] = [];
  for (const entity of entities) {
    const within = clamped(text, entity);
    if (within.length > 0) spans.push(within);
    else broken.push(entity);
  }
  spans.sort(byNesting);
  const edges = new Set([0, text.length]);
  for (const { offset, length } of spans) edges.add(offset).add(offset + length);
  const places = [...edges].sort((a, b) => a - b);

  const root: Node[] = [];
  let open: Span[] = [];
  places.forEach((begin, number) => {
    const end = places[number + 1];
    if (end === undefined) return;
    const around = spans.filter((one) => one.offset <= begin && end <= one.offset + one.length);
    let same = 0;
    while (same < open.length && open[same]?.entity === around[same]) same += 1;
    open = open.slice(0, same);
    for (const entity of around.slice(same)) {
      const span: Span = { entity, text: text.slice(entity.offset, entity.offset + entity.length), inside: [] };
      (open.at(-1)?.inside ?? root).push(span);
      open.push(span);
    }
    (open.at(-1)?.inside ?? root).push(text.slice(begin, end));
  });
  return { nodes: root, broken };
}

/** Blocks apart from running words; the line end between two of them is where one stops, not an empty line. */
export function toBlocks(nodes: readonly Node[]): Block[] {
  const blocks: Block[] = [];
  for (const node of nodes) {
    const last = blocks.at(-1);
    if (typeof node !== "string" && BLOCKS.has(node.entity.type)) blocks.push({ kind: "block", span: node });
    else if (last?.kind === "words") last.nodes.push(node);
    else blocks.push({ kind: "words", nodes: [node] });
  }
  return blocks.map((block, number) => trimmed(block, number > 0, number < blocks.length - 1)).filter(isSomething);
}

function trimmed(block: Block, afterBlock: boolean, beforeBlock: boolean): Block {
  if (block.kind === "block") return block;
  const nodes = [...block.nodes];
  const [first] = nodes;
  if (afterBlock && typeof first === "string") nodes[0] = first.replace(/^\n/, "");
  const last = nodes.at(-1);
  if (beforeBlock && typeof last === "string") nodes[nodes.length - 1] = last.replace(/\n$/, "");
  return { kind: "words", nodes: nodes.filter((node) => node !== "") };
}

function isSomething(block: Block): boolean {
  return block.kind === "block" || block.nodes.length > 0;
}

/** Within the text, and never through the middle of a character of two units. */
function clamped(text: string, entity: Entity): Entity {
  const begin = Math.max(0, Math.min(entity.offset, text.length));
  const end = Math.max(begin, Math.min(entity.offset + entity.length, text.length));
  const from = isLow(text, begin) ? begin - 1 : begin;
  const to = begin < end && isLow(text, end) ? end + 1 : end;
  return { ...entity, offset: from, length: begin < end ? to - from : 0 };
}

function isLow(text: string, at: number): boolean {
  return /[\uDC00-\uDFFF]/.test(text.charAt(at)) && /[\uD800-\uDBFF]/.test(text.charAt(at - 1));
}

function byNesting(one: Entity, other: Entity): number {
  const blocks = Number(BLOCKS.has(other.type)) - Number(BLOCKS.has(one.type));
  return blocks || one.offset - other.offset || other.length - one.length || rank(one) - rank(other);
}

function rank(entity: Entity): number {
  const place = ORDER.indexOf(entity.type);
  return place < 0 ? ORDER.length : place;
}
