"""Slack's Home tab: what waits, for whom it is; availability by a switch; and drawn again as things change."""

import itertools

import pytest
import pytest_asyncio

from bots.playground.faults import Fault
from bots.playground.slack import plain, reading
from bots.playground.slack.state import Message, View
from core.domain.members import Role
from tests.fixtures.house import House, Street, ago

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def house(street: Street) -> House:
    return await alone(street)


async def home(house: House, words: str, who: str = "", without: str = "\n\n") -> View:
    """The Home tab of this person once it says so; Sam's by default."""
    slack, user = house.town.slack, who or house.town.sam

    def found() -> View | None:
        shown = slack.home_view(user)
        return shown if shown and words in plain(shown) and without not in plain(shown) else None

    return await slack.wait(found, f"{words!r} on the Home tab")


async def opened(house: House, words: str, who: str = "") -> View:
    """The Home tab, opened; what it shows next it shows at once, as if nobody had looked for five seconds."""
    await house.town.slack.open_home(who or house.town.sam)
    shown = await home(house, words, who)
    await rest(house)
    return shown


async def window(house: House, words: str, who: str = "") -> View:
    """The modal on top once it says so."""
    slack, user = house.town.slack, who or house.town.sam

    def found() -> View | None:
        shown = slack.view(user)
        return shown if shown and words in plain(shown) else None

    return await slack.wait(found, f"{words!r} in a window")


async def test_it_shows_what_waits_and_a_reply_leaves_from_it(house: House) -> None:
    """The most urgent first with a link to its card; answered by the form; and then it waits no more."""
    town, slack = house.town, house.town.slack
    await house.buyer_writes("Anybody?", "c-late", "Zed & <!channel>", sent_at=ago(hours=30))
    await house.buyer_writes("Is it blue?", "c-1")
    card = await house.story("c-1").in_slack()
    shown = await opened(house, "1 of them is overdue.")
    text, drawn, called = plain(shown), str(shown.given), pings(shown)

    assert await slack.click_view(town.sam, "Reply to Ann", view=shown.id)
    await window(house, "Your reply to Ann")
    await slack.submit(town.sam, None, {"text/typed": "Yes, and in red."})
    replied = await house.story("c-1").replied()
    after = await home(house, "1 conversation waits")

    assert text.index("1. Zed") < text.index("2. Ann")
    assert f"/archives/{house.channel}/p{card.ts.replace('.', '')}|Open the card" in drawn
    assert "2 conversations wait" in text
    assert replied == ["Yes, and in red."]
    assert "Ann" not in plain(after)
    assert called == []
    assert slack.failures == []


async def test_it_is_drawn_again_at_most_once_in_five_seconds(house: House) -> None:
    """However much happens meanwhile, the next drawing has it all. As Slack counts, the way there may take a second."""
    town, slack = house.town, house.town.slack
    await slack.open_home(town.sam)
    await home(house, "Nothing waits for an answer.")
    drawn = len(published(house))
    for number in range(6):
        await house.buyer_writes(f"Question {number}", f"c-{number}", f"Buyer {number}")
    await home(house, "6 conversations wait")

    again = published(house)[drawn - 1 :]
    assert 1 <= len(again) - 1 <= 2
    assert all(later - earlier >= 4 for earlier, later in itertools.pairwise(again))


async def test_away_by_the_switch_is_shown_before_it_is_confirmed(house: House) -> None:
    """A form with faults at its fields, the preview word for word, Confirm, and back by the same switch."""
    town, slack, front = house.town, house.town.slack, house.town.market.front(house.name)
    shown = await opened(house, "Go away…")
    assert "Example Market: available." in plain(shown)
    assert await slack.click_view(town.sam, "Go away…", view=shown.id)
    await window(house, "Nothing is set before you have seen what buyers are told")
    await slack.submit(town.sam, None, {"until/typed": "whenever", "note/typed": "gone fishing & *far*"})
    wrong = await window(house, "No time could be read in “whenever”.")
    wrongs, kept = faults(wrong), plain(wrong)
    await slack.submit(town.sam, None, {"until/typed": "4h", "contact/typed": "closed"})
    preview = plain(await window(house, "away from now until"))
    before = front.availability.shown
    assert await slack.click_view(town.sam, "Confirm: they may not")
    done = plain(await window(house, "Not confirmed yet"))
    await home(house, "Example Market: away until")
    seen = front.availability
    await slack.close(town.sam)
    assert await slack.click_view(town.sam, "I am back", view=shown.id)
    await window(house, "available again")
    await rest(house)
    await home(house, "Example Market: available.", without="Not confirmed")

    assert wrongs == {"until": "No time could be read in “whenever”."}
    assert "gone fishing & *far*" in kept
    assert before == ""
    assert seen.shown in preview
    assert seen.shown.endswith(". gone fishing & *far*")
    assert "It has 20 of 200 characters." in preview
    assert not seen.accept_messages
    assert "away until" in done
    assert slack.failures == []


async def test_it_offers_what_this_person_may(house: House) -> None:
    """Who may only look has no Reply; a guest and somebody of no seller see how to connect."""
    slack = house.town.slack
    await house.buyer_writes("Is it blue?", "c-1")
    viewer, guest = slack.add_user("Vic"), slack.add_user("Gus", is_restricted=True)
    stranger = slack.add_user("Zoe")
    slack.channels[house.channel].members += [viewer, guest]
    await slack.command(viewer, house.channel, "/shopbell", f"link {await house.code(Role.VIEWER)}")
    await house.heard(viewer, "viewer")
    await slack.command(guest, house.channel, "/shopbell", "status")
    await house.heard(guest, "waiting for an answer")
    for who in (viewer, guest, stranger):
        await slack.open_home(who)
    seen = await home(house, "Is it blue?", viewer)
    others = [await home(house, "for a link code", who) for who in (guest, stranger)]

    assert "[Reply to Ann]" not in plain(seen)
    assert "[Inbox]" in plain(seen)
    assert "[Go away…]" not in plain(seen)
    assert not any("Example Market" in plain(shown) or "Is it blue?" in plain(shown) for shown in others)


async def test_who_only_read_along_in_a_channel_sees_what_waits_there(house: House) -> None:
    """Nobody has to press something first."""
    town = house.town
    await house.buyer_writes("Is it blue?", "c-1")
    town.slack.add_channel("lunch", town.kim)
    shown = await opened(house, "Is it blue?", town.kim)

    assert "[Reply to Ann]" in plain(shown)


async def test_who_left_the_channel_sees_it_no_more(house: House) -> None:
    """Kim has no role of their own: what they see goes with the channel, also by an old Home tab's buttons."""
    town, slack = house.town, house.town.slack
    await house.buyer_writes("Is it blue?", "c-1")
    await slack.command(town.kim, house.channel, "/shopbell", "status")
    await house.heard(town.kim, "waiting for an answer")
    slack.channels[house.channel].members.remove(town.kim)
    await slack.open_home(town.kim)
    shown = await home(house, "for a link code", town.kim)

    assert "Is it blue?" not in plain(shown)


async def test_the_menu_answers_in_a_window_and_the_inbox_is_worked_from_it(house: House) -> None:
    """Each command of the menu; a conversation opened, answered by a form above the window, and back to it."""
    town, slack = house.town, house.town.slack
    await house.buyer_writes("Is it blue?", "c-1")
    await house.story("c-1").in_slack()
    shown = await opened(house, "Is it blue?")
    said = {"Rates": "by the rules of Fiverr", "Settings": "Settings of", "Help": "You may do this", "Members": "Sam"}
    for label, words in said.items():
        assert await slack.click_view(town.sam, label, view=shown.id)
        await window(house, words)
        await slack.close(town.sam)
    assert await slack.click_view(town.sam, "Inbox", view=shown.id)
    await window(house, "1 conversation waits")
    assert await slack.click_view(town.sam, "1 Ann")
    await window(house, "What was said")
    assert await slack.click_view(town.sam, "Reply to Ann")
    await window(house, "Your reply to Ann")
    await slack.submit(town.sam, None, {"text/typed": "Yes."})
    replied = await house.story("c-1").replied()

    assert replied == ["Yes."]
    assert "What was said" in plain(await window(house, "What was said"))
    assert slack.failures == []


async def test_a_page_is_turned_on_the_tab_itself(house: House) -> None:
    """No window opens for that."""
    town, slack = house.town, house.town.slack
    for number in range(9):
        sent = ago(minutes=90 - number)
        await house.buyer_writes(f"Question {number}", f"c-{number}", f"Buyer {number}", sent_at=sent)
    shown = await opened(house, "page 1 of 2")
    assert await slack.click_view(town.sam, "Next", view=shown.id)
    turned = await home(house, "page 2 of 2")

    assert "Question 8" in plain(turned)
    assert slack.view(town.sam) is None


async def test_what_somebody_else_drew_meanwhile_is_drawn_over_with_the_newest(house: House) -> None:
    """A stale hash is refused by Slack; then it is drawn again from how things are."""
    town, slack = house.town, house.town.slack
    shown = await opened(house, "Nothing waits for an answer.")
    slack.redraw(shown, {"type": "home", "blocks": []})
    await house.buyer_writes("Is it blue?", "c-1")
    await home(house, "Is it blue?")

    said = [str(call.response) for call in town.wire.calls(method="views.publish")]
    assert any("hash_conflict" in each for each in said)


async def test_a_window_that_cannot_be_opened_is_no_loss(house: House) -> None:
    """What it would have shown comes directly, with buttons that work from there."""
    town, slack = house.town, house.town.slack
    await house.buyer_writes("Is it blue?", "c-1")
    shown = await opened(house, "Is it blue?")
    late = {"ok": False, "error": "expired_trigger_id"}
    town.faults.add(Fault("slack", "views.open", {}, "status", status=200, body=late, times=1))
    assert await slack.click_view(town.sam, "Inbox", view=shown.id)
    direct = slack.direct(town.sam).id
    listed = await house.heard(town.sam, "1 conversation waits", direct)
    assert await slack.click(town.sam, direct, listed.ts, "1 Ann")
    card = await house.heard(town.sam, "What was said", direct)
    assert await slack.click(town.sam, direct, card.ts, "Claim")
    await house.story("c-1").slack_says("is on it")


async def test_a_revoked_token_ends_the_drawing_until_it_is_opened_again(house: House) -> None:
    """Slack is asked once, and not for each thing that changes."""
    town, slack = house.town, house.town.slack
    await opened(house, "Nothing waits for an answer.")
    revoked = {"ok": False, "error": "token_revoked"}
    fault = Fault("slack", "views.publish", {}, "status", status=200, body=revoked, times=1)
    town.faults.add(fault)
    before = len(town.wire.calls(method="views.publish"))
    await house.buyer_writes("Is it blue?", "c-1")
    await slack.wait(lambda: len(town.wire.calls(method="views.publish")) > before, "the try")
    await house.buyer_writes("Is it red?", "c-2", "Bob")
    await house.story("c-2").in_slack()
    tried = len(town.wire.calls(method="views.publish")) - before
    await opened(house, "2 conversations wait")

    assert tried == 1


async def alone(street: Street) -> House:
    """A seller of its own, and people who act for no other: a Home tab shows all of somebody's sellers."""
    await street.rest()
    house = await street.build(linked=False)
    slack, number = house.town.slack, len(street.houses)
    house.town.sam, house.town.kim = slack.add_user(f"Sam{number}"), slack.add_user(f"Kim{number}")
    house.channel = slack.add_channel(f"shop-{number}", house.town.sam, house.town.kim, kind="private")
    await house.link_slack()
    return house


async def rest(house: House) -> None:
    await Street(house.town, house.inside).rest()


def published(house: House) -> list[float]:
    """When Sam's Home tab was drawn."""
    calls = house.town.wire.calls(method="views.publish")
    return [call.at for call in calls if call.request["user_id"] == house.town.sam and call.status == 200]


def faults(view: View) -> dict[str, str]:
    """What stands below a field because of what was in it."""
    named = {str(each["block_id"]): each for each in view.blocks}
    return {
        name.removeprefix("fault_"): plain(Message(view.team, "", "", "", "", [each])).removeprefix(":warning: ")
        for name, each in named.items()
        if name.startswith("fault_")
    }


def pings(view: View) -> list[str]:
    """Whom it would call if it were a message."""
    return reading.pings(Message(view.team, "", "", "", "", view.blocks, parse="none"))
