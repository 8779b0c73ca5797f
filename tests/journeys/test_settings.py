"""Settings in both chats: seen, changed by a button and by a form, and what a chat shows."""

import pytest

from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from core.domain.quiet_hours import QuietHours
from core.domain.zones import MINUTE
from core.services.sellers import find_seller
from tests.fixtures.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_in_slack_a_manager_sets_by_button_and_form(house: House) -> None:
    """A page takes the place of the one before; what cannot be is said beside it, and nothing is changed."""
    town, slack = house.town, house.town.slack
    await slack.command(town.sam, house.channel, "/shopbell", "settings")
    shown = await house.heard(town.sam, f"Settings of {(await find_seller(house.deps, house.seller)).name}")

    assert await slack.click(town.sam, house.channel, shown.ts, "The seller's")
    page = await house.heard(town.sam, "A message that came now would be reminded of at")
    await fill_in(house, page.ts, "Reminders …", "ladder", "30m")
    saved = await house.heard(town.sam, "Saved.")
    await fill_in(house, page.ts, "Quiet hours …", "quiet", "25:00-07:00")
    wrong = await house.heard(town.sam, "Nothing was changed.")

    assert "Reminders: 30 min before a deadline" in slack_plain(saved)
    assert "'25:00' is no time of day" in slack_plain(wrong)
    seller = await find_seller(house.deps, house.seller)
    assert (seller.ladder.before, seller.quiet) == ((30 * MINUTE,), None)


async def test_in_telegram_the_same_is_done_by_prompts(house: House) -> None:
    """And this chat is told apart: it shows only what is on orders from then on."""
    hands = house.town.telegram_stand_in.hands
    await hands.send(house.eve, house.eve, "/settings")
    await house.read("Settings of")
    shown = last(house, "Settings of")
    offered = labels(shown)
    await house.press(shown, "My own")
    await house.town.telegram.wait(lambda: "My quiet hours …" in labels(shown), "the page of one's own")
    await house.press(shown, "My quiet hours …")
    await house.read("Quiet hours\nSuch as 22:00-07:00")
    await house.swipe(last(house, "Such as 22:00-07:00"), "21:00-08:00")
    await house.read("Such as Europe/Paris")
    await house.swipe(last(house, "Such as Europe/Paris"), "Europe/Paris")
    await house.read("Your quiet hours: 21:00 to 08:00, Europe/Paris, your own")

    assert offered == ["My own"]
    assert "Saved." in telegram_plain(last(house, "21:00 to 08:00"))
    assert (await find_seller(house.deps, house.seller)).apart[0].quiet == QuietHours("21:00", "08:00", "Europe/Paris")


async def test_a_chat_shows_only_what_it_is_for(house: House) -> None:
    """Slack's channel is for orders: an inquiry rings in Telegram alone."""
    town, slack = house.town, house.town.slack
    await slack.command(town.sam, house.channel, "/shopbell", "settings")
    shown = await house.heard(town.sam, "Settings of")
    assert await slack.click(town.sam, house.channel, shown.ts, "This chat's")
    page = await house.heard(town.sam, "New conversations follow this")
    assert await slack.click(town.sam, house.channel, page.ts, "Only orders")
    await house.heard(town.sam, "This chat is shown messages on orders of every shop.")

    await house.buyer_writes("Is it blue?", "c-inquiry")
    await house.buyer_writes("Where is it?", "c-order", order={"id": "o-1", "title": "Logo", "status": "active"})
    await house.story("c-order").both()
    await house.story("c-inquiry").in_telegram()

    assert house.story("c-inquiry").slack_cards() == []


async def fill_in(house: House, ts: str, label: str, field: str, typed: str) -> None:
    town, slack = house.town, house.town.slack
    assert await slack.click(town.sam, house.channel, ts, label)
    await slack.wait(lambda: slack.view(town.sam), "the form")
    await slack.submit(town.sam, None, {f"{field}/typed": typed})


def last(house: House, words: str) -> TelegramMessage:
    shown = house.town.telegram.messages(house.eve)
    return next(m for m in reversed(shown) if m.sender.is_bot and words in telegram_plain(m))
