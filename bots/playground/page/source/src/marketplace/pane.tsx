// The marketplace: what its buyers see of the seller, and what they and the seller do on the site.

import "./market.css";
import "./talk.css";
import "./compose.css";
import { useState } from "preact/hooks";
import { Icon } from "../icons";
import type { MarketplaceState, Talk } from "../shapes";
import type { PaneProps } from "../state";
import { Conversation } from "./conversation";
import { Inbox } from "./inbox";
import { NewConversation } from "./new-conversation";

export interface MarketplaceProps extends PaneProps<MarketplaceState> {
  now: number;
}

export function MarketplacePane({ pane, act, select, older, now }: MarketplaceProps) {
  const [beginning, setBeginning] = useState(false);
  const open = talkOf(pane);
  return (
    <div class="market-frame">
      <div class="market">
        <div class="market-bar">
          <span class="market-brand">
            <Icon name="shop" /> {pane.name}
          </span>
          <button type="button" aria-expanded={beginning} onClick={() => setBeginning(!beginning)}>
            <Icon name={beginning ? "close" : "plus"} /> {beginning ? "Never mind" : "New conversation"}
          </button>
        </div>
        {beginning && (
          <NewConversation
            pane={pane}
            act={act}
            began={(conversation) => {
              setBeginning(false);
              select({ conversation });
            }}
          />
        )}
        <Inbox pane={pane} now={now} choose={(conversation) => select({ conversation })} />
        {open ? (
          <Conversation key={open.conversation} pane={pane} open={open} act={act} older={older} now={now} />
        ) : (
          <p class="market-none quiet">No conversation is open. Begin one as a buyer.</p>
        )}
      </div>
    </div>
  );
}

function talkOf(pane: MarketplaceState): Talk | undefined {
  const open = pane.conversations.find((each) => each.conversation === pane.conversation);
  if (!open) return undefined;
  const known = pane.buyers.find((each) => each.name === open.buyer);
  return { ...open, buyer: known ?? { id: open.buyer, name: open.buyer, language: "en", time_zone: "UTC" } };
}
