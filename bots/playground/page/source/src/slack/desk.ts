// What every part of the pane needs to draw for the person who looks, and to act for them.

import { createContext } from "preact";
import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Act } from "../hands";
import type { PaneProps } from "../state";
import type { Watch } from "./dates";
import type { Spot } from "./permalinks";
import type { Confirm, Shortcut, SlackChannel, SlackPaneState } from "./shapes";

export interface Desk {
  readonly user: string;
  readonly users: SlackPaneState["users"];
  readonly channels: readonly SlackChannel[];
  /** What can be done to any message. */
  readonly shortcuts: readonly Shortcut[];
  readonly watch: Watch;
  /** Seconds by which the page's clock, and so this watch, is ahead of the machine's. */
  readonly ahead: number;
  readonly act: Act;
  readonly select: PaneProps<SlackPaneState>["select"];
  /** What was typed and not sent, by where: it is still there after a look at another channel, or at another person. */
  readonly drafts: Map<string, unknown>;
  /** Shows a message of this Slack. */
  readonly visit: (spot: Spot) => void;
  /** Asks before something is done, as an element with `confirm` wants it. */
  readonly ask: (question: Confirm) => Promise<boolean>;
}

const Context = createContext<Desk | null>(null);
export const DeskProvider = Context.Provider;

export function useDesk(): Desk {
  const desk = useContext(Context);
  if (desk === null) throw new Error("Drawn outside of a Slack pane.");
  return desk;
}

type Given = Pick<PaneProps<SlackPaneState>, "pane" | "act" | "select"> &
  Pick<Desk, "ask" | "visit"> & { ahead: number };

/** The same object until something in it differs, so that a hundred messages are not drawn for each new one. */
export function useNewDesk({ pane, act, select, ask, visit, ahead }: Given): Desk {
  const { user, users, channels } = pane;
  const zone = pane.people.find((person) => person.id === user)?.tz ?? "UTC";
  const now = useNow(QUARTER, ahead);
  const drafts = useRef(new Map<string, unknown>());
  const latest = useRef({ act, select, ask, visit });
  latest.current = { act, select, ask, visit };
  const shortcuts = pane.shortcuts.message;
  const same = JSON.stringify([user, users, channels, shortcuts]);
  return useMemo(
    () => ({
      user,
      users,
      channels,
      shortcuts,
      watch: { now, zone },
      ahead,
      drafts: drafts.current,
      act: (path, body) => latest.current.act(path, body),
      select: (to) => latest.current.select(to),
      ask: (question) => latest.current.ask(question),
      visit: (spot) => latest.current.visit(spot),
    }),
    [same, zone, now, ahead],
  );
}

/** State that outlives what it is typed into; `key` says whose it is, and where. */
export function useDraft<T>(key: string, empty: T): [T, (change: T | ((before: T) => T)) => void] {
  const { drafts } = useDesk();
  const [value, setValue] = useState<T>(() => (drafts.get(key) as T | undefined) ?? empty);
  useEffect(() => {
    drafts.set(key, value);
  }, [key, value]);
  return [value, setValue];
}

// A day begins with a quarter of an hour wherever one is, and to draw all messages anew is dear.
const QUARTER = 15 * 60;

/** Seconds since 1970 in steps, by a clock that is `ahead`: "Today" becomes "Yesterday" while somebody looks. */
export function useNow(step: number, ahead: number): number {
  const read = () => Math.floor((Date.now() / 1000 + ahead) / step) * step;
  const [, redraw] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => redraw(read()), 5_000);
    return () => clearInterval(timer);
  }, [step, ahead]);
  return read();
}

/** A person or app as Slack calls them: an app by its name with a capital, whoever is unknown by their id. */
export function nameOf(desk: Pick<Desk, "users">, id: string): string {
  const user = desk.users[id];
  if (!user) return id === "USLACKBOT" ? "Slackbot" : id;
  return user.is_bot ? user.name.charAt(0).toUpperCase() + user.name.slice(1) : user.name;
}
