// Where a person writes: the input with its bars above it, or the one button that stands there in its place.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Act } from "../hands";
import { useOnce } from "../once";
import { senderOf } from "./bubble";
import type { Drafts } from "./drafts";
import { Icon, type IconName } from "./icons";
import { useInline } from "./inline";
import { replyRows } from "./keyboards";
import { sizeOf } from "./media";
import { send } from "./sending";
import { canEdit, excerpt } from "./services";
import type { Chat, InlineResult, Message, ReplyKeyboard, TelegramPaneState, Topic } from "./shapes";
import { asked, commandText, offered } from "./suggest";
import { commandOffers, type Offer, resultOffers, Suggestions } from "./suggestions";

interface ComposerProps {
  pane: TelegramPaneState;
  chat: Chat;
  topic: Topic | null;
  drafts: Drafts;
  keyboard: ReplyKeyboard | null;
  act: Act;
  input: { current: HTMLTextAreaElement | null };
}

export function Composer(props: ComposerProps) {
  const { pane, chat, topic, act } = props;
  const { user } = pane;
  if (chat.type === "private" && chat.blocked) {
    return <Instead label="Restart bot" onPress={() => act("/telegram/hands/unblock", { user })} />;
  }
  if (chat.type === "private" && !chat.started) {
    return <Instead label="Start" onPress={() => act("/telegram/hands/start", { user })} />;
  }
  if (topic?.closed && !chat.manages) return <p class="tg-instead quiet">The topic is closed</p>;
  return <Writing {...props} />;
}

function Instead({ label, onPress }: { label: string; onPress: () => void }) {
  return (
    <button type="button" class="tg-instead" onClick={onPress}>
      {label}
    </button>
  );
}

function Writing({ pane, chat, drafts, keyboard, act, input }: ComposerProps) {
  const { draft, change, clear } = drafts;
  const { bot, user, thread } = pane;
  const [active, setActive] = useState(-1);
  const [closed, setClosed] = useState(""); // the text whose suggestions were closed
  const [keysShown, setKeysShown] = useState(true);
  const question = draft.text === closed ? null : asked(draft.text, bot.username);
  const inline = useInline(act, user, question?.kind === "inline" ? question.query : null);
  const place = { user, chat: chat.id, thread, reply_to: draft.replyTo?.message_id ?? null };

  const sendText = async (text: string) => {
    clear();
    if (!(await act("/telegram/hands/send", { ...place, text }))) change({ text, replyTo: draft.replyTo });
  };
  const submit = async () => {
    const before = { ...draft };
    if (!before.text.trim() && !before.file) return;
    clear();
    if (!(await send(act, place, before))) change(before);
  };
  const choose = useOnce(async (result: InlineResult) => {
    const query = question?.kind === "inline" ? question.query : "";
    if (await act("/telegram/hands/choose", { ...place, result, query })) clear();
  });

  const offers: Offer[] =
    question?.kind === "command"
      ? commandOffers(
          offered(pane.menu, question.begun),
          (command) => commandText(command, bot.username, chat.type === "private"),
          (text) => void sendText(text),
        )
      : question?.kind === "inline"
        ? resultOffers(inline.results ?? [], (result) => void choose(result))
        : [];
  useEffect(() => setActive(-1), [draft.text]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const chosen = offers[active];
    if (event.key === "Escape") {
      if (question) setClosed(draft.text);
      else if (draft.replyTo || draft.editing || draft.file) clear();
    } else if (offers.length > 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      setActive((active + (event.key === "ArrowDown" ? 1 : offers.length - (active < 0 ? 0 : 1))) % offers.length);
    } else if (event.key === "Tab" && !event.shiftKey && (chosen ?? (question?.kind === "command" && offers[0]))) {
      const text = (chosen ?? offers[0])?.text;
      if (!text) return;
      event.preventDefault();
      change({ text });
    } else if (event.key === "ArrowUp" && !draft.text) {
      event.preventDefault();
      const own = pane.messages.findLast(canEdit);
      if (own) change({ editing: own, text: own.text ?? "", replyTo: null });
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (chosen) chosen.take();
      else void submit();
    }
  };

  const list = `tg-offers-${chat.id}`;
  return (
    <form
      class="tg-composer"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {question && (offers.length > 0 || question.kind === "inline") && (
        <Suggestions
          id={list}
          label={question.kind === "command" ? "Commands of the bot" : "Results of the bot"}
          offers={offers}
          active={active}
          bot={{ id: bot.id, name: bot.first_name }}
          waiting={question.kind === "inline" && inline.results === null}
          empty={question.kind === "inline" ? `${bot.first_name} has no results for this.` : null}
        />
      )}
      {draft.replyTo && <Bar icon="reply" message={draft.replyTo} onClose={clear} />}
      {draft.editing && <Bar icon="edit" message={draft.editing} onClose={clear} />}
      {draft.file && <Chosen file={draft.file} onClose={() => change({ file: null })} />}
      <div class="tg-line">
        {pane.menu.length > 0 && (
          <button
            type="button"
            class="tg-menu-button"
            aria-label="Menu: commands of the bot"
            aria-expanded={question?.kind === "command"}
            onClick={() => {
              change({ text: question?.kind === "command" ? "" : "/" });
              setClosed("");
              input.current?.focus();
            }}
          >
            <Icon name={question?.kind === "command" ? "close" : "menu"} />
            <span>Menu</span>
          </button>
        )}
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          maxLength={4096}
          aria-label={`Message to ${chat.title}`}
          placeholder={draft.replyTo?.placeholder ?? "Message"}
          aria-autocomplete="list"
          aria-controls={offers.length > 0 ? list : undefined}
          aria-activedescendant={active >= 0 ? `${list}-${active}` : undefined}
          value={draft.text}
          onInput={(event) => change({ text: event.currentTarget.value })}
          onKeyDown={onKeyDown}
        />
        {keyboard && (
          <button
            type="button"
            class="tg-round"
            aria-label="Keyboard of the bot"
            aria-expanded={keysShown}
            onClick={() => setKeysShown(!keysShown)}
          >
            <Icon name="keys" />
          </button>
        )}
        {!draft.editing && <Attach onChoose={(file) => change({ file })} />}
        <button type="submit" class="tg-round tg-send" aria-label={draft.editing ? "Save the message" : "Send"}>
          <Icon name={draft.editing ? "tick" : "send"} />
        </button>
      </div>
      {keyboard && keysShown && <ReplyKeys keyboard={keyboard} send={(text) => void sendText(text)} />}
    </form>
  );
}

/** What is being replied to, or edited. */
function Bar({ icon, message, onClose }: { icon: IconName; message: Message; onClose: () => void }) {
  const editing = icon === "edit";
  return (
    <div class="tg-bar">
      <Icon name={icon} />
      <p>
        <b>{editing ? "Edit message" : `Reply to ${senderOf(message).first_name}`}</b>
        <span>{excerpt(message)}</span>
      </p>
      <button type="button" class="tg-round" aria-label={editing ? "Stop editing" : "No reply"} onClick={onClose}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function Chosen({ file, onClose }: { file: File; onClose: () => void }) {
  return (
    <div class="tg-bar">
      <Icon name="file" />
      <p>
        <b>{file.type.startsWith("image/") ? "Send as a photo" : "Send as a file"}</b>
        <span>
          {file.name}, {sizeOf(file.size)}
        </span>
      </p>
      <button type="button" class="tg-round" aria-label="Send no file" onClick={onClose}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function Attach({ onChoose }: { onChoose: (file: File) => void }) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={chooser}
        type="file"
        hidden
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onChoose(file);
          event.currentTarget.value = "";
        }}
      />
      <button
        type="button"
        class="tg-round"
        aria-label="Attach a photo or a file"
        onClick={() => chooser.current?.click()}
      >
        <Icon name="attach" />
      </button>
    </>
  );
}

function ReplyKeys({ keyboard, send }: { keyboard: ReplyKeyboard; send: (text: string) => void }) {
  return (
    <div class="tg-reply-keys">
      {replyRows(keyboard).map((row, at) => (
        <div class="tg-keys" key={at}>
          {row.map((text) => (
            <button type="button" key={text} onClick={() => send(text)}>
              {text}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}
