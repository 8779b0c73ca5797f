// The playground's page: draws what the stand-ins hold, and does with the people's hands what is pressed here.
// Everything from outside goes in as text, never as markup.

const at = (id) => document.getElementById(id);
const targets = { thread: null, reply: null };
let state = null;
let drawn = {};
let form = null;

function node(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...inside.filter((one) => one !== null));
  return made;
}

const tell = (words) => { at("told").textContent = words; };

async function hand(path, given) {
  try {
    const response = await fetch(path, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(given),
    });
    const said = await response.json();
    tell(response.ok ? "" : said.error ?? `${response.status}`);
    return response.ok ? said : null;
  } catch {
    tell("The playground does not answer. Is `make play` still running?");
    return null;
  } finally {
    look();
  }
}

// Only web addresses: a card could otherwise carry a link that runs something.
const isWeb = (url) => /^https?:\/\//i.test(url);

function button(key, label, onclick) {
  return node("button", { type: "button", "data-key": key, onclick }, label);
}

function link(label, url) {
  return isWeb(url) ? node("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label) : node("span", {}, label);
}

function draw(id, children) {
  // A redraw keeps the reader's place, and the keyboard's.
  const box = at(id);
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  box.replaceChildren(...children);
  if (atEnd) box.scrollTop = box.scrollHeight;
  if (focused) [...box.querySelectorAll("[data-key]")].find((one) => one.dataset.key === focused)?.focus();
}

function drawMarket(pane) {
  return pane.shops.flatMap((shop) => [
    ...(shop.availability ? [node("p", { class: "by" }, `The seller: ${shop.availability}`)] : []),
    ...shop.conversations.flatMap((talk) => [
      node("h3", {}, talk.conversation),
      ...talk.messages.map((said) => node("article", { class: said.by === "seller" ? "mine" : null },
        node("p", { class: "by" }, said.by === "seller" ? "The seller" : "The buyer"),
        node("p", {}, said.deleted ? "(deleted)" : said.spam ? `🚫 ${said.text}` : said.text))),
    ]),
  ]);
}

function drawPost(pane, post, more) {
  const press = (one) => hand("/slack/hands/click", {
    user: pane.user.id, channel: post.channel, ts: post.ts, action: one.action,
  });
  const buttons = post.buttons.map((one) =>
    one.url ? link(one.label, one.url) : button(`${post.ts} ${one.action}`, one.label, () => press(one)));
  if (more.answerable) buttons.push(button(`${post.ts} thread`, "Thread", () => aimThread(post)));
  return node("article", { class: more.kind ?? null },
    node("p", { class: "by" }, more.kind ? "Only you see this" : post.by),
    node("p", {}, post.text),
    buttons.length ? node("div", { class: "row" }, ...buttons) : null,
    post.replies?.length ? node("div", { class: "replies" }, ...post.replies.map((one) => drawPost(pane, one, {}))) : null);
}

function drawSlack(pane) {
  const lines = pane.channels.flatMap((channel) => [
    node("h3", {}, channel.name),
    ...channel.posts.map((post) => drawPost(pane, post, { answerable: true })),
    ...channel.whispers.map((post) => drawPost(pane, post, { kind: "seen-by-one" })),
  ]);
  return [...lines, ...pane.failures.map((one) => node("p", { class: "by" }, `⚠ ${one}`))];
}

function drawForm(pane) {
  // Drawn once a form, so that what is being typed into it stays.
  const view = pane.view;
  if ((view?.id ?? null) === (form?.id ?? null)) return;
  form = view;
  const box = at("slack-form");
  box.hidden = !view;
  if (!view) { box.replaceChildren(); return; }
  const fields = view.fields.map((field) => {
    const input = node("textarea", { name: field.name, rows: 3, maxlength: field.most });
    input.value = field.value;
    return node("label", { class: "wide" }, field.label, input, node("span", {}, field.hint));
  });
  const close = button("close", "Cancel", () => hand("/slack/hands/close", { user: pane.user.id, view: view.id }));
  box.replaceChildren(
    node("h3", {}, view.title), node("p", {}, view.text), ...fields,
    view.submit ? node("button", {}, view.submit) : null, close);
  box.querySelector("textarea")?.focus();
}

function drawTelegram(pane) {
  return pane.chats.flatMap((chat) => [
    node("h3", {}, chat.title),
    ...chat.messages.map((message) => drawMessage(pane, chat, message)),
  ]);
}

function drawMessage(pane, chat, message) {
  const press = async (one) => {
    const said = await hand("/telegram/hands/press", {
      user: pane.user.id, chat: chat.id, message_id: message.id, button: one.data,
    });
    if (said?.result?.text) tell(said.result.text);
  };
  const rows = [];
  for (const one of message.buttons) (rows[one.row] ??= []).push(one);
  const pressable = rows.map((row) => node("div", { class: "row" }, ...row.map((one) =>
    one.data ? button(`${message.id} ${one.data}`, one.label, () => press(one)) : link(one.label, one.url ?? ""))));
  return node("article", { class: message.mine ? "mine" : null },
    node("p", { class: "by" }, [message.by, ...message.reactions].join(" ")),
    message.quoted ? node("p", { class: "quoted" }, `↩ ${message.quoted}`) : null,
    node("p", {}, message.text),
    ...pressable,
    message.mine ? null : node("div", { class: "row" },
      button(`${message.id} reply`, "Swipe to reply", () => aimReply(chat, message))));
}

function aimThread(post) {
  targets.thread = post && (post.thread ?? post.ts);
  at("slack-where").textContent = post ? `In the thread of “${post.text.slice(0, 40)}”: begin with @shopbell to answer` : "In the channel";
  at("slack-leave").hidden = !post;
  at("slack-say").elements.text.focus();
}

function aimReply(chat, message) {
  targets.reply = message && message.id;
  at("telegram-where").textContent = message ? `Reply to “${message.text.slice(0, 40)}”` : "To nothing in particular";
  at("telegram-leave").hidden = !message;
  at("telegram-say").elements.text.focus();
}

function whoeverAsks(pane) {
  // A force reply opens the reply by itself, as the app does, once.
  for (const chat of pane.chats) {
    const last = chat.messages.at(-1);
    if (last?.asks && drawn.asked !== last.id) {
      drawn.asked = last.id;
      aimReply(chat, last);
    }
  }
}

function changed(name, value) {
  const text = JSON.stringify(value);
  if (drawn[name] === text) return false;
  drawn[name] = text;
  return true;
}

async function look() {
  let found;
  try {
    found = await (await fetch("/page/state")).json();
  } catch {
    return;
  }
  state = found;
  if (changed("market", state.marketplace)) draw("market", drawMarket(state.marketplace));
  if (changed("slack", state.slack)) draw("slack", drawSlack(state.slack));
  if (changed("telegram", state.telegram)) draw("telegram", drawTelegram(state.telegram));
  at("clock").textContent = new Date(state.clock.now).toLocaleString();
  drawForm(state.slack);
  whoeverAsks(state.telegram);
  at("problems").textContent = state.wire.problems;
  if (changed("wire", state.wire)) draw("wire", [state.wire.calls.join("\n")]);
}

function onSubmit(id, work) {
  const box = at(id);
  box.addEventListener("submit", async (event) => {
    event.preventDefault();
    await work(box);
  });
  // Enter sends, as in the apps; Shift and Enter begins a line.
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.tagName === "TEXTAREA") {
      event.preventDefault();
      box.requestSubmit();
    }
  });
}

onSubmit("buyer", async (box) => {
  const shop = state?.marketplace.shops[0]?.shop;
  if (!shop) { tell("No shop is connected yet."); return; }
  const { buyer, conversation, text } = Object.fromEntries(new FormData(box));
  if (await hand("/marketplace/hands/write", { shop, buyer, conversation, text })) box.elements.text.value = "";
});

onSubmit("slack-say", async (box) => {
  const { text } = Object.fromEntries(new FormData(box));
  const user = state.slack.user.id;
  const channel = state.slack.channels[0].id;
  const command = /^(\/\S+)\s*([\s\S]*)$/.exec(text);
  const done = command
    ? await hand("/slack/hands/command", { user, channel, command: command[1], text: command[2] })
    : await hand("/slack/hands/say", { user, channel, text, thread_ts: targets.thread });
  if (done) box.elements.text.value = "";
});

onSubmit("slack-form", async (box) => {
  const said = await hand("/slack/hands/submit", {
    user: state.slack.user.id, view: form.id, values: Object.fromEntries(new FormData(box)),
  });
  const wrong = said?.result?.errors;
  if (wrong) tell(Object.values(wrong).join(" "));
});

onSubmit("telegram-say", async (box) => {
  const { text } = Object.fromEntries(new FormData(box));
  const user = state.telegram.user.id;
  const chat = state.telegram.chats[0]?.id ?? user;
  if (await hand("/telegram/hands/send", { user, chat, text, reply_to: targets.reply })) {
    box.elements.text.value = "";
    aimReply(null, null);
  }
});

for (const one of document.querySelectorAll("[data-forward]")) {
  one.addEventListener("click", () => hand("/clock/move", { seconds: Number(one.dataset.forward) }));
}

at("slack-leave").addEventListener("click", () => aimThread(null));
at("telegram-leave").addEventListener("click", () => aimReply(null, null));

new EventSource("/page/changes").onmessage = look;
setInterval(look, 5000);  // what people do by other hands is not on the wire
look();
