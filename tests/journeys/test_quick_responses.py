"""Quick responses and the first contact in both chats: written in one, sent from the other, always shown before."""

import pytest

from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from core.domain.members import Role
from tests.fixtures.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")

HELLO = "Hi {{ buyer.name }}, this is {{ member.name|upper }}."
HOSTILE = "<!channel> *Ann* {{ seller.name }}"


async def last(house: House, words: str, times: int = 1) -> TelegramMessage:
    """The newest of the bot's messages with these words, once there are so many."""

    def found() -> TelegramMessage | None:
        shown = [m for m in house.town.telegram.messages(house.eve) if m.sender.is_bot and words in telegram_plain(m)]
        return shown[-1] if len(shown) >= times else None

    message = await house.town.telegram.wait(found, f"{words!r} in Telegram")
    assert message is not None
    return message


async def in_slack(house: House, words: str) -> str:
    """The instant of what Sam is shown with these words."""
    return (await house.heard(house.town.sam, words)).ts


async def press(house: House, ts: str, label: str) -> None:
    assert await house.town.slack.click(house.town.sam, house.channel, ts, label)


async def test_written_in_slack_and_sent_from_telegram(house: House) -> None:
    """Sam fills in a form; Eve presses two buttons on the card and sees the buyer's own text before it goes."""
    town = house.town
    await town.slack.command(town.sam, house.channel, "/shopbell", "quick add")
    await fill(house, await in_slack(house, "A new one: a title for its button"), title="Hello", text=HELLO)
    await house.heard(town.sam, "Hello · all shops · not sent yet")
    await house.buyer_writes("Is it blue?", "c-quick", HOSTILE)
    story = house.story("c-quick")
    telegram = await story.in_telegram()

    await house.press(telegram, "Quick response")
    await house.press(await last(house, "Which one for"), "Hello")
    question = await last(house, "this is EVE")
    before, offered = house.replies(), labels(question)
    await house.press(question, offered[0])
    [text] = await story.replied()
    await story.both_say("Answered by Eve")

    assert before == []
    assert offered[1:] == ["Edit first", "Keep as note"]
    assert text == f"Hi {HOSTILE}, this is EVE."
    used = house.replies()[0].quick_response
    assert used is not None
    assert used["title"] == "Hello"
    assert "<!channel>" not in str([m.blocks for m in story.thread()])


async def test_written_in_telegram_and_sent_from_slack(house: House) -> None:
    """Eve answers two questions; Sam fills in what is missing, changes the text, and sends it from the form."""
    town, hands = house.town, house.town.telegram_stand_in.hands
    await hands.send(house.eve, house.eve, f"/link {await house.code(Role.MANAGER)}")
    await house.read("as manager")
    await hands.send(house.eve, house.eve, "/quick add")
    await house.swipe(await last(house, "Title, for the button"), "Ready")
    await house.swipe(await last(house, "becomes the buyer's name"), "Hi {{ buyer.name }}, {{ order.title }} is ready.")
    await house.read("Ready · all shops · not sent yet")
    await house.buyer_writes("Is it ready?", "c-ready")
    story = house.story("c-ready")
    slack, _ = await story.both()

    await press(house, slack.ts, "Quick response")
    await press(house, await in_slack(house, "Which one for Ann?"), "Ready")
    await fill(house, **{"order.title": "the poster"})
    question = await house.heard(town.sam, "Hi Ann, the poster is ready.")
    await fill(house, question.ts, "Edit first", text="Hi Ann, the poster is ready!")
    [text] = await story.replied()
    await story.both_say("Answered by Sam")

    assert question.only_for == town.sam
    assert text == "Hi Ann, the poster is ready!"
    assert house.replies()[0].quick_response is None


async def test_the_list_is_turned_changed_and_undone_in_both(house: House) -> None:
    """In Slack by Sam, who owns it; Eve looks through it in Telegram, and may change nothing."""
    town, hands = house.town, house.town.telegram_stand_in.hands
    await town.slack.command(town.sam, house.channel, "/shopbell", "quick")
    await press(house, await in_slack(house, "There is no quick response yet."), "Take these 6")
    await press(house, await in_slack(house, "6 quick responses"), "Away for now")
    await press(house, await in_slack(house, "Away for now · all shops"), "Delete")
    await press(house, await in_slack(house, "Deleted."), "Undo")
    await house.heard(town.sam, "Away for now · all shops · not sent yet")

    await hands.send(house.eve, house.eve, "/quick away")
    shown = await last(house, "Away for now · all shops")
    await hands.send(house.eve, house.eve, "/quick delete away")
    refused = await last(house, "You may not do that here")

    assert labels(shown) == ["‹ All"]
    assert "an owner or a manager" in telegram_plain(refused)


async def test_a_new_order_is_greeted_by_a_press_in_each_chat(house: House) -> None:
    """Both cards say whose order it is; one thank-you is shown, sent once, and settles what was owed."""
    await house.town.market.order_started(house.name, "Ann", {"id": "o-5", "title": "Poster"}, conversation="c-order")
    story = house.story("c-order")
    slack, telegram = await story.both()
    assert "New order from Ann" in slack_plain(slack)
    assert "New order from Ann" in telegram_plain(telegram)

    await house.press(telegram, "Send thank-you")
    question = await last(house, "thank you for your order!")
    before = house.replies()
    await press(house, slack.ts, "Send thank-you")
    await house.heard(house.town.sam, "thank you for your order!")
    await house.press(question, "Send to Ann")
    await story.both_say("Answered by Eve")

    assert before == []
    [reply] = house.replies()
    assert reply.text.startswith("Hi Ann,\n\nthank you for your order!")


async def test_in_slacks_form_one_takes_the_place_of_what_was_typed(house: House) -> None:
    """A press within the form; what comes back is sent as it stands there."""
    town = house.town
    await town.slack.command(town.sam, house.channel, "/shopbell", f"quick add Hello: {HELLO}")
    await house.heard(town.sam, "Hello · all shops · not sent yet")
    await house.buyer_writes("Is it blue?", "c-form")
    story = house.story("c-form")
    slack = await story.in_slack()

    await press(house, slack.ts, "Reply to Ann")
    await town.slack.wait(lambda: town.slack.view(town.sam), "the form")
    assert await town.slack.click_view(town.sam, "Insert Hello")
    await town.slack.wait(lambda: "this is SAM" in str(town.slack.view(town.sam)), "the text in the form")
    await town.slack.submit(town.sam)
    await story.both_say("Answered by Sam")

    [reply] = house.replies()
    assert reply.text == "Hi Ann, this is SAM."
    assert reply.quick_response is not None


async def fill(house: House, ts: str = "", label: str = "Quick response", **values: str) -> None:
    """Sam opens the form by a button, unless it is open, and sends it."""
    town = house.town
    if ts:
        await press(house, ts, label)
    await town.slack.wait(lambda: town.slack.view(town.sam), "the form")
    await town.slack.submit(town.sam, None, {f"{name}/typed": value for name, value in values.items()})
