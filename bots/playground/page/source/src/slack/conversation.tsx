// A channel: its messages, and the field under them.

import { useRef } from "preact/hooks";
import { Composer } from "./composer";
import { nameOf, useDesk } from "./desk";
import { Failed } from "./failed";
import { Message } from "./message";
import { Said } from "./said";
import { useKeptPlace } from "./scroll";
import type { SlackChannel, SlackPaneState } from "./shapes";
import { timeline } from "./timeline";

interface ConversationProps {
  pane: SlackPaneState;
  channel: SlackChannel;
  older: () => void;
}

export function Conversation({ pane, channel, older }: ConversationProps) {
  const { watch } = useDesk();
  const box = useRef<HTMLElement>(null);
  const onScroll = useKeptPlace(box, pane.messages[0]?.ts ?? "", pane.older ? older : null);
  const named = channel.kind === "im" ? "Shopbell" : channel.name;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by the keyboard */}
      <section class="scroll" ref={box} tabIndex={0} aria-label={`Messages in ${named}`} onScroll={onScroll}>
        <div class="messages">
          {pane.older ? <p class="beginning">Loading older messages…</p> : <Beginning channel={channel} />}
          {timeline(pane.messages, pane.failures, watch).map((line) => {
            if (line.kind === "day") return <Day key={line.key} day={line.day} />;
            if (line.kind === "failure") return <Failed key={line.key} failure={line.failure} />;
            return (
              <Message
                key={line.key}
                message={line.message}
                follows={line.follows}
                channel={channel.id}
                shortcuts={pane.shortcuts.message}
              />
            );
          })}
        </div>
      </section>
      <Said messages={pane.messages} />
      <Foot pane={pane} channel={channel} />
    </>
  );
}

function Beginning({ channel }: { channel: SlackChannel }) {
  if (channel.kind === "im") {
    return <p class="beginning">This is the very beginning of what Shopbell tells you alone.</p>;
  }
  return (
    <p class="beginning">
      This is the very beginning of the <strong>#{channel.name}</strong> channel.
    </p>
  );
}

function Day({ day }: { day: string }) {
  return (
    <h4 class="day">
      <span>{day}</span>
    </h4>
  );
}

function Foot({ pane, channel }: { pane: SlackPaneState; channel: SlackChannel }) {
  const desk = useDesk();
  if (channel.archived) return <p class="closed">You are viewing #{channel.name}, an archived channel.</p>;
  // The manifest makes the app's own tab one to read in, so Slack draws no field there.
  if (channel.kind === "im") return <p class="closed">Sending messages to this app has been turned off.</p>;
  return (
    <Composer pane={pane} channel={channel.id} placeholder={`Message #${channel.name}`} key={nameOf(desk, desk.user)} />
  );
}
