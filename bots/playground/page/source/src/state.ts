// What the page knows: for each pane the newest answer of its door, asked for anew when the server's stream says so.

import { type Act, get, post, SILENT } from "./hands";
import { joined } from "./history";
import { fromHash, type Selectable, type Selection, type Selections, toHash, toQuery } from "./selection";
import type { PaneName, Panes, WireState } from "./shapes";

const EVERY: PaneName[] = ["marketplace", "slack", "telegram", "clock", "rates", "faults", "wire"];
const WIRE_KEPT = 1000;

/** What a pane is given. It keeps only what nobody else needs: a draft, an open menu. */
export interface PaneProps<State> {
  pane: State;
  act: Act;
  /** Shows somebody or something else; a part that is undefined becomes the server's choice again. */
  select: (to: Selection) => void;
  /** Seconds by which the page's clock is ahead of this machine's: what is said of time is said by it. */
  ahead?: number;
  /** Fetches the hundred messages before the first one; `pane.older` says whether there are any. */
  older: () => void;
}

export interface Known {
  panes: Partial<Panes>;
  selections: Selections;
  /** The one line about what was just done: empty when there is nothing to say. */
  said: string;
  connected: boolean;
}

export class PageState {
  known: Known;
  private listeners = new Set<() => void>();
  private asking = new Map<PaneName, Promise<void>>();
  private again = new Set<PaneName>();

  constructor(hash: string) {
    this.known = { panes: {}, selections: fromHash(hash), said: "", connected: true };
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Looks at everything, and from then on at whatever the stream names. */
  start(): void {
    const stream = new EventSource("/page/changes");
    stream.onopen = () => {
      this.put({ connected: true, said: this.known.said === SILENT ? "" : this.known.said });
      this.look(...EVERY);
    };
    stream.onmessage = (event) => this.look(...panesNamed(event.data));
    stream.onerror = () => this.put({ connected: false });
    window.addEventListener("hashchange", () => {
      this.put({ selections: fromHash(location.hash) });
      this.look("slack", "telegram", "marketplace");
    });
  }

  look(...panes: PaneName[]): void {
    for (const pane of panes) void this.ask(pane);
  }

  readonly act: Act = async (path, body) => {
    const outcome = await post(path, body);
    this.say("problem" in outcome ? outcome.problem : "");
    return "problem" in outcome ? null : outcome.answer;
  };

  say(words: string): void {
    if (words !== this.known.said) this.put({ said: words });
  }

  /** Resolves once the pane shows it. */
  async select(pane: Selectable, to: Selection): Promise<void> {
    const selections = { ...this.known.selections, [pane]: { ...this.known.selections[pane], ...to } };
    history.replaceState(null, "", `${location.pathname}${toHash(selections)}`);
    this.put({ selections });
    if (pane !== "shown") await this.ask(pane);
  }

  async older(pane: "slack" | "telegram" | "marketplace"): Promise<void> {
    const shown = this.known.panes[pane];
    const first = shown?.messages[0];
    if (!shown?.older || !first) return;
    const asked = this.known.selections[pane];
    const before = String("ts" in first ? first.ts : "message_id" in first ? first.message_id : first.id);
    const found = await get<{ messages: never[]; older: boolean }>(
      `/page/${pane}/older${toQuery({ ...inFull(shown), ...asked }, { before })}`,
    ).catch(() => null);
    const current = this.known.panes[pane];
    if (!found || !current || asked !== this.known.selections[pane] || current.messages[0] === undefined) return;
    const messages = [...found.messages, ...current.messages];
    this.keep(pane, { ...current, messages, older: found.older } as never);
  }

  /** One question at a time for each pane; what changes meanwhile is asked about once more after it. */
  private ask(pane: PaneName): Promise<void> {
    this.again.add(pane);
    const asking = this.asking.get(pane) ?? this.askUntilCalm(pane);
    this.asking.set(pane, asking);
    return asking;
  }

  private async askUntilCalm(pane: PaneName): Promise<void> {
    while (this.again.delete(pane)) {
      // A stand-in that is ending answers nothing; the stream's own error says so on the page.
      await this.fetch(pane).catch(() => undefined);
    }
    this.asking.delete(pane);
  }

  private async fetch(pane: PaneName): Promise<void> {
    if (pane === "wire") {
      const last = this.known.panes.wire?.last ?? 0;
      const more = await get<WireState>(`/page/wire?after=${last}`);
      if (more.last < last) {
        // A playground that was started anew counts from one again.
        this.keep("wire", { ...more, calls: [], last: 0 });
        this.again.add("wire");
        return;
      }
      const known = this.known.panes.wire?.calls ?? [];
      const fresh = more.calls.filter((call) => call.n > (known.at(-1)?.n ?? 0));
      this.keep("wire", { ...more, calls: [...known, ...fresh].slice(-WIRE_KEPT) });
      return;
    }
    if (pane !== "slack" && pane !== "telegram" && pane !== "marketplace") {
      this.keep(pane, (await get(`/page/${pane}`)) as never);
      return;
    }
    const asked = this.known.selections[pane];
    const fresh = await get<Panes[typeof pane]>(`/page/${pane}${toQuery(asked)}`);
    if (asked !== this.known.selections[pane]) return; // another question is on its way
    this.keep(pane, joined(this.known.panes[pane], fresh) as never);
  }

  private keep<Name extends PaneName>(pane: Name, state: Panes[Name]): void {
    this.put({ panes: { ...this.known.panes, [pane]: state }, connected: true });
  }

  private put(change: Partial<Known>): void {
    this.known = { ...this.known, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** What the server chose where nothing was selected, so that its older messages are those of the same place. */
function inFull(shown: object): Selection {
  const parts = ["user", "channel", "chat", "thread", "shop", "conversation"] as const;
  const chosen = parts.map((part) => [part, (shown as Record<string, unknown>)[part]] as const);
  return Object.fromEntries(
    chosen
      .filter(([, value]) => typeof value === "string" || typeof value === "number")
      .map(([part, value]) => [part, String(value)]),
  );
}

function panesNamed(data: string): PaneName[] {
  try {
    const named = (JSON.parse(data) as { panes?: string[] }).panes ?? EVERY;
    return EVERY.filter((pane) => named.includes(pane));
  } catch {
    return EVERY;
  }
}
