"""Away and back in both chats: shown before it goes out, the same on the site and in the other chat, and taken back."""

from datetime import UTC, datetime, timedelta

import pytest

from bots.playground.faults import Fault
from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from core.domain.members import Role
from tests.fixtures.house import House, Street

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_in_slack_a_seller_goes_away_and_telegram_sees_it(house: House) -> None:
    """Nothing goes out before Confirm; then buyers see what the preview said, word for word, and both chats know."""
    town, front = house.town, house.town.market.front(house.name)
    await town.slack.command(town.sam, house.channel, "/shopbell", "away 4h gone fishing & *far*")
    preview = await house.heard(town.sam, "away from now until")
    text = slack_plain(preview)
    before = front.availability.shown

    assert await town.slack.click(town.sam, house.channel, preview.ts, "Confirm: buyers may write")
    await house.read("Example Market is away until")
    await house.heard(town.kim, "Example Market is away until")
    await house.buyer_writes("Meanwhile?", "c-away")
    card = await house.story("c-away").in_telegram()

    assert preview.only_for
    assert before == ""
    assert "Your note is public: every buyer can read it." in text
    assert "Messages on orders go on counting" in text
    assert front.availability.shown.endswith(". You can still leave a message. gone fishing & *far*")
    assert front.availability.shown in text
    assert front.availability.accept_messages
    assert card.silent


async def test_in_telegram_it_is_chosen_by_buttons_and_taken_back(house: House) -> None:
    """A question with the usual ends, a preview in its place, Confirm, and back; Slack is told of each."""
    await as_manager(house)
    town, hands, front = house.town, house.town.telegram_stand_in.hands, house.town.market.front(house.name)
    await hands.send(house.eve, house.eve, "/away")
    await house.read("until when are you away?")
    question = last(house, "until when are you away?")
    offered = labels(question)
    await house.press(question, "4 h")
    await town.telegram.wait(lambda: "away from now until" in telegram_plain(question), "the preview")
    shown = telegram_plain(question)
    await house.press(question, "Confirm: they may not")
    await house.heard(town.sam, "buyers may not write")
    seen = front.availability
    await hands.send(house.eve, house.eve, "/back")
    await house.heard(town.sam, "Example Market is available again.")
    await house.read("Example Market is available again.")

    assert [label for label in offered if not label.startswith("Tonight")] == [
        "1 h",
        "4 h",
        "Tomorrow, 9:00",
        "Until I am back",
        "Pick a day",
    ]
    assert seen.shown
    assert seen.shown in shown
    assert not seen.accept_messages
    assert front.availability.available


async def test_what_the_site_refuses_or_changes_is_said_in_both(house: House) -> None:
    """With why, and in status; told again it holds."""
    town, market = house.town, house.town.market
    body = {"title": "no", "detail": "Absences are for level two."}
    where = {"shop": house.name}
    town.faults.add(Fault("marketplace", "callback", where, "status", status=422, body=body, times=1))
    await town.slack.command(town.sam, house.channel, "/shopbell", "away 4h")
    preview = await house.heard(town.sam, "away from now until")
    assert await town.slack.click(town.sam, house.channel, preview.ts, "Confirm: buyers may write")
    await house.read("It said: Absences are for level two.")
    refused = await house.heard(town.sam, "It said: Absences are for level two.")
    assert await town.slack.click(town.sam, house.channel, refused.ts, "Tell it again")
    await house.read("Example Market is away until")

    await market.set_availability(house.name, until=hours_ahead(9))
    await house.heard(town.sam, "Example Market says otherwise. Set here: away until")
    await house.read("Example Market says otherwise.")
    await town.slack.command(town.kim, house.channel, "/shopbell", "status")
    status = await house.heard(town.kim, "Example Market: away until")

    assert "Example Market says otherwise. Set here: away until" in slack_plain(status)


async def test_ones_own_absence_is_not_the_shops(house: House) -> None:
    """Who may only answer goes away alone, in either chat; the marketplace hears nothing."""
    town, hands = house.town, house.town.telegram_stand_in.hands
    await town.slack.command(town.kim, house.channel, "/shopbell", "away 2h")
    refused = await house.heard(town.kim, "is for an owner or a manager of this seller to say; away me")
    await town.slack.command(town.kim, house.channel, "/shopbell", "away me 2h")
    own = await house.heard(town.kim, "You are away until")
    await hands.send(house.eve, house.eve, "/away me")
    await house.read("Until when are you away?")
    question = last(house, "Until when are you away?")
    await house.press(question, "1 h")
    await town.telegram.wait(lambda: "You are away until" in telegram_plain(question), "Eve's own")
    await hands.send(house.eve, house.eve, "/back me")
    await house.read("You are back, and are called again.")

    assert refused.only_for
    assert "Example Market stays as it is" in slack_plain(own)
    assert house.town.market.front(house.name).absences == {}


async def test_a_shop_without_a_callback_is_set_on_the_site_by_hand(street: Street) -> None:
    """By the word of whoever did it there it holds in both chats."""
    house = await street.build(callback=False)
    town = house.town
    await town.slack.command(town.sam, house.channel, "/shopbell", "away 4h")
    preview = await house.heard(town.sam, "away from now until")
    assert await town.slack.click(town.sam, house.channel, preview.ts, "Confirm: buyers may write")
    asked = await house.heard(town.sam, "Set it on the site of Example Market too")
    assert await town.slack.click(town.sam, house.channel, asked.ts, "Done on the site")
    await house.read("Example Market is away until")


async def as_manager(house: House) -> None:
    """Eve redeems an invitation."""
    hands = house.town.telegram_stand_in.hands
    await hands.send(house.eve, house.eve, f"/link {await house.code(Role.MANAGER)}")
    await house.read("manager")


def hours_ahead(hours: int) -> str:
    return (datetime.now(tz=UTC) + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


def last(house: House, words: str) -> TelegramMessage:
    shown = house.town.telegram.messages(house.eve)
    return next(m for m in reversed(shown) if m.sender.is_bot and words in telegram_plain(m))
