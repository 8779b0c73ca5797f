// `:bell:` → 🔔, by Slack's own names.

import { NAMES } from "./emoji-names";

const TONES = ["\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"];
const FIRST_TONE = 2; // `:skin-tone-2:` is the lightest
const AS_EMOJI = "\u{FE0F}";

const signs = new Map(
  NAMES.trim()
    .split(/\s+/)
    .flatMap((entry) => {
      const [names = "", sign = ""] = entry.split(/=(?=[^=]*$)/);
      return names.split(",").map((name) => [name, sign] as const);
    }),
);

/** At the beginning of a text: a name between colons, and a tone of skin if one follows. */
export const SHORTCODE = /^:([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?/;

/** The sign of a name, null if Slack knows none by it. */
export function emoji(name: string, tone = ""): string | null {
  const sign = signs.get(name);
  if (sign === undefined) return null;
  return tone ? sign.replace(AS_EMOJI, "") + TONES[Number(tone) - FIRST_TONE] : sign;
}
