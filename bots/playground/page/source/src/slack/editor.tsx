// A message of one's own, while it is written anew.

import { useEffect, useRef, useState } from "preact/hooks";
import { useDesk } from "./desk";
import { decoded } from "./entities";
import type { SlackMessage } from "./shapes";

interface EditorProps {
  message: SlackMessage;
  channel: string;
  done: () => void;
}

export function Editor({ message, channel, done }: EditorProps) {
  const { act, user, users } = useDesk();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => typed(message.text, users));
  useEffect(() => field.current?.focus(), []);
  const save = async () => {
    if (await act("/slack/hands/edit_message", { user, channel, ts: message.ts, text })) done();
  };
  return (
    <form
      class="editor typed"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        ref={field}
        rows={2}
        aria-label="Edit message"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") done();
          if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            void save();
          }
        }}
      />
      <div class="actions">
        <button type="button" class="button" onClick={done}>
          Cancel
        </button>
        <button type="submit" class="button primary" disabled={!text.trim()}>
          Save
        </button>
      </div>
    </form>
  );
}

/** What Slack made of it, as it was typed: `@name`, an address, signs in place of entities. */
function typed(text: string, users: Readonly<Record<string, { name: string }>>): string {
  const named = text.replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id: string) => `@${users[id]?.name ?? id}`);
  return decoded(named.replace(/<((?:https?:|mailto:)[^>|]*)(?:\|[^>]*)?>/g, "$1"));
}
