// What every part of the pane needs of its viewer, and the beat by which relative times are kept true.

import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Act } from "../hands";
import type { Key, Message } from "./shapes";

export interface Viewing {
  user: number;
  chat: number;
  thread: number | null;
  zone: string;
  /** Milliseconds by which the page's clock is ahead of this machine's. */
  ahead: number;
  act: Act;
  /** Scrolls to a message and marks it for a moment; says so where it is not among those fetched. */
  jump: (message: number) => void;
  reply: (message: Message) => void;
  /** Sends a text as the person's message. */
  say: (text: string) => void;
  /** Does what a button under a message does; resolves once the bot has answered, or given up on. */
  press: (message: Message, key: Key) => Promise<void>;
  /** Opens what can be done with a message, beside the element. */
  menu: (message: Message, beside: Element) => void;
}

export const ViewingContext = createContext<Viewing | null>(null);

export function useViewing(): Viewing {
  const viewing = useContext(ViewingContext);
  if (!viewing) throw new Error("It is drawn outside of a pane.");
  return viewing;
}

const beats = new Set<() => void>();
let beating: ReturnType<typeof setInterval> | null = null;

function onBeat(listener: () => void): () => void {
  beats.add(listener);
  beating ??= setInterval(() => {
    for (const beat of beats) beat();
  }, 1000);
  return () => {
    beats.delete(listener);
    if (beats.size === 0 && beating !== null) {
      clearInterval(beating);
      beating = null;
    }
  };
}

/** What `say` says at this second; drawn again when it says something else. */
export function useEverySecond<Value extends string | number | boolean | null | undefined>(say: () => Value): Value {
  const [, redraw] = useState<Value>(say);
  useEffect(() => {
    redraw(say);
    return onBeat(() => redraw(say));
  });
  return say();
}
