// One message as it stands in the chat: a bubble with its name, quote, words, time and ticks, and its buttons.

import { useMemo } from "preact/hooks";
import { Avatar } from "./avatar";
import { clockTime, whole } from "./dates";
import { Icon } from "./icons";
import { Keyboard } from "./keyboard";
import { Media } from "./media";
import { hueOf, type Placed } from "./runs";
import { excerpt, serviceWords, undrawable } from "./services";
import type { Message, User } from "./shapes";
import { useViewing, type Viewing } from "./viewing";
import { CannotBeDrawn, Words } from "./words";

export interface BubbleProps extends Omit<Placed, "newDay"> {
  /** Several people are talking: whoever speaks is named. */
  named: boolean;
}

/** An older message is the same object from one redraw to the next, and then nothing of it is drawn again. */
export function Bubble({ message, first, last, named }: BubbleProps) {
  const viewing = useViewing();
  return useMemo(
    () => <OneBubble message={message} first={first} last={last} named={named} viewing={viewing} />,
    [message, first, last, named, viewing],
  );
}

function OneBubble({ message, first, last, named, viewing }: BubbleProps & { viewing: Viewing }) {
  const service = serviceWords(message);
  if (service !== null) return <p class="tg-service">{service}</p>;
  const sender = senderOf(message);
  const keys = message.reply_markup?.inline_keyboard ?? [];
  const classes = ["tg-said", message.mine && "mine", first && "first", last && "last", message.deleted && "deleted"];
  return (
    <div class={classes.filter(Boolean).join(" ")}>
      {named && !message.mine && (
        <span class="tg-side">{last && <Avatar id={sender.id} name={sender.first_name} bot={!!sender.is_bot} />}</span>
      )}
      <div class="tg-column">
        <div class={isBare(message) ? "tg-bubble bare" : "tg-bubble"}>
          {last && !isBare(message) && <Tail />}
          {named && first && !message.mine ? (
            <Name sender={sender} />
          ) : (
            <span class="tg-unseen">{message.mine ? "You" : sender.first_name}: </span>
          )}
          {message.via_bot && <p class="tg-via">via @{message.via_bot.username}</p>}
          {message.deleted ? <Gone /> : <Contents message={message} viewing={viewing} />}
          <Reactions message={message} />
          <Meta message={message} zone={viewing.zone} />
        </div>
        {keys.length > 0 && !message.deleted && <Keyboard message={message} rows={keys} />}
      </div>
      {!message.deleted && <Doings message={message} viewing={viewing} />}
    </div>
  );
}

export function senderOf(message: Message): User {
  const { sender_chat: chat, from } = message;
  if (chat) return { id: chat.id, first_name: chat.title ?? "Group" };
  return from ?? { id: 0, first_name: "Somebody" };
}

function isBare(message: Message): boolean {
  return message.sticker !== undefined && !message.deleted;
}

function Tail() {
  return (
    <svg class="tg-tail" viewBox="0 0 9 17" aria-hidden="true">
      <path d="M9 0v17H.8c-.9 0-1.1-1-.4-1.5C5 12.500 8 8 8 0z" />
    </svg>
  );
}

function Name({ sender }: { sender: User }) {
  return <p class={`tg-name ink-${hueOf(sender.id)}`}>{sender.first_name}</p>;
}

function Gone() {
  return <p class="tg-gone">This message was deleted</p>;
}

function Contents({ message, viewing }: { message: Message; viewing: Viewing }) {
  const strange = undrawable(message);
  const text = message.text ?? message.caption;
  const { reply_to_message: target } = message;
  return (
    <>
      {target && !target.forum_topic_created && <Quoted target={target} jump={viewing.jump} />}
      <Media message={message} />
      {text !== undefined && <Words text={text} entities={message.entities ?? message.caption_entities ?? []} />}
      {strange !== null && <CannotBeDrawn what={strange} />}
    </>
  );
}

function Quoted({ target, jump }: { target: Message; jump: Viewing["jump"] }) {
  const sender = senderOf(target);
  return (
    <button type="button" class={`tg-reply ink-${hueOf(sender.id)}`} onClick={() => jump(target.message_id)}>
      <span class="tg-reply-name">
        <span class="tg-unseen">Reply to </span>
        {sender.first_name}
      </span>
      <span class="tg-reply-text">{excerpt(target)}</span>
    </button>
  );
}

function Meta({ message, zone }: { message: Message; zone: string }) {
  // As the apps do it: a bot's edits are how it shows what is new, and are not marked; the tip says when.
  const { edit_date: edited, from } = message;
  const tip = `${whole(message.date, zone)}${edited ? `, edited ${whole(edited, zone)}` : ""}`;
  return (
    <span class="tg-meta">
      {edited !== undefined && !from?.is_bot && <span>edited</span>}
      <time dateTime={new Date(message.date * 1000).toISOString()} title={tip}>
        {clockTime(message.date, zone)}
      </time>
      {message.mine && (
        <>
          <Icon name="ticks" />
          <span class="tg-unseen">read</span>
        </>
      )}
    </span>
  );
}

function Reactions({ message }: { message: Message }) {
  const { reactions = [] } = message;
  if (reactions.length === 0) return null;
  const counts = new Map<string, number>();
  for (const emoji of reactions) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  return (
    <ul class="tg-reactions" aria-label="Reactions">
      {[...counts].map(([emoji, count]) => (
        <li key={emoji}>
          {emoji} {count > 1 && count}
        </li>
      ))}
    </ul>
  );
}

function Doings({ message, viewing }: { message: Message; viewing: Viewing }) {
  const about = `${senderOf(message).first_name}'s message`;
  return (
    <div class="tg-doings">
      <button type="button" aria-label={`Reply to ${about}`} title="Reply (R)" onClick={() => viewing.reply(message)}>
        <Icon name="reply" />
      </button>
      <button
        type="button"
        aria-label={`More for ${about}`}
        title="More"
        aria-haspopup="menu"
        onClick={(event) => viewing.menu(message, event.currentTarget)}
      >
        <Icon name="more" />
      </button>
    </div>
  );
}
