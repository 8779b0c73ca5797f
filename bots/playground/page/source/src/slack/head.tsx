// What stands over a channel, and the two tabs of an app.

import { Bell } from "./avatar";
import { Mark } from "./navigation";
import type { SlackChannel } from "./shapes";

interface HeadProps {
  channel: SlackChannel | undefined;
  atHome: boolean;
  goHome: () => void;
  goTo: (() => void) | undefined;
}

export function Head({ channel, atHome, goHome, goTo }: HeadProps) {
  if (!atHome && channel && channel.kind !== "im") {
    return (
      <header class="head">
        <h3>
          <span class="sign">
            <Mark channel={channel} />
          </span>
          {channel.name}
          {channel.archived && <small> archived</small>}
        </h3>
      </header>
    );
  }
  return (
    <header class="head tabbed">
      <h3>
        <span class="avatar small app" aria-hidden="true">
          <Bell />
        </span>
        Shopbell <span class="badge">APP</span>
      </h3>
      <nav aria-label="Tabs of Shopbell">
        <button type="button" aria-current={atHome ? "page" : undefined} onClick={goHome}>
          Home
        </button>
        {goTo && (
          <button type="button" aria-current={atHome ? undefined : "page"} onClick={goTo}>
            Messages
          </button>
        )}
      </nav>
    </header>
  );
}
