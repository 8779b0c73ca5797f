// What is being written, for each person in each chat and topic: it waits there while one looks elsewhere.

import { useMemo, useRef, useState } from "preact/hooks";
import type { Message } from "./shapes";

export interface Draft {
  text: string;
  replyTo: Message | null;
  editing: Message | null;
  file: File | null;
}

const EMPTY: Draft = { text: "", replyTo: null, editing: null, file: null };

export interface Drafts {
  draft: Draft;
  change: (to: Partial<Draft>) => void;
  clear: () => void;
}

export function useDrafts(place: string): Drafts {
  const kept = useRef(new Map<string, Draft>());
  const [, redraw] = useState(0);
  return useMemo(() => {
    const put = (draft: Draft) => {
      kept.current.set(place, draft);
      redraw((count) => count + 1);
    };
    return {
      get draft() {
        return kept.current.get(place) ?? EMPTY;
      },
      change: (to: Partial<Draft>) => put({ ...(kept.current.get(place) ?? EMPTY), ...to }),
      clear: () => put(EMPTY),
    };
  }, [place]);
}

/** The message that opens a reply by itself: the newest that asks, unless it was replied to. */
export function asking(messages: readonly Message[]): Message | null {
  const newest = messages.findLast((one) => one.asks && !one.deleted);
  const answered = messages.some((one) => one.mine && one.reply_to_message?.message_id === newest?.message_id);
  return newest && !answered ? newest : null;
}

/** The keyboard that stands in place of the phone's own: the newest that a bot sent. */
export function replyKeyboard(messages: readonly Message[]): NonNullable<Message["keyboard"]> | null {
  return messages.findLast((one) => one.keyboard)?.keyboard ?? null;
}
