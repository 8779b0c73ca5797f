// The Markdown of a markdown block, as far as Slack draws it: no HTML, no pictures, everything else as words.

import type { Drawn } from "./drawn";
import { isLink } from "./sequences";

export type Part =
  | { readonly kind: "paragraph" | "quote"; readonly inside: readonly Drawn[] }
  | { readonly kind: "heading"; readonly inside: readonly Drawn[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly Drawn[])[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "rule" };

const HEADING = /^#{1,6}\s+(.*?)\s*#*$/;
const ITEM = /^\s{0,6}(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;
const QUOTED = /^>\s?(.*)$/;
const FENCE = /^(?:```|~~~)/;
const RULE = /^(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/;
const INLINE =
  /(?<code>`+)(?<codeText>[^`].*?)\k<code>(?!`)|\*\*(?<bold>\S(?:.*?\S)?)\*\*|~~(?<strike>\S(?:.*?\S)?)~~|(?<![\p{L}\p{N}])(?<mark>[*_])(?<italic>\S(?:[^*_]*?\S)?)\k<mark>(?![\p{L}\p{N}])|\[(?<label>[^\]]+)\]\((?<url>[^)\s]+)\)|\\(?<plain>[\\`*_~[\]()#>-])/su;

export function markdown(text: string): Part[] {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const found: Part[] = [];
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    const heading = HEADING.exec(line);
    if (FENCE.test(line)) found.push({ kind: "code", text: untilFence(lines).join("\n") });
    else if (RULE.test(line)) found.push({ kind: "rule" });
    else if (heading) found.push({ kind: "heading", inside: inline(heading[1] ?? "") });
    else if (QUOTED.test(line)) found.push({ kind: "quote", inside: inline(run(line, lines, QUOTED, 1).join("\n")) });
    else if (ITEM.test(line)) {
      const ordered = ITEM.exec(line)?.[1] !== undefined;
      found.push({ kind: "list", ordered, items: run(line, lines, ITEM, 2).map(inline) });
    } else if (line.trim()) found.push({ kind: "paragraph", inside: inline([line, ...whilePlain(lines)].join("\n")) });
  }
  return found;
}

function untilFence(lines: string[]): string[] {
  const end = lines.findIndex((line) => FENCE.test(line));
  const inside = lines.splice(0, end < 0 ? lines.length : end);
  lines.shift();
  return inside;
}

/** Lines of one kind that follow each other, without what makes them of that kind. */
function run(first: string, lines: string[], pattern: RegExp, group: number): string[] {
  const end = lines.findIndex((line) => !pattern.test(line));
  const all = [first, ...lines.splice(0, end < 0 ? lines.length : end)];
  return all.map((line) => pattern.exec(line)?.[group] ?? "");
}

function whilePlain(lines: string[]): string[] {
  const ends = (line: string) => !line.trim() || [HEADING, ITEM, QUOTED, FENCE, RULE].some((kind) => kind.test(line));
  const end = lines.findIndex(ends);
  return lines.splice(0, end < 0 ? lines.length : end);
}

export function inline(text: string): Drawn[] {
  const found = INLINE.exec(text);
  if (!found) return text ? [{ kind: "text", text }] : [];
  const before = text.slice(0, found.index);
  const after = inline(text.slice(found.index + found[0].length));
  return [...(before ? [{ kind: "text", text: before } as const] : []), one(found[0], found.groups ?? {}), ...after];
}

function one(typed: string, groups: Record<string, string | undefined>): Drawn {
  const { codeText, bold, strike, italic, label, url, plain } = groups;
  if (codeText !== undefined) return { kind: "code", inside: [{ kind: "text", text: codeText.trim() }] };
  if (bold !== undefined) return { kind: "bold", inside: inline(bold) };
  if (strike !== undefined) return { kind: "strike", inside: inline(strike) };
  if (italic !== undefined) return { kind: "italic", inside: inline(italic) };
  if (label !== undefined && url !== undefined && isLink(url)) return { kind: "link", url, inside: inline(label) };
  return { kind: "text", text: plain ?? typed };
}
