// A thread beside its channel, or over it where there is no room.

import { useEffect, useRef } from "preact/hooks";
import { Composer } from "./composer";
import { useDesk } from "./desk";
import { Message } from "./message";
import { Said } from "./said";
import { useKeptPlace } from "./scroll";
import type { SlackChannel, SlackPaneState } from "./shapes";

interface ThreadProps {
  pane: SlackPaneState;
  thread: NonNullable<SlackPaneState["thread"]>;
  channel: SlackChannel;
}

export function Thread({ pane, thread, channel }: ThreadProps) {
  const { select } = useDesk();
  const box = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [parent, ...replies] = thread.messages;
  const onScroll = useKeptPlace(box, parent?.ts ?? "", null);
  const close = () => select({ thread: undefined });
  useEffect(() => {
    // It was opened from here, not by the page's address or by somebody in another pane.
    if (heading.current?.closest(".slack")?.contains(document.activeElement)) heading.current.focus();
  }, [thread.ts]);
  const draw = (message: (typeof thread.messages)[number]) => (
    <Message
      key={message.ts}
      message={message}
      follows={false}
      inThread
      channel={channel.id}
      shortcuts={pane.shortcuts.message}
    />
  );
  return (
    <section
      class="thread"
      aria-label={`Thread in ${channel.name}`}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <header>
        <h3 ref={heading} tabIndex={-1}>
          Thread <small>{channel.kind === "im" ? channel.name : `# ${channel.name}`}</small>
        </h3>
        <button type="button" class="close" aria-label="Close thread" title="Close thread" onClick={close}>
          ✕
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by the keyboard */}
      <section class="scroll" ref={box} tabIndex={0} aria-label="Messages in this thread" onScroll={onScroll}>
        <div class="messages">
          {parent && draw(parent)}
          {replies.length > 0 && (
            <p class="replies">
              {replies.length} {replies.length === 1 ? "reply" : "replies"}
            </p>
          )}
          {replies.map(draw)}
        </div>
      </section>
      <Said messages={replies} key={thread.ts} />
      {!channel.archived && (
        <Composer pane={pane} channel={channel.id} thread={thread.ts} placeholder="Reply…" key={pane.user} />
      )}
    </section>
  );
}
