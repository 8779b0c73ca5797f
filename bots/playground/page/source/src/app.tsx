// The page as a whole: who it is, the tour, the three panes, and what stands under them.

import "./app.css";
import "./controls/deck.css";
import "./controls/bench.css";
import "./controls/rates.css";
import "./controls/faults.css";
import "./controls/wire.css";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Deck } from "./controls/deck";
import { Faults } from "./controls/faults";
import { Rates } from "./controls/rates";
import { Wire } from "./controls/wire";
import { type Json, SILENT } from "./hands";
import { Header } from "./header";
import { Icon } from "./icons";
import { ThreePanes } from "./panes";
import type { Panes, Side } from "./shapes";
import type { Known, PageState } from "./state";
import { PARTS, Switcher } from "./switcher";
import { usePointing } from "./tour/pointing";
import type { Points } from "./tour/steps";
import { Tour } from "./tour/tour";

/** The newest of what the page knows; whoever calls it is drawn again when that changes. */
function useKnown(state: PageState): Known {
  const [, redraw] = useState(0);
  useEffect(() => state.subscribe(() => redraw((count) => count + 1)), [state]);
  return state.known;
}

export function App({ state }: { state: PageState }) {
  const { panes, selections, said, connected } = useKnown(state);
  const [points, setPoints] = useState<Points>({});
  usePointing(points);
  const shown = PARTS.find((part) => part === selections.shown.pane) ?? "marketplace";
  return (
    <div class="page" data-shown={shown}>
      <Header />
      <main>
        <Tour state={state} point={setPoints} />
        <ThreePanes state={state} points={points} />
        <Deck panes={panes} act={state.act} />
        <Bench state={state} />
      </main>
      <Switcher panes={panes} shown={shown} show={(part) => void state.select("shown", { pane: part })} />
      <Said words={connected ? said : said || SILENT} leave={() => state.say("")} />
    </div>
  );
}

function Bench({ state }: { state: PageState }) {
  const { rates, clock, faults, wire } = state.known.panes;
  return (
    <div class="bench">
      {useMemo(
        () => (
          <Rates rates={rates} clock={clock} />
        ),
        [rates, clock],
      )}
      {useMemo(
        () => (
          <Faults faults={faults} act={state.act} target={(side) => inView(state.known.panes, side)} />
        ),
        [state, faults],
      )}
      {useMemo(
        () => (
          <Wire wire={wire} />
        ),
        [wire],
      )}
    </div>
  );
}

/** What went wrong just now: said once, and gone with the next thing that goes right. */
function Said({ words, leave }: { words: string; leave: () => void }) {
  return (
    <div class={words ? "page-said" : "unseen"}>
      <p role="status">{words}</p>
      {words && (
        <button type="button" aria-label="Close" onClick={leave}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

/** The channel, chat or topic that a fault is about: the one that is shown. */
function inView({ slack, telegram }: Partial<Panes>, side: Side): Json {
  if (side === "slack") return slack ? { user: slack.user, channel: slack.channel } : {};
  if (side !== "telegram" || !telegram) return {};
  return { user: telegram.user, chat: telegram.chat, thread: telegram.thread };
}
