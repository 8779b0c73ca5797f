"""Slack's shortcuts: from anywhere, on a card, in its thread, and on what is no card; each opens a window at once."""

import pytest
import pytest_asyncio

from bots.playground.faults import Fault
from bots.playground.slack import plain
from core.domain.shortcuts import SHORTCUTS
from tests.fixtures.house import House, Street
from tests.journeys.test_home import alone, faults, window

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def house(street: Street) -> House:
    return await alone(street)


async def test_a_buyer_is_answered_from_the_card_and_from_its_thread(house: House) -> None:
    """Where no command can be typed; the form names the buyer, and what was sent is sent once."""
    town, slack = house.town, house.town.slack
    await house.buyer_writes("Is it blue?", "c-1")
    card = await house.story("c-1").in_slack()
    assert await slack.message_shortcut(town.sam, house.channel, card.ts, "reply")
    await window(house, "Your reply to Ann")
    await slack.submit(town.sam, None, {"text/typed": "Yes."})
    await house.story("c-1").thread_says("Yes.")
    talk = await slack.say(town.kim, house.channel, "Red too, no?", thread_ts=card.ts)
    assert await slack.message_shortcut(town.sam, house.channel, talk, "reply")
    form = await window(house, "Your reply to Ann")
    await slack.submit(town.sam, None, {"text/typed": "And red."})

    assert await house.story("c-1").replied(2) == ["Yes.", "And red."]
    assert "Is it blue?" in plain(form)
    assert slack.failures == []


async def test_on_a_message_that_is_no_card_it_is_said_so(house: House) -> None:
    """And who waits is offered; in a channel that is not linked it is said how to link it."""
    town, slack = house.town, house.town.slack
    await house.buyer_writes("Is it blue?", "c-1")
    await house.story("c-1").in_slack()
    talk = await slack.say(town.kim, house.channel, "Lunch?")
    assert await slack.message_shortcut(town.sam, house.channel, talk, "reply")
    await window(house, "That message is no card, and stands below none.")
    assert await slack.click_view(town.sam, "Ann")
    await window(house, "Your reply to Ann")
    await slack.submit(town.sam, None, {"text/typed": "Yes."})
    replied = await house.story("c-1").replied()
    elsewhere = slack.add_channel("elsewhere", town.sam)
    other = await slack.say(town.sam, elsewhere, "Hello")
    assert await slack.message_shortcut(town.sam, elsewhere, other, "reply")
    await window(house, "This chat is not linked to a seller yet.")

    assert replied == ["Yes."]


async def test_a_colleagues_words_become_a_quick_response(house: House) -> None:
    """As they were typed, without Slack's marks; kept by the form, and used from then on."""
    town, slack = house.town, house.town.slack
    await house.buyer_writes("Is it blue?", "c-1")
    card = await house.story("c-1").in_slack()
    talk = await slack.say(town.kim, house.channel, "It comes in blue & red <3", thread_ts=card.ts)
    assert await slack.message_shortcut(town.sam, house.channel, talk, "save")
    form = await window(house, "It comes in blue & red <3")
    shown = plain(form)
    await slack.submit(town.sam, None, {"title/typed": "Colours"})
    kept = await house.heard(town.sam, "Colours")
    assert await slack.message_shortcut(town.sam, house.channel, card.ts, "save")
    nothing = plain(await window(house, "Nothing has been answered to Ann yet"))

    assert "It comes in blue & red <3" in shown
    assert "It comes in blue & red <3" in plain(kept)
    assert "/shopbell quick add" in nothing


async def test_spam_is_reported_from_a_thread(house: House) -> None:
    """With its reasons in the window, and there it is said what became of it; the marketplace has it."""
    town, slack = house.town, house.town.slack
    await house.buyer_writes("Cheap followers!", "c-1")
    card = await house.story("c-1").in_slack()
    talk = await slack.say(town.kim, house.channel, "Spam?", thread_ts=card.ts)
    assert await slack.message_shortcut(town.sam, house.channel, talk, "spam")
    asked = await window(house, "spam")
    reason = next(e["text"]["text"] for b in asked.blocks if b["type"] == "actions" for e in b["elements"])
    assert await slack.click_view(town.sam, reason)
    await town.wire.wait(lambda: town.market.front(house.name).reports, "the report")
    other = await slack.say(town.kim, house.channel, "Lunch?")
    await house.buyer_writes("Is it blue?", "c-2", "Bob")
    await house.story("c-2").in_slack()
    assert await slack.message_shortcut(town.sam, house.channel, other, "spam")
    await window(house, "Bob")


async def test_the_inbox_and_the_availability_open_from_anywhere(house: House) -> None:
    """The form of the Home tab with its preview; and what waits, worked through in the window."""
    town, slack, front = house.town, house.town.slack, house.town.market.front(house.name)
    await house.buyer_writes("Is it blue?", "c-1")
    await house.story("c-1").in_slack()
    assert await slack.shortcut(town.sam, "inbox")
    await window(house, "1 conversation waits")
    assert await slack.click_view(town.sam, "1 Ann")
    await window(house, "What was said")
    await slack.close(town.sam)
    assert await slack.shortcut(town.sam, "away")
    await window(house, "May buyers write meanwhile")
    await slack.submit(town.sam, None, {})
    wrong = await window(house, "Choose an end above, or write one here.")
    said = faults(wrong)
    await slack.submit(town.sam, None, {"end/typed": "for.240", "note/typed": "gone fishing"})
    await window(house, "away from now until")
    before = front.availability.shown
    assert await slack.click_view(town.sam, "Confirm: buyers may write")
    await house.heard(town.sam, "Example Market is away until")

    assert said == {"until": "Choose an end above, or write one here."}
    assert before == ""
    assert front.availability.shown.endswith(". gone fishing")
    assert front.availability.accept_messages


async def test_who_acts_for_several_sellers_is_asked_for_which(street: Street) -> None:
    """From anywhere; the window goes on with the one that was chosen. A stranger is told how to connect."""
    first = await alone(street)
    sam, slack = first.town.sam, first.town.slack
    second = await street.build(linked=False)
    await second.link_slack(slack.add_channel("second", sam, kind="private"), sam)
    await second.buyer_writes("Is it red?", "c-1", "Bob")
    assert await slack.shortcut(sam, "inbox")
    asked = plain(await window(first, "For which of your sellers?", sam))
    number = street.houses.index(second)
    assert await slack.click_view(sam, f"Seller {number}")
    listed = plain(await window(first, "Is it red?", sam))
    assert await slack.click_view(sam, "1 Bob")
    await window(first, "What was said", sam)
    stranger = slack.add_user("Zoe")
    assert await slack.shortcut(stranger, "inbox")
    await window(first, "there is none yet", stranger)

    assert f"[Seller {street.houses.index(first)}]" in asked
    assert "Bob" in listed


async def test_a_shortcut_whose_window_was_closed_or_came_too_late_answers_directly(house: House) -> None:
    """What the answer is, is never lost; nobody has to press again."""
    town, slack = house.town, house.town.slack
    late = {"ok": False, "error": "expired_trigger_id"}
    town.faults.add(Fault("slack", "views.open", {}, "status", status=200, body=late, times=1))
    assert await slack.shortcut(town.sam, "inbox")
    await house.heard(town.sam, "Nothing waits for an answer.", slack.direct(town.sam).id)

    assert slack.failures == []


async def test_who_may_not_is_told_so_in_the_window(house: House) -> None:
    """Every shortcut answers a guest too."""
    slack = house.town.slack
    await house.buyer_writes("Is it blue?", "c-1")
    card = await house.story("c-1").in_slack()
    guest = slack.add_user("Gus", is_restricted=True)
    slack.channels[house.channel].members.append(guest)
    for known in SHORTCUTS:
        if known.about_message:
            assert await slack.message_shortcut(guest, house.channel, card.ts, known.name)
            await window(house, "You may not", guest)
        else:
            assert await slack.shortcut(guest, known.name)
            await window(house, "there is none yet", guest)
        await slack.close(guest)
