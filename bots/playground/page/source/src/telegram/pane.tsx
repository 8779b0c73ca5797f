// Telegram, as one person there sees it.

import type { PaneProps } from "../state";
import type { TelegramPaneState } from "./shapes";

export function TelegramPane({ pane }: PaneProps<TelegramPaneState>) {
  return <p class="quiet">{pane.messages.length} messages</p>;
}
