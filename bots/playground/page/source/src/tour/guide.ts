// The guide does what people do, by their hands, and waits for what comes of it in the panes.

import { get, type Json } from "../hands";
import type { ClockState, MarketMessage, Owed, Panes } from "../shapes";
import type { SlackMessage } from "../slack/shapes";
import type { PageState } from "../state";
import type { Message as TelegramMessage } from "../telegram/shapes";
import { slackButtons, slackWords, telegramButtons, telegramWords } from "./reading";

const PATIENCE = 25_000; // a reply is held for some seconds, so that it can be taken back

/** A step that could not go on; an empty text where the page has said already what went wrong. */
export class Stopped extends Error {}

/** What a buyer asked during the tour, and where it stands. */
export interface Asked {
  buyer: string;
  text: string;
  conversation: string;
  /** What stood last in each chat before. */
  after: Newest;
}

interface Newest {
  slack: string;
  telegram: number;
}

export class Guide {
  readonly asked: Asked[] = [];

  constructor(readonly state: PageState) {}

  get panes(): Partial<Panes> {
    return this.state.known.panes;
  }

  async do(path: string, body: Json): Promise<Json> {
    const answer = await this.state.act(path, body);
    if (!answer) throw new Stopped("");
    return answer;
  }

  /** Looks now and at each change, until there is something. */
  until<T>(look: () => T | null | undefined | false, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const done = (act: () => void) => {
        clearTimeout(timer);
        leave();
        act();
      };
      const check = () => {
        const found = look();
        if (found) done(() => resolve(found));
      };
      const timer = setTimeout(() => done(() => reject(new Stopped(`${what} did not come in time.`))), PATIENCE);
      const leave = this.state.subscribe(check);
      check();
    });
  }

  /** So that a person can see what is about to be pressed or sent. */
  breath = (seconds = 1) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

  // Who is asked, and where.

  async shop(): Promise<string> {
    return (await this.until(() => this.panes.marketplace, "The marketplace")).shop;
  }

  /** The first person's own view of their first channel, with no form left open over it. */
  async slack(): Promise<{ user: string; channel: string }> {
    await this.state.select("slack", { user: undefined, channel: undefined, thread: undefined, home: undefined });
    const { user, channel, views } = await this.until(() => this.panes.slack, "Slack");
    for (const view of views.toReversed()) await this.do("/slack/hands/close", { user, view: view.id });
    await this.until(() => this.panes.slack?.views.length === 0, "Slack without its forms");
    return { user, channel };
  }

  /** The first person's private chat with the bot. */
  async telegram(): Promise<{ user: number; chat: number }> {
    await this.state.select("telegram", { user: undefined, chat: undefined, thread: undefined });
    const shown = await this.until(() => this.panes.telegram, "Telegram");
    const alone = shown.chats.find((chat) => chat.type === "private");
    if (!alone) throw new Stopped("Nobody talks with the bot in private.");
    await this.state.select("telegram", { chat: String(alone.id) });
    return { user: shown.user, chat: alone.id };
  }

  /** What stands last in each chat: whatever comes of the next act is newer. */
  newest(): Newest {
    const instants = (this.panes.slack?.messages ?? []).map(({ ts }) => ts).sort();
    return { slack: instants.at(-1) ?? "", telegram: this.panes.telegram?.messages.at(-1)?.message_id ?? 0 };
  }

  // What stands there.

  inSlack(fits: (words: string, message: SlackMessage) => boolean, what: string): Promise<SlackMessage> {
    return this.until(
      () => this.slackMessages().findLast((each) => !each.deleted && fits(slackWords(each), each)),
      what,
    );
  }

  inTelegram(fits: (words: string, message: TelegramMessage) => boolean, what: string): Promise<TelegramMessage> {
    const shown = () => this.panes.telegram?.messages ?? [];
    return this.until(() => shown().findLast((each) => !each.deleted && fits(telegramWords(each), each)), what);
  }

  private slackMessages(): SlackMessage[] {
    const { slack } = this.panes;
    return [...(slack?.messages ?? []), ...(slack?.thread?.messages ?? [])];
  }

  /** Where several fall due together it stands in the channel, else in the card's thread, which is opened. */
  async reminder(card: SlackMessage, fits: (words: string, each: SlackMessage) => boolean): Promise<SlackMessage> {
    const replies = card.reply_count ?? 0;
    const inChannel = () =>
      this.panes.slack?.messages.findLast(
        (each) => each.ts !== card.ts && !each.only_for && fits(slackWords(each), each),
      );
    const below = () => (this.panes.slack?.messages.find((each) => each.ts === card.ts)?.reply_count ?? 0) > replies;
    const what = "The reminder in Slack";
    const found = await this.until(() => inChannel() ?? (below() && ("below" as const)), what);
    if (found !== "below") return found;
    await this.state.select("slack", { thread: card.ts });
    return this.inSlack((words, each) => each.thread_ts === card.ts && each.ts !== card.ts && fits(words, each), what);
  }

  // What the steps have in common.

  /** A buyer asks what the other steps may answer. */
  async ask(buyer: string, text: string): Promise<Asked> {
    const asked = await this.write(buyer, text);
    this.asked.push(asked);
    return asked;
  }

  /** A buyer writes in a conversation of their own. */
  async write(buyer: string, text: string): Promise<Asked> {
    const shop = await this.shop();
    const after = this.newest();
    const conversation = `tour-${Date.now().toString(36)}`;
    await this.do("/marketplace/hands/write", { shop, buyer, text, conversation });
    await this.state.select("marketplace", { conversation });
    return { buyer, text, conversation, after };
  }

  cardInSlack({ buyer, text, after }: Asked): Promise<SlackMessage> {
    return this.inSlack(
      (words, each) => !each.only_for && each.ts > after.slack && quotes(words, text) && slackButtons(each).length > 0,
      `${buyer}'s card in Slack`,
    );
  }

  cardInTelegram({ buyer, text, after }: Asked): Promise<TelegramMessage> {
    return this.inTelegram(
      (words, each) => each.message_id > after.telegram && quotes(words, text) && telegramButtons(each).length > 0,
      `${buyer}'s card in Telegram`,
    );
  }

  /** Whoever asked last and has no answer yet. */
  waiting(): Asked | undefined {
    const messages = this.slackMessages();
    return this.asked.findLast((asked) =>
      messages.some(
        (each) =>
          each.ts > asked.after.slack &&
          quotes(slackWords(each), asked.text) &&
          slackButtons(each).includes(`Reply to ${asked.buyer}`),
      ),
    );
  }

  /** Milliseconds until an answer is due, by the page's clock at this moment. */
  async left(asked: Asked): Promise<number> {
    const due = await this.until(() => this.owed(asked)?.due, `${asked.buyer}'s deadline`);
    const { now } = await get<ClockState>("/page/clock");
    return Date.parse(due) - Date.parse(now);
  }

  owed({ buyer }: Asked): Owed | undefined {
    const open = this.panes.rates?.open?.obligations ?? [];
    return open.findLast((each) => each.due && each.counts && each.buyer === buyer);
  }

  /** The seller's answer, once the marketplace has it. */
  async answerTo({ buyer, conversation }: Asked): Promise<MarketMessage> {
    await this.state.select("marketplace", { conversation });
    return this.until(() => {
      const { marketplace } = this.panes;
      return (
        marketplace?.conversation === conversation && marketplace.messages.findLast((each) => each.by === "seller")
      );
    }, `The answer to ${buyer}`);
  }
}

/** A card may draw an address within a buyer's words so that it cannot be pressed; how they begin is kept. */
const quotes = (words: string, text: string) => words.includes(text.slice(0, 24));
