"""Who has no business there gets one sentence and touches nothing; what is done twice at once is done once."""

import asyncio
import json
from typing import Any

import pytest

from bots.playground.slack import Message as SlackMessage
from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from core.domain.members import Role
from tests.fixtures.house import House, Street

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOT_ALLOWED = "You may not answer buyers from here."
NOT_LINKED = "This chat is not linked to a seller yet."
SECOND = "send Ann this as well?"
NOT_FOUND = "Shopbell does not find that conversation among this seller's. Nothing was sent."


def forge(message: SlackMessage, target: str) -> None:
    """The first button asks for another thing than what was posted, as a forged request would."""
    button = next(block for block in message.blocks if block["type"] == "actions")["elements"][0]
    button["value"] = json.dumps({**json.loads(button["value"]), "t": target})


async def heard(house: House, who: str, words: str, times: int = 1) -> None:
    """That person in Slack reads it so often in the channel, and then no more."""
    await house.town.slack.wait(lambda: sum(words in said for said in house.told(who)) >= times, f"{words!r} to {who}")
    assert sum(words in said for said in house.told(who)) == times


async def read(house: House, words: str, where: Any = None) -> None:
    """The bot says it once in the Telegram chat."""
    await house.town.telegram.wait(lambda: any(words in said for said in house.said(where)), f"{words!r} in Telegram")
    assert sum(words in said for said in house.said(where)) == 1


async def test_a_channel_that_is_not_linked_hears_one_sentence(street: Street, house: House) -> None:
    """To a command and to a mention: how to link it, and nothing of any seller's."""
    town = street.town
    town.slack.channels[house.channel].members.remove(town.kim)
    other = town.slack.add_channel("elsewhere", town.kim, kind="private")
    await house.buyer_writes("Is it blue?", "c-1")
    await house.story("c-1").both()

    await town.slack.command(town.kim, other, "/shopbell", "status")
    await town.slack.say(town.kim, other, "@shopbell Yes, it is blue")
    await town.slack.wait(lambda: len(house.told(town.kim, other)) == 3, "two answers beside the mention")

    answers = [said for said in house.told(town.kim, other) if "not linked" in said]
    assert len(answers) == 2
    assert all(said.startswith(NOT_LINKED) and "/shopbell link CODE" in said for said in answers)
    assert house.replies() == []


async def test_a_chat_that_is_not_linked_hears_one_sentence(house: House) -> None:
    """A person whom nobody invited, in private: to a text, to a command, and to a button nobody gave them."""
    town, hands = house.town, house.town.telegram_stand_in.hands
    mallory = town.telegram.new_user("Mallory", "mallory")
    await house.buyer_writes("Is it blue?", "c-1")
    story = house.story("c-1")
    _, card = await story.both()
    reply = next(b["callback_data"] for b in (card.keyboard or {})["inline_keyboard"][0])

    await hands.start(mallory)
    for word in ("Yes, it is blue", "/status"):
        await hands.send(mallory, mallory, word)
    pressed = await hands.press_raw(mallory, mallory, town.telegram.last(mallory).id, reply)
    await town.telegram.wait(lambda: len(house.said(mallory)) == 4, "four answers")

    assert all(said.startswith(NOT_LINKED) and "/link CODE" in said for said in house.said(mallory))
    assert not pressed.spinning
    assert house.replies() == []


@pytest.mark.parametrize("near", [True, False], ids=["in the same shard", "in another shard"])
async def test_a_card_of_another_seller_stays_closed(street: Street, house: House, near: bool) -> None:
    """Two sellers in one workspace with one bot: with a forged button a member reads no word of the other's buyer."""
    town = street.town
    other = await street.build(beside=house if near else None)
    await house.buyer_writes("My secret idea", "c-1", "Ann")
    await other.buyer_writes("Hello", "c-1", "Bob")
    secret, (slack, telegram) = house.story("c-1"), await other.story("c-1").both()
    await secret.both()
    data = f"v1:reply:o:{secret.id}::1"

    forge(slack, secret.id)
    assert await town.slack.click(town.sam, other.channel, slack.ts, "open:reply:0")
    await heard(other, town.sam, NOT_FOUND)
    await town.telegram_stand_in.hands.press_raw(other.eve, telegram.chat, telegram.id, data)
    await read(other, NOT_FOUND)

    assert town.slack.view(town.sam) is None
    assert not any("secret" in said or "Ann" in said for said in (*other.told(town.sam), *other.said()))
    assert house.replies() == other.replies() == []
    assert await other.story("c-1").sight() is not None


async def test_a_draft_of_another_seller_is_not_sent(street: Street, house: House) -> None:
    """A text that waits for its Send in one channel cannot be sent, read or kept from another."""
    town = street.town
    other = await street.build(beside=house)
    await house.buyer_writes("Is it blue?", "c-1")
    await other.buyer_writes("Hello", "c-1", "Bob")
    mine, theirs = await house.story("c-1").in_slack(), await other.story("c-1").in_slack()
    await town.slack.say(town.sam, house.channel, "@shopbell Between us", thread_ts=mine.ts)
    await town.slack.say(town.kim, other.channel, "@shopbell Hi Bob", thread_ts=theirs.ts)
    question = await house.story("c-1").thread_says("To Ann")
    shown = await other.story("c-1").thread_says("To Bob")
    button = next(block for block in question.blocks if block["type"] == "actions")["elements"][0]

    forge(shown, json.loads(button["value"])["t"])
    await town.slack.click(town.kim, other.channel, shown.ts, "do:send:0")
    await heard(other, town.kim, "That text is no longer kept.")

    assert house.replies() == other.replies() == []
    assert not any("Between us" in said for said in other.told(town.kim))


@pytest.mark.parametrize("kind", ["a guest", "a stranger of a shared channel"])
async def test_an_outsider_in_the_channel_only_looks(house: House, kind: str) -> None:
    """By the button, and by a mention in the thread: one sentence, and nothing is sent."""
    town = house.town
    who = town.slack.add_user("Olaf", team=None if kind == "a guest" else "T0OTHER", is_restricted=kind == "a guest")
    town.slack.channels[house.channel].members.append(who)
    await house.buyer_writes("Is it blue?", "c-1")
    card = await house.story("c-1").in_slack()
    assert await town.slack.click(who, house.channel, card.ts, "Reply to Ann")
    await town.slack.say(who, house.channel, "@shopbell Yes", thread_ts=card.ts)
    await heard(house, who, NOT_ALLOWED, 2)

    assert town.slack.view(who) is None
    assert house.replies() == []


async def test_who_hides_behind_the_groups_name_is_nobody(house: House) -> None:
    """An anonymous administrator's swipe in a group is refused; the same person by name is asked."""
    town, hands = house.town, house.town.telegram_stand_in.hands
    ben = town.telegram.new_user("Ben", "ben")
    group = await house.group(ben, supergroup=True)
    await hands.make_admin(group, ben, anonymous=True)
    await house.buyer_writes("Is it blue?", "c-1")
    card = await house.story("c-1").in_telegram(group)

    await hands.send(ben, group, "Yes", reply_to=card)
    await read(house, NOT_ALLOWED, group)
    await hands.make_admin(group, ben)
    await hands.send(ben, group, "Yes", reply_to=card)
    await read(house, "To Ann:", group)

    assert house.replies() == []


@pytest.mark.parametrize(
    "data",
    [
        "",
        "v1:reply:o",
        "v1:shout:d:x::0",
        "v2:reply:o:x::0",
        "v1:send:d:nonsense::0",
        "v1:pick:d:07daaaaaaaaaaaaaaaaaaaa:99999:0",
        "v1:done:d:99maaaaaaaaaaaaaaaaaaaa::0",
        "v1:ring:d::loud:0",
        "v1:answerers:d::anyone:0",
        "v1:reply:o:{sb:07}:seller::0",
        "v1:reply:o:07caaaaaaaaaaaaaaaaaaaa::999999999999",
        "\x00\ufffd' OR 1=1",
    ],
)
async def test_a_forged_button_does_nothing(house: House, data: str) -> None:
    """The waiting sign stops, nothing is sent, and the card works as before."""
    town = house.town
    await house.buyer_writes("Is it blue?", "c-1")
    story = house.story("c-1")
    _, card = await story.both()

    pressed = await town.telegram_stand_in.hands.press_raw(house.eve, card.chat, card.id, data)
    await house.swipe(card, "Yes")

    assert not pressed.spinning
    assert await story.replied() == ["Yes"]
    assert not any("Mention" in said or "may answer" in said for said in house.said()[1:])


async def test_a_forged_button_takes_no_cards_place(house: House) -> None:
    """What it names is done for who may do it, and said beside the card: the others go on seeing the buyer's words."""
    town = house.town
    await house.buyer_writes("Is it blue?", "c-1")
    _, card = await house.story("c-1").both()

    await town.telegram_stand_in.hands.press_raw(house.eve, card.chat, card.id, "v1:settings:d:::0")
    await house.read("Settings of ")

    assert "Is it blue?" in telegram_plain(card)


async def test_a_button_pressed_twice_sends_once(house: House) -> None:
    """Two members, or one in a hurry, press Send on the same text at the same time."""
    town = house.town
    await house.buyer_writes("Is it blue?", "c-1")
    story = house.story("c-1")
    card, _ = await story.both()
    await town.slack.say(town.kim, house.channel, "@shopbell Yes", thread_ts=card.ts)
    shown = await story.thread_says("To Ann")

    await asyncio.gather(
        *(town.slack.click(who, house.channel, shown.ts, "Send to Ann") for who in (town.sam, town.kim, town.kim))
    )
    await story.telegram_says("Answered by")
    await story.thread_says("Sent to Ann")

    assert await story.replied() == ["Yes"]
    assert house.replies()[0].tries == 1
    assert len([said for said in story.thread() if "Sent to Ann" in slack_plain(said)]) == 1


async def test_send_and_keep_at_once_have_one_outcome(house: House) -> None:
    """One member sends what another keeps: one of the two happens, and the other is told which."""
    town = house.town
    await house.buyer_writes("Is it blue?", "c-1")
    story = house.story("c-1")
    card, _ = await story.both()
    await town.slack.say(town.kim, house.channel, "@shopbell Yes", thread_ts=card.ts)
    shown = await story.thread_says("To Ann")

    await asyncio.gather(
        town.slack.click(town.sam, house.channel, shown.ts, "Send to Ann"),
        town.slack.click(town.kim, house.channel, shown.ts, "Keep as note"),
    )
    told = ("That text was already sent.", "That text was kept as a note; nothing was sent.")
    await town.slack.wait(
        lambda: any(word in said for said in (*house.told(town.sam), *house.told(town.kim)) for word in told),
        "one of them to be told",
    )

    sent = any(told[0] in said for said in house.told(town.kim))
    kept = any(told[1] in said for said in house.told(town.sam))
    assert sent != kept
    assert len(await story.replied() if sent else house.replies()) == int(sent)


async def test_a_form_submitted_twice_sends_once(house: House) -> None:
    """A double click, or Slack telling of it again."""
    town = house.town
    await house.buyer_writes("Is it blue?", "c-1")
    story = house.story("c-1")
    card, _ = await story.both()
    assert await town.slack.click(town.kim, house.channel, card.ts, "Reply to Ann")
    view = await town.slack.wait(lambda: town.slack.view(town.kim), "the form")
    town.slack._fill(view, {"text/typed": "Yes"})
    payload = {
        **town.slack._person(town.kim, town.slack.workspace),
        "type": "view_submission",
        "trigger_id": "1.2.3",
        "view": view.as_json(town.slack.workspace.bot_id),
        "response_urls": [],
    }

    acks = await asyncio.gather(*(town.slack.deliver("interactive", "view_submission", payload) for _ in range(3)))
    await story.telegram_says("Answered by Kim")
    await story.thread_says("Sent to Ann")
    await story.below_says("Sent to Ann")

    assert [ack.failure for ack in acks] == [None] * 3
    assert await story.replied() == ["Yes"]
    assert len(story.thread()) == len(story.below()) == 1


async def test_two_members_at_once_are_both_heard(house: House) -> None:
    """Two different texts from two chats: whoever came second is asked, and then the buyer has each once."""
    town = house.town
    await house.buyer_writes("Is it blue?", "c-1")
    story = house.story("c-1")
    slack, telegram = await story.both()

    await asyncio.gather(house.fill_in(town.kim, house.channel, slack, "Yes!"), house.swipe(telegram, "Navy."))
    await town.wire.wait(lambda: story.question(SECOND), "the second to be asked")
    asked = story.question(SECOND)
    sent = [reply.text for reply in house.replies()]
    if isinstance(asked, SlackMessage):
        assert await town.slack.click(town.kim, house.channel, asked.ts, "Send as well")
    elif asked is not None:
        await house.press(asked, "Send as well")
    for name in ("Kim", "Eve"):
        await story.thread_says(f"Sent to Ann by {name}")
        await story.below_says(f"Sent to Ann by {name}")

    assert len(sent) <= 1
    assert sorted(await story.replied(2)) == ["Navy.", "Yes!"]
    assert [reply.tries for reply in house.replies()] == [1, 1]


async def test_a_viewer_sees_and_does_not_answer(house: House) -> None:
    """A role of one's own counts for more than that everyone here may answer."""
    town = house.town
    await house.buyer_writes("Is it blue?", "c-1")
    card = await house.story("c-1").in_slack()
    other = town.slack.add_channel("second", town.kim, kind="private")
    await town.slack.command(town.kim, other, "/shopbell", f"link {await house.code(Role.VIEWER)}")
    await town.slack.wait(lambda: any("Linked" in said for said in house.told(town.kim, other)), "Linked")

    open_before = town.slack.view(town.kim)
    assert await town.slack.click(town.kim, house.channel, card.ts, "Reply to Ann")
    await heard(house, town.kim, NOT_ALLOWED)
    await town.slack.command(town.kim, house.channel, "/shopbell", "status")
    await heard(house, town.kim, "1 waiting for an answer")

    assert town.slack.view(town.kim) is open_before
    assert labels(await house.story("c-1").in_telegram())
