// The six steps of the tour: each is really done, by the hands of a buyer, of Sam in Slack or of Eve in Telegram.

import type { Side } from "../shapes";
import { type Asked, type Guide, Stopped } from "./guide";
import { slackButtons, telegramButtons, typedField } from "./reading";

/** Where to look after a step, and what is to be seen there; `at` selects within the pane. */
export type Points = Partial<Record<Side, { says: string; at?: string }>>;

export interface Step {
  title: string;
  run: (guide: Guide) => Promise<Points>;
}

const QUESTIONS: [buyer: string, text: string][] = [
  ["Kenji", "Hello from Tokyo! Can you send the print rolled in a tube? It is a present."],
  ["Zoë", "Hallo! Gibt es das Poster auch in A1, und was kostet der Versand nach Berlin?"],
  ["Omar", "Good evening, could I have it framed, and by when would it be in Cairo?"],
  ["Ann", "Would you also make one for a child's room, with a fox in place of the bell?"],
];
const REPLY = "Gladly! It leaves tomorrow morning, and I will send you the tracking number.";
const SPAM = "Your shop will be closed today! Confirm your account at verify-seller.example to keep it.";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** How much is left of the time to answer when the guide stops the clock: the first that is still ahead. */
const NEAR = [3.9 * HOUR, 0.9 * HOUR];
/** With less than this there is nothing left to come near: somebody else asks. */
const LEAST = 0.9 * HOUR + MINUTE;

export const STEPS: Step[] = [
  { title: "A buyer writes", run: aBuyerWrites },
  { title: "Answer from Slack", run: answerFromSlack },
  { title: "Answer from Telegram", run: answerFromTelegram },
  { title: "Report spam", run: reportSpam },
  { title: "Go away", run: goAway },
  { title: "A deadline comes near", run: comeNear },
];

const message = (id: string | number) => `[data-message="${id}"]`;

async function ask(guide: Guide): Promise<Asked> {
  const [buyer, text] = QUESTIONS[guide.asked.length % QUESTIONS.length] ?? ["Ann", REPLY];
  return guide.ask(buyer, text);
}

async function aBuyerWrites(guide: Guide): Promise<Points> {
  await guide.slack();
  await guide.telegram();
  const question = await ask(guide);
  const [slack, telegram] = await Promise.all([guide.cardInSlack(question), guide.cardInTelegram(question)]);
  const said = await guide.until(() => {
    const { marketplace } = guide.panes;
    return marketplace?.conversation === question.conversation && marketplace.messages[0];
  }, "The message on the site");
  return {
    marketplace: { says: `${question.buyer} writes; the site tells Shopbell.`, at: message(said.id) },
    slack: { says: "The card: what was asked, and by when it is owed.", at: message(slack.ts) },
    telegram: { says: "The same card, on Eve's phone.", at: message(telegram.message_id) },
  };
}

async function answerFromSlack(guide: Guide): Promise<Points> {
  const { user, channel } = await guide.slack();
  await guide.telegram();
  const question = guide.waiting() ?? (await ask(guide));
  const card = await guide.cardInSlack(question);
  await guide.do("/slack/hands/click", { user, channel, ts: card.ts, action: `Reply to ${question.buyer}` });
  const form = await guide.until(() => guide.panes.slack?.views.at(-1), "The form");
  const field = typedField(form);
  if (!field) throw new Stopped("The form has nothing to write in.");
  await guide.breath(1.5);
  await guide.do("/slack/hands/submit", { user, view: form.id, values: { [field]: REPLY } });
  const answer = await guide.answerTo(question);
  const telegram = await guide.cardInTelegram(question);
  return {
    marketplace: { says: `${question.buyer} has the answer, once.`, at: message(answer.id) },
    slack: { says: "Sam's words went out; the card says whose they are.", at: message(card.ts) },
    telegram: { says: "Eve sees that it is answered, and by whom.", at: message(telegram.message_id) },
  };
}

async function answerFromTelegram(guide: Guide): Promise<Points> {
  await guide.slack();
  const { user, chat } = await guide.telegram();
  const question = guide.waiting() ?? (await ask(guide));
  const card = await guide.cardInTelegram(question);
  const { telegram: before } = guide.newest();
  const press = (on: { message_id: number }, button: string) =>
    guide.do("/telegram/hands/press", { user, chat, message_id: on.message_id, button });
  /** A message with such a button, not older than this, and what the button says. */
  const offered = async (label: RegExp, from: number, what: string) => {
    const find = (each: Parameters<typeof telegramButtons>[0]) => telegramButtons(each).find((one) => label.test(one));
    const found = await guide.inTelegram((_, each) => each.message_id >= from && Boolean(find(each)), what);
    return { found, button: find(found) ?? "" };
  };

  await press(card, "Quick response");
  let choice = await offered(/^(Take these|Thanks, I will look)/, before + 1, "The quick responses");
  if (choice.button.startsWith("Take these")) {
    // The first time there are none: those that Shopbell brings are taken.
    await guide.breath();
    await press(choice.found, choice.button);
    await guide.breath();
    await press(card, "Quick response");
    choice = await offered(/^Thanks, I will look/, choice.found.message_id + 1, "The quick responses");
  }
  await guide.breath();
  await press(choice.found, choice.button);
  const preview = await offered(/^Send to /, choice.found.message_id, "What would be sent");
  await guide.breath(1.5);
  await press(preview.found, preview.button);
  const answer = await guide.answerTo(question);
  const slack = await guide.cardInSlack(question);
  return {
    marketplace: { says: "Sent by a quick response; the site is told which.", at: message(answer.id) },
    slack: { says: "The team sees that Eve has answered.", at: message(slack.ts) },
    telegram: { says: "Three presses: the response, a look at it, send.", at: message(card.message_id) },
  };
}

async function reportSpam(guide: Guide): Promise<Points> {
  const { user, channel } = await guide.slack();
  await guide.telegram();
  const question = await guide.write("Shop Support", SPAM);
  const card = await guide.cardInSlack(question);
  const click = (ts: string, action: string) => guide.do("/slack/hands/click", { user, channel, ts, action });
  const whispered = (label: string, from: string) =>
    guide.inSlack(
      (_, each) => each.only_for === user && each.ts >= from && slackButtons(each).includes(label),
      `“${label}”`,
    );
  await guide.breath();
  await click(card.ts, "More…");
  const menu = await whispered("Report spam", card.ts);
  await guide.breath();
  await click(menu.ts, "Report spam");
  const reasons = await whispered("Scam or phishing", menu.ts);
  await guide.breath();
  await click(reasons.ts, "Scam or phishing");
  const reported = await guide.until(() => {
    const { marketplace } = guide.panes;
    const open = marketplace?.conversation === question.conversation ? marketplace.messages : [];
    return open.find((each) => each.spam);
  }, "The report at the marketplace");
  const telegram = await guide.cardInTelegram(question);
  return {
    marketplace: { says: "Reported to the site. No answer is owed any more.", at: message(reported.id) },
    slack: { says: "The card says who reported it, and takes it back.", at: message(card.ts) },
    telegram: { says: "Eve need not look at it.", at: message(telegram.message_id) },
  };
}

/** Away, or back where the seller is away. */
async function goAway(guide: Guide): Promise<Points> {
  const { user, channel } = await guide.slack();
  await guide.telegram();
  const available = () => guide.panes.marketplace?.availability.available;
  await guide.shop();
  if (!available()) return comeBack(guide, user, channel);
  const before = guide.newest();
  const typed = { user, channel, command: "/shopbell", text: "away 4h At the fair; back in the evening." };
  await guide.do("/slack/hands/command", typed);
  const confirm = "Confirm: buyers may write";
  const preview = await guide.inSlack(
    (_, each) => each.ts > before.slack && slackButtons(each).includes(confirm),
    "The question",
  );
  await guide.breath(1.5);
  await guide.do("/slack/hands/click", { user, channel, ts: preview.ts, action: confirm });
  await guide.until(() => available() === false, "The marketplace's word");
  const { said, told } = await bothSay(guide, / is away /, before);
  return {
    marketplace: { says: "Buyers read this, word for word.", at: ".market-away" },
    slack: { says: "One command; new inquiries come without a sound.", at: message(said.ts) },
    telegram: { says: "Eve is told. The same step again comes back.", at: message(told.message_id) },
  };
}

async function bothSay(guide: Guide, words: RegExp, since: ReturnType<Guide["newest"]>) {
  const said = guide.inSlack((all, each) => !each.only_for && each.ts > since.slack && words.test(all), "Slack's word");
  const told = guide.inTelegram((all, each) => each.message_id > since.telegram && words.test(all), "Telegram's word");
  return { said: await said, told: await told };
}

async function comeBack(guide: Guide, user: string, channel: string): Promise<Points> {
  const before = guide.newest();
  await guide.do("/slack/hands/command", { user, channel, command: "/shopbell", text: "back" });
  await guide.until(() => guide.panes.marketplace?.availability.available, "The marketplace's word");
  const { said, told } = await bothSay(guide, / is available again/, before);
  return {
    marketplace: { says: "The seller is available again.", at: ".market-here" },
    slack: { says: "Back, with what waits.", at: message(said.ts) },
    telegram: { says: "Eve is told as well.", at: message(told.message_id) },
  };
}

async function comeNear(guide: Guide): Promise<Points> {
  const { user, channel } = await guide.slack();
  await guide.telegram();
  await guide.shop();
  // While the seller is away nothing counts, and nobody is reminded.
  if (guide.panes.marketplace?.availability.available === false) await comeBack(guide, user, channel);
  const waiting = guide.waiting();
  // What was written while the seller was away may have no deadline.
  let question = waiting && guide.owed(waiting) ? waiting : await ask(guide);
  let left = await guide.left(question);
  if (left <= LEAST) {
    question = await ask(guide);
    left = await guide.left(question);
  }
  const card = await guide.cardInSlack(question);
  const rest = NEAR.find((each) => each < left - MINUTE) ?? 0;
  const before = guide.newest();
  await guide.do("/clock/move", { seconds: (left - rest) / 1000 });
  const reminds = (words: string) => words.includes(question.buyer) && /waits?\b|by /.test(words);
  const [told, reminder] = await Promise.all([
    guide.inTelegram((words, each) => each.message_id > before.telegram && reminds(words), "The reminder"),
    guide.reminder(card, (words, each) => each.ts > before.slack && reminds(words)),
  ]);
  await guide.state.select("marketplace", { conversation: question.conversation });
  return {
    marketplace: { says: "The buyer sees none of it; the clock has moved." },
    slack: { says: "A reminder, beside the card it is about.", at: message(reminder.ts) },
    telegram: {
      says: "And one here, for whoever is on the road.",
      at: message(told.message_id),
    },
  };
}
