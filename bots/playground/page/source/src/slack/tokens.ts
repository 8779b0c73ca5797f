// mrkdwn → signs and what is already understood. An entity becomes a literal sign, which never opens, closes or links
// anything: that is the whole defence against words that were escaped, so it stands in one place.

import type { Drawn } from "./drawn";
import { emoji, SHORTCODE } from "./emoji";
import { ENTITIES } from "./entities";
import { bare, type Loose, sequence } from "./sequences";

export type Token =
  | { readonly sign: string; readonly literal: boolean; readonly drawn?: undefined }
  | { readonly sign: ""; readonly literal: false; readonly drawn: Drawn; readonly typed: string };

interface Reading {
  readonly loose: Loose;
  readonly sequences: boolean;
  readonly emoji: boolean;
}

const ENTITY = /&(?:amp|lt|gt);/y;
const SEQUENCE = /<([^<>\n]+)>/y;

export function tokens(text: string, reading: Reading): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const entity = matched(ENTITY, text, at)?.[0];
    const piece = entity === undefined ? understood(text, at, reading) : null;
    if (entity !== undefined) {
      found.push({ sign: ENTITIES[entity] ?? "", literal: true });
      at += entity.length;
    } else if (piece) {
      found.push({ sign: "", literal: false, drawn: piece.drawn, typed: piece.typed });
      at += piece.typed.length;
    } else {
      const sign = String.fromCodePoint(text.codePointAt(at) ?? 0);
      found.push({ sign, literal: false });
      at += sign.length;
    }
  }
  return found;
}

interface Piece {
  readonly typed: string;
  readonly drawn: Drawn;
}

function understood(text: string, at: number, reading: Reading): Piece | null {
  if (reading.sequences && text[at] === "<") {
    const typed = matched(SEQUENCE, text, at);
    const drawn = typed ? sequence(typed[1] ?? "") : null;
    return typed && drawn ? { typed: typed[0], drawn } : null;
  }
  if (reading.emoji && text[at] === ":") {
    const typed = SHORTCODE.exec(text.slice(at, at + 100));
    const sign = typed ? emoji(typed[1] ?? "", typed[2]) : null;
    return typed && sign ? { typed: typed[0], drawn: { kind: "emoji", name: typed[0], sign } } : null;
  }
  return bare(text, at, reading.loose);
}

function matched(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
