// mrkdwn → what Slack draws of it.

import type { Drawn } from "./drawn";
import { type Loose, VERBATIM } from "./sequences";
import { type Token, tokens } from "./tokens";

const FENCE = 3;
const SPACE = /[\s\u200b]/u; // what draws nothing beside a mark keeps it from marking
const WORD = /[\p{L}\p{N}]/u;
const MARKS: ReadonlyMap<string, "bold" | "italic" | "strike" | "code"> = new Map([
  ["*", "bold"],
  ["_", "italic"],
  ["~", "strike"],
  ["`", "code"],
]);

export function mrkdwn(text: string, loose: Loose = VERBATIM): Drawn[] {
  return paragraphs(tokens(text.replace(/\r\n?/g, "\n"), { loose, sequences: true, emoji: true }));
}

/** A plain_text object: entities are decoded, and `:names:` drawn unless it says otherwise. */
export function plainText(text: string, emoji = true): Drawn[] {
  return unformatted(tokens(text, { loose: VERBATIM, sequences: false, emoji }), emoji);
}

/** Lines behind `>` as quotes, `>>>` as one to the end; what stands between in one piece. */
function paragraphs(all: readonly Token[]): Drawn[] {
  const found: Drawn[] = [];
  let start = 0;
  let at = 0;
  const flush = (end: number) => {
    if (end > start) found.push(...inline(all.slice(start, all[end - 1]?.sign === "\n" ? end - 1 : end)));
  };
  while (at < all.length) {
    if (all[at]?.sign !== ">") {
      at = endOfLine(all, at) + 1;
      continue;
    }
    flush(at);
    if (all[at + 1]?.sign === ">" && all[at + 2]?.sign === ">") {
      return [...found, quote(all.slice(afterBar(all, at + 2)))];
    }
    const said: Token[] = [];
    while (all[at]?.sign === ">") {
      const end = endOfLine(all, at);
      if (said.length > 0) said.push({ sign: "\n", literal: true });
      said.push(...all.slice(afterBar(all, at), end));
      at = end + 1;
    }
    found.push(quote(said));
    start = at;
  }
  flush(all.length);
  return found;
}

const quote = (said: readonly Token[]): Drawn => ({ kind: "quote", inside: inline(said) });

function afterBar(all: readonly Token[], bar: number): number {
  return all[bar + 1]?.sign === " " ? bar + 2 : bar + 1;
}

/** Where the line ends, or the text; lines within a fence belong to the one that it began in. */
function endOfLine(all: readonly Token[], from: number): number {
  let at = from;
  while (at < all.length && all[at]?.sign !== "\n") {
    const close = closeOfFence(all, at);
    at = close === null ? at + 1 : close + FENCE;
  }
  return Math.min(at, all.length);
}

function inline(all: readonly Token[]): Drawn[] {
  const found: Drawn[] = [];
  let at = 0;
  while (at < all.length) {
    const token = all[at] as Token;
    const fenceEnd = closeOfFence(all, at);
    const end = fenceEnd ?? closeOfMark(all, at);
    if (fenceEnd !== null) {
      dropNewline(found);
      found.push({ kind: "pre", inside: unformatted(trimmed(all.slice(at + FENCE, fenceEnd)), false) });
      at = fenceEnd + FENCE;
      if (all[at]?.sign === "\n") at += 1;
    } else if (end !== null) {
      const within = all.slice(at + 1, end);
      const kind = MARKS.get(token.sign) ?? "code";
      found.push({ kind, inside: kind === "code" ? unformatted(within, false) : inline(within) });
      at = end + 1;
    } else {
      found.push(token.drawn ?? { kind: "text", text: token.sign });
      at += 1;
    }
  }
  return joined(found);
}

function isMark(token: Token | undefined, sign: string): boolean {
  return token !== undefined && !token.literal && token.sign === sign;
}

function isFence(all: readonly Token[], at: number): boolean {
  return [0, 1, 2].every((step) => isMark(all[at + step], "`"));
}

function closeOfFence(all: readonly Token[], at: number): number | null {
  if (!isFence(all, at)) return null;
  for (let end = at + FENCE + 1; end < all.length; end++) if (isFence(all, end)) return end;
  return null;
}

/** A mark works between words only: after a space, a sign or the start, and before one again. */
function closeOfMark(all: readonly Token[], at: number): number | null {
  const sign = all[at]?.sign ?? "";
  if (!MARKS.has(sign) || !isMark(all[at], sign) || isTouching(all[at - 1], sign)) return null;
  if (all[at + 1] === undefined || isSpace(all[at + 1])) return null;
  for (let end = at + 1; end < all.length && all[end]?.sign !== "\n"; end++) {
    if (isMark(all[end], sign)) {
      const closes = end > at + 1 && !isSpace(all[end - 1]) && !isTouching(all[end + 1], sign);
      return closes ? end : null;
    }
  }
  return null;
}

function isTouching(token: Token | undefined, sign: string): boolean {
  return token !== undefined && token.sign !== "" && (WORD.test(token.sign) || token.sign === sign);
}

function isSpace(token: Token | undefined): boolean {
  return token !== undefined && token.sign !== "" && SPACE.test(token.sign);
}

/** As it stands; links stay links even in code, `:names:` stay names there. */
function unformatted(all: readonly Token[], emoji: boolean): Drawn[] {
  return joined(
    all.map((token) => {
      if (!token.drawn) return { kind: "text", text: token.sign };
      const asTyped = token.drawn.kind === "emoji" && !emoji;
      return asTyped ? { kind: "text", text: token.typed } : token.drawn;
    }),
  );
}

function trimmed(all: readonly Token[]): readonly Token[] {
  const start = all[0]?.sign === "\n" ? 1 : 0;
  const end = all.length > start && all.at(-1)?.sign === "\n" ? -1 : undefined;
  return all.slice(start, end);
}

function dropNewline(found: Drawn[]): void {
  const last = found.at(-1);
  if (last?.kind === "text" && last.text === "\n") found.pop();
}

function joined(pieces: readonly Drawn[]): Drawn[] {
  const found: Drawn[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (piece.kind === "text" && last?.kind === "text") {
      found[found.length - 1] = { kind: "text", text: last.text + piece.text };
    } else {
      found.push(piece);
    }
  }
  return found;
}
