// The page as a whole: who it is, the three panes, and what stands under them.

import { useEffect, useState } from "preact/hooks";
import { SlackPane } from "./slack/pane";
import type { Known, PageState } from "./state";
import { TelegramPane } from "./telegram/pane";

/** The newest of what the page knows; whoever calls it is drawn again when that changes. */
function useKnown(state: PageState): Known {
  const [, redraw] = useState(0);
  useEffect(() => state.subscribe(() => redraw((count) => count + 1)), [state]);
  return state.known;
}

export function App({ state }: { state: PageState }) {
  const { panes, said } = useKnown(state);
  const hands = { act: state.act };
  return (
    <>
      <header>
        <h1>Shopbell playground</h1>
        <p role="status">{said}</p>
      </header>
      <main class="panes">
        <section aria-labelledby="marketplace-title">
          <h2 id="marketplace-title">Marketplace</h2>
        </section>
        <section aria-labelledby="slack-title">
          <h2 id="slack-title">Slack</h2>
          {panes.slack && (
            <SlackPane
              pane={panes.slack}
              {...hands}
              select={(to) => state.select("slack", to)}
              older={() => void state.older("slack")}
            />
          )}
        </section>
        <section aria-labelledby="telegram-title">
          <h2 id="telegram-title">Telegram</h2>
          {panes.telegram && (
            <TelegramPane
              pane={panes.telegram}
              {...hands}
              select={(to) => state.select("telegram", to)}
              older={() => void state.older("telegram")}
            />
          )}
        </section>
      </main>
    </>
  );
}
