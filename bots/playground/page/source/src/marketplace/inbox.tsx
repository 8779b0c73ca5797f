// All conversations of the shop, the newest first; who opens one acts as its buyer.

import type { MarketConversation, MarketplaceState } from "../shapes";
import { timeOrDay } from "../time";
import { Avatar } from "./avatar";

interface InboxProps {
  pane: MarketplaceState;
  now: number;
  choose: (conversation: string) => void;
}

export function Inbox({ pane, now, choose }: InboxProps) {
  return (
    <nav class="market-inbox" aria-label="Conversations">
      <ul>
        {pane.conversations.map((each) => (
          <li key={each.conversation}>
            <button
              type="button"
              aria-current={each.conversation === pane.conversation ? "true" : undefined}
              onClick={() => choose(each.conversation)}
            >
              <Entry each={each} now={now} />
            </button>
          </li>
        ))}
      </ul>
      {pane.more ? <p class="market-more quiet">{`and ${pane.more} earlier`}</p> : null}
    </nav>
  );
}

function Entry({ each, now }: { each: MarketConversation; now: number }) {
  const { buyer, last, order } = each;
  return (
    <>
      <Avatar name={buyer} />
      <span class="market-entry">
        <span class="market-entry-who">
          <b>{buyer}</b>
          {last && (
            <time dateTime={last.at}>
              {timeOrDay(Date.parse(last.at), now)
                .replace(/,.*/, "")
                .replace(/^\w+ (?=\d+ )/, "")}
            </time>
          )}
        </span>
        <span class="market-entry-about">{order ? order.title || `Order ${order.id}` : "Inquiry"}</span>
        <span class="market-entry-last" dir="auto">
          {last?.by === "seller" && "Seller: "}
          {last?.text}
        </span>
      </span>
    </>
  );
}
