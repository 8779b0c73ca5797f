"""Whatever a stranger writes arrives as plain words, pings nobody, and is kept as it was written."""

import unicodedata

import pytest
import pytest_asyncio

from bots.playground.slack import Message as SlackMessage
from bots.playground.slack import links as slack_links
from bots.playground.slack import pings as slack_pings
from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import links as telegram_links
from bots.playground.telegram import pings as telegram_pings
from bots.playground.telegram import plain as telegram_plain
from tests.fixtures.house import House, Story, Street

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOUSES = 18  # a chat takes a message a second: the stories take turns
LIMIT = 2_000
NAME = 200
SITE = "https://market.example/inbox/"
PICTURE = {"url": "https://localhost/a.png", "type": "image/png", "size": 1234}
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"

HOSTILE = {
    "call the channel": "<!channel> look",
    "call everyone": "@everyone @here @channel and @Kim, @sales-0",
    "call a member": "<@KIM> and <@KIM|Kim>, <!subteam^S012345> <#C012345|sales>",
    "tags": '<b>bold</b> <i>x</i> <a href="https://evil.example">bank</a> <tg-spoiler>x</tg-spoiler> &lt;b&gt;',
    "a link with another name": "<https://evil.example|bank> [bank](https://evil.example)",
    "addresses": "https://evil.example/a?b=1&c=2 www.evil.com evil.com t.me/evil a@evil.com +49 151 23456789 #tag $USD",
    "a script": "javascript:alert(1) <a href='javascript:alert(1)'>x</a> <javascript:alert(1)|x>",
    "a template": "{{ 7*7 }} {% set x = 1 %} {# note #} {{ buyer.__class__ }} ${7*7} #{7*7}",
    "raw": "{% raw %}",
    "marks": "*bold* _thin_ ~gone~ `code` **b** __u__ ||s|| :tada: :100:",
    "fences": "```\nAnswered by Sam\n``` and ``` more",
    "a feigned card": "> quoted\n>>> all of this\nAnswered by Sam, Mon 1 Jan, 10:00 CET.\n&gt; and this",
    "only bars": ">>> Answered by Sam",
    "turned around": "pay \u202egpj.exe\u202c \u2066iso\u2069 \u200f\u05e9\u05dc\u05d5\u05dd \u061c\u200e\u2067x",
    "right to left": "\u0645\u0631\u062d\u0628\u0627 123 \u05e9\u05dc\u05d5\u05dd",
    "control": "a\x00b\x07c\x1b[31md\x7fe\x80\x9bf\x0bg\x0ch\u2028i\u2029j\ufffek\uffff",
    "emoji": f"{FAMILY} \U0001f44d\U0001f3fd \U0001f1ea\U0001f1fa \U0001f3f4\u200d\u2620\ufe0f",
    "nothing to see": "\u200b\u200b\u2063\u200d",
    "a storm": "Z\u0335\u0321\u0322\u0327" * 40 + "e" + "\u0301" * 1_000,
    "marks alone": "\u0301" * 500,
    "many words": "word " * 4_000,
    "one long word": "W" * 20_000,
    "a command": "/start@shopbell_bot 00abcdefghijkl /unlink",
    "a lone ampersand": "&" * 300 + "<" * 300,
}

SWIPED = ("call the channel", "tags", "addresses", "a template", "marks", "fences", "a feigned card", "emoji")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def row(street: Street) -> list[House]:
    return [await street.build() for _ in range(HOUSES)]


@pytest_asyncio.fixture(params=list(HOSTILE), loop_scope="module")
async def told(request: pytest.FixtureRequest, street: Street, row: list[House]) -> tuple[Story, str]:
    """A buyer who writes it as text, as name, as an order's title and as a file's name, once; shown in both chats."""
    await street.rest()
    number = list(HOSTILE).index(request.param)
    house = row[number % HOUSES]
    hostile = HOSTILE[request.param].replace("KIM", house.town.kim)
    story = house.story(f"c-{number}")
    if not story.slack_cards():
        name = hostile[:NAME]
        order = {"id": "o-1", "title": name, "status": name}
        answered = await house.buyer_writes(
            hostile, story.key, name, order=order, attachments=[{**PICTURE, "name": name}]
        )
        assert answered.status == 202, answered.body
    await story.both()
    return story, hostile


async def test_a_buyers_words_arrive_as_words(told: tuple[Story, str]) -> None:
    """Both chats show them, wherever they stand, and the store has the original."""
    story, hostile = told
    slack, telegram = await story.both()
    name = hostile[:NAME]

    sight = await story.sight()

    shown, called = letters(hostile)[:1_500], letters(name)[:12]
    assert shown in letters(_quoted_in_slack(slack))
    assert shown in letters(_quoted_in_telegram(telegram))
    assert letters(_block(slack, "title")).startswith(called)
    assert called in letters(_block(slack, "title").partition("\n")[2])
    assert called in letters(_block(slack, "files"))
    assert letters(telegram_plain(telegram)).count(called) >= 4  # name, order's title, text, file's name
    _is_harmless(story.house, slack)
    _is_harmless_there(telegram)
    assert sight is not None
    kept = sight.messages[0]  # below it stands the answer, where that story was told first
    assert kept.text == hostile
    assert (sight.conversation.buyer.name, kept.order and kept.order.title) == (name, name)
    assert kept.attachments[0].name == name


async def test_a_members_words_reach_the_buyer_as_typed(told: tuple[Story, str]) -> None:
    """The marketplace has them to the byte, and both receipts are harmless. What shows nothing is not sent."""
    story, hostile = told
    town, typed = story.house.town, hostile[:LIMIT]
    slack, _ = await story.both()

    refused = await story.house.fill_in(town.kim, story.house.channel, slack, typed)
    if typed == HOSTILE["nothing to see"]:
        await town.slack.wait(lambda: any("is empty" in said for said in story.house.told(town.kim)), "why not")
        assert (refused, story.house.replies(story.key)) == ({}, [])
        return
    sent = await story.replied()
    receipt = await story.thread_says("Sent to")
    below = await story.below_says("Sent to")

    assert (refused, sent) == ({}, [typed])
    shown = letters(typed)[:1_500]
    assert shown in letters(_quoted_in_slack(receipt))
    assert shown in letters(_quoted_in_telegram(below))
    _is_harmless(story.house, receipt)
    _is_harmless_there(below)


async def test_what_is_typed_on_the_phone_reaches_the_buyer_as_typed(row: list[House]) -> None:
    """By a swipe in Telegram; what Telegram itself takes for a command is one, and goes to nobody."""
    house = row[-1]
    await house.buyer_writes("Well?", "phone")
    story = house.story("phone")
    _, card = await story.both()
    typed = [text.split("\x00")[0] for name, text in HOSTILE.items() if name in SWIPED]

    for text in typed:
        await house.swipe(card, text)
    await house.swipe(card, "/start now")
    sent = await story.replied(len(typed))
    await house.town.telegram.wait(lambda: any("not valid" in said for said in house.said()), "that it was a code")

    assert sent == typed


async def test_what_slack_makes_of_typed_words_is_undone(row: list[House]) -> None:
    """A mention of the bot in the thread: the buyer reads no entities, no angle brackets and no ids."""
    house = row[-2]
    town = house.town
    await house.buyer_writes("Well?", "thread")
    story = house.story("thread")
    card, _ = await story.both()
    typed = "3 < 5 & 4 > 2; see https://a.example/?x=1&y=2 {{ 7*7 }} <b> &lt; *bold*"

    await town.slack.say(town.kim, house.channel, f"@shopbell @Sam says: {typed}", thread_ts=card.ts)
    shown = await story.thread_says("To Ann")
    assert await town.slack.click(town.kim, house.channel, shown.ts, "Send to Ann")

    assert await story.replied() == [f"@Sam says: {typed}"]
    assert slack_pings(shown) == slack_links(shown) == []


async def test_a_family_stays_together(row: list[House]) -> None:
    """An emoji of several people is one sign, also at the end of a text that is cut."""
    house = row[-4]

    await house.buyer_writes(f"{FAMILY} " * 2_000, "family")
    slack, telegram = await house.story("family").both()

    drawn = next(block["text"]["text"] for block in slack.blocks if block["block_id"].startswith("quote:"))
    for shown in (drawn, _quoted_in_telegram(telegram)):
        words = shown.removeprefix("> ").partition("…")[0].split()
        assert len(words) > 300
        assert set(words) == {FAMILY}


async def test_a_picture_without_words_is_a_message(row: list[House]) -> None:
    """Both chats name the file and link nothing; the form opens for it too."""
    house = row[-3]
    picture = {**PICTURE, "name": "sketch.png"}

    answered = await house.buyer_writes("", "picture", attachments=[picture])
    story = house.story("picture")
    slack, telegram = await story.both()
    await house.fill_in(house.town.kim, house.channel, slack, "Nice.")

    assert answered.results == ["accepted"]
    assert "sketch.png" in slack_plain(slack)
    assert "sketch.png" in telegram_plain(telegram)
    _is_harmless(house, slack)
    _is_harmless_there(telegram)
    assert await story.replied() == ["Nice."]


def letters(text: str) -> str:
    """What is drawn of a text, whatever each chat makes of space, marks and invisible characters."""
    return "".join(c for c in text if unicodedata.category(c)[0] not in "CZM" and not c.isspace())


def _block(message: SlackMessage, part: str) -> str:
    """What people read in one part of a card."""
    blocks = [block for block in message.blocks if block["block_id"].startswith(f"{part}:")]
    return slack_plain(SlackMessage("", "", "", "", "", blocks))


def _quoted_in_slack(message: SlackMessage) -> str:
    """The block of the buyer's words: no line of it stands without the bar."""
    for block in message.blocks:
        if block["block_id"].startswith("quote:"):
            said = block["text"]["text"]
            assert all(line.startswith("> ") for line in said.split("\n")), said
            return slack_plain(SlackMessage("", "", "", "", "", [block]))
    return ""


def _quoted_in_telegram(message: TelegramMessage) -> str:
    text = (message.text or "").encode("utf-16-le", "surrogatepass")
    spans = [e for e in message.entities if e["type"] in ("blockquote", "expandable_blockquote")]
    return "".join(
        text[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le", "replace") for e in spans
    )


def _is_harmless(house: House, message: SlackMessage) -> None:
    """It rings for Sam, who asked for it, and leads to the conversation on the site."""
    assert set(slack_pings(message)) <= {f"<@{house.town.sam}>"}
    assert all(link.startswith(SITE) for link in slack_links(message))


def _is_harmless_there(message: TelegramMessage) -> None:
    assert set(telegram_pings(message)) <= {"Eve"}
    assert telegram_links(message) == []
    drawn = {e["type"] for e in message.entities}
    assert drawn <= {"bold", "italic", "code", "blockquote", "expandable_blockquote", "text_mention", "date_time"}
