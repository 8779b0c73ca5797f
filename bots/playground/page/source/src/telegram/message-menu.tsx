// What can be done with one message: react, reply, copy, edit and delete one's own.

import type { Act } from "../hands";
import type { Drafts } from "./drafts";
import { Menu, type MenuItem } from "./menu";
import { canEdit } from "./services";
import type { Message } from "./shapes";

// The first of those that Telegram offers.
const EMOJI = ["👍", "❤", "🔥", "🎉", "👀", "🙏"];

interface MessageMenuProps {
  message: Message;
  beside: Element;
  user: number;
  act: Act;
  drafts: Drafts;
  reply: (message: Message) => void;
  copy: (text: string) => void;
  onClose: () => void;
}

export function MessageMenu({ message, beside, user, act, drafts, reply, copy, onClose }: MessageMenuProps) {
  const chat = message.chat.id;
  const id = message.message_id;
  const text = message.text ?? message.caption;
  const items: MenuItem[] = [{ label: "Reply", icon: "reply", onPick: () => reply(message) }];
  if (text !== undefined) items.push({ label: "Copy text", icon: "copy", onPick: () => copy(text) });
  if (canEdit(message)) {
    const edit = () => drafts.change({ editing: message, text: message.text ?? "", replyTo: null });
    items.push({ label: "Edit", icon: "edit", onPick: edit });
  }
  if (message.reactions?.length) {
    const takeBack = () => void act("/telegram/hands/react", { user, chat, message_id: id, emoji: null });
    items.push({ label: "Take my reaction back", icon: "back", onPick: takeBack });
  }
  if (message.mine || message.chat.type === "private") {
    const remove = () => void act("/telegram/hands/delete_message", { chat, message_id: id });
    items.push({ label: "Delete", icon: "close", danger: true, onPick: remove });
  }
  const react = (emoji: string) => {
    onClose();
    void act("/telegram/hands/react", { user, chat, message_id: id, emoji });
  };
  return (
    <Menu label="What to do with the message" beside={beside} items={items} onClose={onClose}>
      <div class="tg-emoji-row" role="group" aria-label="React">
        {EMOJI.map((emoji) => (
          <button
            type="button"
            role="menuitem"
            key={emoji}
            aria-label={`React with ${emoji}`}
            onClick={() => react(emoji)}
          >
            {emoji}
          </button>
        ))}
      </div>
    </Menu>
  );
}
