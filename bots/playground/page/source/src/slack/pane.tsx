// Slack, as one person of the workspace sees it.

import type { PaneProps } from "../state";
import type { SlackPaneState } from "./shapes";

export function SlackPane({ pane }: PaneProps<SlackPaneState>) {
  return <p class="quiet">{pane.messages.length} messages</p>;
}
