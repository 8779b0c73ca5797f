// What can be done about a message, beside it.

import { useDesk } from "./desk";
import { Bubble } from "./icons";
import { type Item, Menu } from "./menu";
import type { SlackMessage } from "./shapes";

interface ToolbarProps {
  message: SlackMessage;
  channel: string;
  inThread: boolean;
  edit: () => void;
}

const OWN: readonly Item[] = [
  { key: "edit", words: "Edit message", label: "Edit message" },
  { key: "delete", words: "Delete message…", label: "Delete message…", danger: true },
];
const SURE = {
  title: { type: "plain_text", text: "Delete message" },
  text: { type: "plain_text", text: "Are you sure you want to delete this message? This cannot be undone." },
  confirm: { type: "plain_text", text: "Delete" },
  deny: { type: "plain_text", text: "Cancel" },
  style: "danger",
} as const;

export function Toolbar({ message, channel, inThread, edit }: ToolbarProps) {
  const { act, ask, select, shortcuts, user } = useDesk();
  if (message.only_for) return null;
  const { ts } = message;
  const items = [
    ...(message.user === user ? OWN : []),
    ...shortcuts.map(({ callback_id, name }) => ({
      key: `shortcut ${callback_id}`,
      words: name,
      label: name,
      group: "Message shortcuts",
    })),
  ];
  const choose = async (key: string) => {
    if (key === "edit") edit();
    else if (key === "delete") (await ask(SURE)) && (await act("/slack/hands/delete_message", { ts }));
    else {
      const callback_id = key.replace(/^shortcut /, "");
      await act("/slack/hands/message_shortcut", { user, channel, ts, callback_id });
    }
  };
  if (inThread && items.length === 0) return null;
  return (
    <div class="toolbar">
      {!inThread && (
        <button
          type="button"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={() => select({ thread: ts })}
        >
          <Bubble />
        </button>
      )}
      {items.length > 0 && (
        <Menu
          class="more"
          label="More actions"
          face={<span aria-hidden="true">⋮</span>}
          items={items}
          choose={(key) => void choose(key)}
        />
      )}
    </div>
  );
}
