// Telegram, as one person there sees it.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PaneProps } from "../state";
import { Chats } from "./chats";
import { Composer } from "./composer";
import { asking, replyKeyboard, useDrafts } from "./drafts";
import { Head, Pinned } from "./head";
import { History } from "./history";
import { pressOf } from "./keyboards";
import { MessageMenu } from "./message-menu";
import { type Notice, Notices } from "./notices";
import { People } from "./people";
import type { Key, Message, TelegramPaneState } from "./shapes";
import "./telegram.css";
import { Topics } from "./topics";
import { type Viewing, ViewingContext } from "./viewing";
import { Wallpaper } from "./wallpaper";

interface TelegramPaneProps extends PaneProps<TelegramPaneState> {
  /** Seconds by which the page's clock is ahead of this machine's. */
  ahead?: number;
}

interface Pressed {
  text: string | null;
  alert: boolean;
  url: string | null;
  copied: string | null;
  spinning: boolean;
}

export function TelegramPane({ pane, act, select, older, ahead = 0 }: TelegramPaneProps) {
  const { user, thread } = pane;
  const chat = pane.chats.find((one) => one.id === pane.chat);
  const topic = pane.topics?.find((one) => one.id === thread && !one.deleted) ?? null;
  const [zones, setZones] = useState<Record<number, string>>({});
  const [inGeneral, setInGeneral] = useState(false);
  const [notice, setNotice] = useState<Notice | null>(null);
  const [menu, setMenu] = useState<{ message: Message; beside: Element } | null>(null);
  const whole = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const drafts = useDrafts(`${user} ${pane.chat} ${thread ?? ""}`);
  const zone = zones[user] ?? pane.zone;
  const listing = !!chat?.forum && topic === null && (thread !== null || !inGeneral);

  const write = () => input.current?.focus();
  const reply = (message: Message) => {
    drafts.change({ replyTo: message, editing: null });
    write();
  };
  const toast = (text: string) => setNotice({ kind: "toast", text });
  const copy = async (text: string) => {
    const copied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    toast(copied ? "Copied to the clipboard" : text);
  };
  const jump = (id: number) => {
    const item = whole.current?.querySelector<HTMLElement>(`[data-message="${id}"]`);
    if (!item) {
      toast("That message is further up, or in another topic.");
      return;
    }
    item.scrollIntoView({ block: "center" });
    item.focus({ preventScroll: true });
    item.classList.add("tg-found");
    setTimeout(() => item.classList.remove("tg-found"), 1500);
  };
  const press = async (message: Message, key: Key) => {
    const does = pressOf(key);
    if (does.kind === "copy") await copy(does.text);
    if (does.kind === "inline") {
      drafts.change({ text: `@${pane.bot.username} ${does.query}` });
      write();
    }
    if (does.kind !== "callback") return;
    const given = { user, chat: message.chat.id, message_id: message.message_id, button: does.data };
    const pressed = (await act("/telegram/hands/press", given))?.result as Pressed | undefined;
    if (pressed?.spinning) toast("The bot did not answer the press. In Telegram the button goes on spinning.");
    else if (pressed?.text) setNotice({ kind: pressed.alert ? "alert" : "toast", text: pressed.text });
  };
  const say = (text: string) => void act("/telegram/hands/send", { user, chat: pane.chat, thread, text });
  const doing = useRef({ jump, reply, press, say });
  doing.current = { jump, reply, press, say };
  const viewing = useMemo<Viewing>(
    () => ({
      user,
      chat: pane.chat,
      thread,
      zone,
      ahead: ahead * 1000,
      act,
      jump: (id) => doing.current.jump(id),
      reply: (message) => doing.current.reply(message),
      say: (text) => doing.current.say(text),
      press: (message, key) => doing.current.press(message, key),
      menu: (message, beside) => setMenu({ message, beside }),
    }),
    [user, pane.chat, thread, zone, ahead, act],
  );
  useAsked(pane, drafts.draft.replyTo, (message) => {
    drafts.change({ replyTo: message });
    if (whole.current?.contains(document.activeElement)) write();
  });
  const onKey = (message: Message, event: KeyboardEvent) => {
    if (event.target !== event.currentTarget && !(event.target as Element).matches("li")) return;
    if (event.key === "r" || event.key === "ArrowLeft") reply(message);
    else if (event.key === "m" || event.key === "ContextMenu") setMenu({ message, beside: event.target as Element });
    else if (event.key === "Escape") write();
    else return;
    event.preventDefault();
  };
  const onChat = (id: number) => {
    setInGeneral(false);
    select({ chat: String(id), thread: undefined });
  };
  const openTopic = async (name: string) => {
    const opened = (await act("/telegram/hands/open_topic", { user, chat: pane.chat, name }))?.result;
    if (opened) select({ chat: String(pane.chat), thread: String((opened as { id: number }).id) });
  };
  if (!chat) return <p class="telegram tg-nothing">Nobody here has a chat with the bot yet.</p>;
  return (
    <ViewingContext.Provider value={viewing}>
      <div class="telegram" ref={whole}>
        <People
          people={pane.people}
          user={user}
          zone={zone}
          onPerson={(id) => {
            setInGeneral(false);
            select({ user: String(id), chat: undefined, thread: undefined });
          }}
          onZone={(to) => setZones({ ...zones, [user]: to })}
        />
        <div class="tg-app">
          <Chats chats={pane.chats} chat={pane.chat} bot={pane.bot} onChat={onChat} />
          <div class="tg-chat">
            <Head pane={pane} chat={chat} topic={topic} listing={listing} act={act} onBack={() => onChat(chat.id)} />
            {listing ? (
              <Topics
                topics={pane.topics ?? []}
                onTopic={(id) => {
                  setInGeneral(id === null);
                  select({ chat: String(chat.id), thread: id === null ? undefined : String(id) });
                }}
                onNew={(name) => void openTopic(name)}
              />
            ) : (
              <>
                <Pinned messages={pane.messages} jump={jump} />
                <div class="tg-room">
                  <Wallpaper />
                  <History
                    key={`${user} ${chat.id} ${thread ?? ""}`}
                    messages={pane.messages}
                    older={pane.older}
                    askOlder={older}
                    named={chat.type !== "private"}
                    title={topic?.name ?? (chat.type === "private" ? pane.bot.first_name : chat.title)}
                    onKey={onKey}
                  />
                  <Notices notice={notice} onEnd={() => setNotice(null)} />
                </div>
                <Composer
                  key={`${user} ${chat.id} ${thread ?? ""}`}
                  pane={pane}
                  chat={chat}
                  topic={topic}
                  drafts={drafts}
                  keyboard={replyKeyboard(pane.messages)}
                  act={act}
                  input={input}
                />
              </>
            )}
          </div>
        </div>
        {menu && (
          <MessageMenu
            {...menu}
            user={user}
            act={act}
            drafts={drafts}
            reply={reply}
            copy={(text) => void copy(text)}
            onClose={() => setMenu(null)}
          />
        )}
      </div>
    </ViewingContext.Provider>
  );
}

/** A message that asks for a reply opens it by itself, once; what one has begun to reply to stays. */
function useAsked(pane: TelegramPaneState, replyTo: Message | null, open: (message: Message) => void): void {
  const opened = useRef(new Set<string>());
  useEffect(() => {
    const message = asking(pane.messages);
    const key = `${pane.user} ${pane.chat} ${message?.message_id}`;
    if (!message || opened.current.has(key)) return;
    opened.current.add(key);
    if (replyTo === null || replyTo.asks) open(message);
  }, [pane]);
}
