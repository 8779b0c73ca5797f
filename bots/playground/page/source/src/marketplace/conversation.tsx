// One conversation as its buyer has it open: the seller's availability, the order, what was said, and what to write.

import { useState } from "preact/hooks";
import type { Act } from "../hands";
import { useLog } from "../log";
import type { MarketplaceState, Talk } from "../shapes";
import { timeOrDay } from "../time";
import { type As, Composer } from "./composer";
import { cityOf, languageName } from "./languages";
import { Said } from "./message";
import { OrderBar } from "./order";

interface ConversationProps {
  pane: MarketplaceState;
  open: Talk;
  act: Act;
  older: () => void;
  now: number;
}

export function Conversation({ pane, open, act, older, now }: ConversationProps) {
  const { buyer } = open;
  const [as, setAs] = useState<As>("buyer");
  const list = useLog(open.conversation);
  const { available, shown, accept_messages } = pane.availability;
  return (
    <section class="market-talk" aria-label={`${buyer.name}'s conversation`}>
      <header class="market-head">
        <p class="market-you">
          {as === "buyer" ? "You are" : "You are the seller, with"} <b>{buyer.name}</b>
          <span class="quiet">
            {" "}
            · {languageName(buyer.language)} · {timeOrDay(now, now, buyer.time_zone)} in {cityOf(buyer.time_zone)}
          </span>
        </p>
        <p class={available ? "market-here" : "market-away"}>
          <span class="market-dot" aria-hidden="true" />
          {available && !shown ? "The seller is available" : shown || "The seller is away"}
          {!accept_messages && " No messages are taken."}
        </p>
        <OrderBar shop={pane.shop} open={open} act={act} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
      <div class="market-log" role="log" aria-label="Messages" tabIndex={0} ref={list}>
        {pane.older && (
          <button type="button" class="market-older" onClick={older}>
            Earlier messages
          </button>
        )}
        {pane.messages.map((message) => (
          <Said key={message.id} message={message} shop={pane.shop} open={open} as={as} act={act} now={now} />
        ))}
      </div>
      <Composer shop={pane.shop} open={open} available={available} as={as} setAs={setAs} act={act} />
    </section>
  );
}
