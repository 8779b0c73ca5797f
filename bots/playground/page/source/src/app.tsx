// The page as a whole: who it is, the three panes, and what stands under them.

import "./app.css";
import "./controls/deck.css";
import "./controls/bench.css";
import "./controls/rates.css";
import "./controls/faults.css";
import "./controls/wire.css";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useNow } from "./clock";
import { Deck } from "./controls/deck";
import { Faults } from "./controls/faults";
import { Rates } from "./controls/rates";
import { Wire } from "./controls/wire";
import { Guarded } from "./guarded";
import { type Json, SILENT } from "./hands";
import { Header } from "./header";
import { Icon } from "./icons";
import { MarketplacePane } from "./marketplace/pane";
import type { Panes, Side } from "./shapes";
import { SlackPane } from "./slack/pane";
import type { Known, PageState } from "./state";
import { PARTS, type Part, Switcher } from "./switcher";
import { TelegramPane } from "./telegram/pane";
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
  const { act } = state;
  const [points, setPoints] = useState<Points>({});
  usePointing(points);
  const ahead = panes.clock?.ahead ?? 0;
  const shown = PARTS.find((part) => part === selections.shown.pane) ?? "marketplace";
  return (
    <div class="page" data-shown={shown}>
      <Header />
      <main>
        <Tour state={state} point={setPoints} />
        <div class="panes">
          <Pane
            name="marketplace"
            title="Marketplace"
            tagline="where buyers write"
            says={points.marketplace?.says}
            pane={panes.marketplace}
          >
            {panes.marketplace && <Market state={state} />}
          </Pane>
          <Pane
            name="slack"
            title="Slack"
            tagline="where the team answers"
            says={points.slack?.says}
            pane={panes.slack}
          >
            {panes.slack && (
              <SlackPane
                pane={panes.slack}
                act={act}
                ahead={ahead}
                select={(to) => state.select("slack", to)}
                older={() => void state.older("slack")}
              />
            )}
          </Pane>
          <Pane
            name="telegram"
            title="Telegram"
            tagline="where they answer on the road"
            says={points.telegram?.says}
            pane={panes.telegram}
          >
            {panes.telegram && (
              <TelegramPane
                pane={panes.telegram}
                act={act}
                ahead={ahead}
                select={(to) => state.select("telegram", to)}
                older={() => void state.older("telegram")}
              />
            )}
          </Pane>
        </div>
        <Deck panes={panes} act={act} />
        <div class="bench">
          <Rates rates={panes.rates} clock={panes.clock} />
          <Faults faults={panes.faults} act={act} target={(side) => inView(panes, side)} />
          <Wire wire={panes.wire} />
        </div>
      </main>
      <Switcher panes={panes} shown={shown} show={(part: Part) => state.select("shown", { pane: part })} />
      <Said words={connected ? said : said || SILENT} leave={() => state.say("")} />
    </div>
  );
}

/** Its times are said as of the minute, so it is drawn again once in one. */
function Market({ state }: { state: PageState }) {
  const now = useNow(state.known.panes.clock, 20_000);
  const pane = state.known.panes.marketplace;
  if (!pane) return null;
  return (
    <MarketplacePane
      pane={pane}
      now={now}
      act={state.act}
      ahead={state.known.panes.clock?.ahead ?? 0}
      select={(to) => state.select("marketplace", to)}
      older={() => void state.older("marketplace")}
    />
  );
}

interface PaneProps {
  name: Side;
  title: string;
  tagline: string;
  /** What the tour has to say here, in place of the tagline. */
  says: string | undefined;
  pane: object | undefined;
  children: ComponentChildren;
}

function Pane({ name, title, tagline, says, pane, children }: PaneProps) {
  return (
    <section class={`pane pane-${name}`} aria-labelledby={`${name}-title`} data-pane={name}>
      <div class="pane-head">
        <h2 id={`${name}-title`}>{title}</h2>
        {says ? <p class="pane-caption">{says}</p> : <p>{tagline}</p>}
      </div>
      <div class="pane-box">
        <Guarded of={pane}>{pane ? children : <p class="pane-wait quiet">Opening…</p>}</Guarded>
      </div>
    </section>
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
