"""What the marketplace says of a shop's availability: taken, refused, silent, otherwise, or by a member's word."""

import pytest

from core.domain.absences import Absence
from core.domain.conversations import Order
from core.domain.members import Role
from core.domain.reminders import Ladder
from core.domain.rooms import Ring, Share
from core.domain.texts import plain
from core.domain.zones import HOUR, MINUTE, SECOND
from core.errors import Rejected, TryLater
from core.services.terms import set_terms
from core.store.members import set_role
from core.store.rooms import set_ring, set_share
from tests.contract.chalkboard.adapter import person
from tests.fixtures.core import Stage
from tests.fixtures.leave import FOUR_HOURS, ask, go, only_by_hand, press, second_shop, site_says, status, told, when


async def test_a_refusal_is_told_and_shown(stage: Stage) -> None:
    """Messages count as usual; it can be told once more."""
    await stage.link("sales")
    stage.bazaar.troubles["availability"] = [Rejected("Absences are for level two.")]

    await go(stage)
    note = await told(stage, "Example Market did not take: away until ")
    shown = await status(stage)
    await press(stage, note, "Tell it again")
    await told(stage, "Example Market is away until ")

    assert plain(note.text).endswith("It said: Absences are for level two.")
    assert note.loud
    assert "Example Market: available.\nExample Market did not take: away until " in shown
    assert "did not take" not in await status(stage)


async def test_a_marketplace_that_keeps_silent_is_spoken_of_after_some_seconds(stage: Stage) -> None:
    """In every room: until it has it, messages count as usual."""
    await stage.link("sales")
    stage.bazaar.troubles["availability"] = [TryLater("busy", after=600.0)]

    await go(stage)
    await stage.wait(lambda: stage.bazaar.tries, "the first try")
    stage.pass_time(6 * SECOND)
    note = await told(stage, "Example Market has not confirmed yet: away until ")
    await stage.buyer_writes("Anybody?")
    await stage.wait(lambda: stage.board.cards("sales"), "the card")

    assert "Until it does, messages count as usual." in plain(note.text)
    assert not stage.board.cards("sales")[0].silent


async def test_the_marketplaces_own_word_confirms_what_it_was_told(stage: Stage) -> None:
    """Also where its answer was lost: nothing more is sent."""
    await stage.link("sales")
    stage.bazaar.troubles["availability"] = [TryLater("busy", after=600.0)]
    await go(stage)
    await stage.wait(lambda: stage.bazaar.tries, "the first try")
    now = stage.clock.now()
    before = await status(stage)

    await site_says(stage, Absence(now, now + FOUR_HOURS))
    await told(stage, "Example Market is away until ")

    assert "Not confirmed" in before
    assert "ot confirmed" not in await status(stage)
    assert stage.bazaar.tries == ["availability"]


async def test_where_the_marketplace_says_otherwise_it_is_told_and_shown(stage: Stage) -> None:
    """The site's word counts; ours can be told again, or given up."""
    await stage.link("sales")
    await go(stage)
    await told(stage, "is away until")
    await site_says(stage, None, at=stage.clock.now() + 5)

    note = await told(stage, "Example Market says otherwise. Set here: away until ")
    shown = await status(stage)
    await press(stage, note, "As on the site")
    after = await status(stage)

    assert plain(note.text).endswith("on the site: available. The site's word counts.")
    assert [plain(each.label) for each in note.buttons] == ["Tell it again", "As on the site", "I am back"]
    assert shown.splitlines()[1:] == ["Example Market: available.", plain(note.text)]
    assert after.splitlines()[1:] == ["Example Market: available."]


async def test_what_was_set_on_the_site_is_known_here(stage: Stage) -> None:
    """A seller who used the site is away as well, and can come back from chat."""
    await stage.link("sales")
    now = stage.clock.now()

    await site_says(stage, Absence(now, now + FOUR_HOURS, contact_allowed=False))
    note = await told(
        stage, f"Example Market is away until {when(now + FOUR_HOURS)}, set on the site; buyers may not write."
    )
    shown = await status(stage)
    await press(stage, note, "I am back")
    await told(stage, "Example Market is available again.")

    assert shown.endswith("; buyers may not write, set on the site.")
    assert [each.start for each in stage.bazaar.availability.values()] == [None]


async def test_a_shop_without_a_callback_is_set_on_the_site_by_hand(stage: Stage) -> None:
    """It counts from when a member says that it stands there."""
    await only_by_hand(stage)
    await stage.link("sales")

    shown = await ask(stage, "4h")
    answer = await press(stage, shown, "Confirm: buyers")
    before = await status(stage)
    done = await press(stage, answer, "Done on the site")
    again = await press(stage, answer, "Done on the site")
    await told(stage, "Example Market is away until ")

    assert "Example Market takes nothing from Shopbell: once confirmed here, it must be set on the site too." in plain(
        shown.text
    )
    assert "Set it on the site of Example Market too" in plain(answer.text)
    assert "nobody has said yet that it stands on the site of Example Market: away until " in before
    assert plain(done.text) == "Example Market: noted, by your word it stands on the site."
    assert plain(again.text) == "Example Market: nothing is left to be done there."
    assert stage.bazaar.availability == {}


async def test_done_on_the_site_is_asked_for_in_every_room_and_said_in_any(stage: Stage) -> None:
    """After some seconds, so that who confirmed may do it first."""
    await only_by_hand(stage)
    await stage.link("sales")
    await stage.link("attic", user="lou")
    await set_role(stage.deps.store, stage.seller, person("lou").key, Role.MANAGER, operation="give-lou")
    await go(stage)

    stage.pass_time(6 * SECOND)
    await told(stage, "Set it on its site: away until ")
    note = await told(stage, "Set it on its site: away until ", "attic")
    done = await press(stage, note, "Done on the site", user="lou", board="attic")
    await told(stage, "Example Market is away until ")

    assert plain(done.text) == "Example Market: noted, by your word it stands on the site."


async def test_a_room_that_is_for_other_shops_is_not_told(stage: Stage) -> None:
    """Where no room is for this shop, all are."""
    await stage.link("sales")
    await stage.link("attic", user="lou")
    second = await second_shop(stage)
    await set_share(stage.deps.store, await stage.room("attic"), Share((second,)))

    await go(stage, "Example Market 4h")
    await told(stage, "Example Market is away until ")
    await go(stage, "Second 4h")
    await told(stage, "Second is away until ")
    await told(stage, "Second is away until ", "attic")

    assert [said for said in stage.board.said("attic") if "Example Market" in said] == []


async def test_a_planned_absence_does_not_replace_one_that_was_set_on_the_site(stage: Stage) -> None:
    """The marketplace knows one at a time: it is told of ours when its own is over."""
    await stage.link("sales")
    now = stage.clock.now()
    await site_says(stage, Absence(now, now + HOUR))
    await told(stage, "Example Market is away until ")

    await go(stage, "from tomorrow 9:00 to tomorrow 18:00")
    kept = await status(stage)
    before = len(stage.bazaar.availability)
    stage.pass_time(HOUR + SECOND)
    await told(stage, "Example Market is available again.")
    await told(stage, "Example Market has it: away from ")

    assert "Planned: away from " in kept
    assert (before, len(stage.bazaar.availability)) == (0, 1)


@pytest.mark.parametrize(("order", "loud"), [(None, False), (Order("o-1", "Logo", "active"), True)])
async def test_what_costs_nothing_reminds_without_a_sound(stage: Stage, order: Order | None, loud: bool) -> None:
    """An inquiry that came during the absence is reminded of, and nobody is called; a message on an order rings."""
    await stage.link("sales")
    await set_ring(stage.deps.store, await stage.room("sales"), person("sam"), Ring.MENTION)
    await set_terms(stage.deps, stage.seller, ladder=Ladder((HOUR,), soft=False))
    await go(stage, "3 days")
    await told(stage, "is away until")
    await stage.buyer_writes("Meanwhile?", order=order)
    await stage.wait(lambda: stage.board.cards("sales"), "the card")

    stage.pass_time(23 * HOUR + 30 * MINUTE)
    note = await told(stage, "Ann (Example Market) still waits.")

    assert (note.loud, len(note.calls)) == (loud, int(loud))


@pytest.mark.parametrize(
    ("order", "words"),
    [(None, "It does not count for the rate"), (Order("o-1", "Logo", "active"), "It counts as missed")],
)
async def test_a_breach_says_what_it_costs(stage: Stage, order: Order | None, words: str) -> None:
    """An inquiry that came during the absence is overdue and costs nothing: its note says so, also among others."""
    await stage.link("sales")
    await go(stage, "30 days")
    await told(stage, "is away until")
    await stage.buyer_writes("Meanwhile?", order=order)
    await stage.wait(lambda: stage.board.cards("sales"), "the card")

    stage.pass_time(25 * HOUR)
    note = await told(stage, "The time to answer Ann")
    for name in ("c-2", "c-3"):
        await stage.buyer_writes("Me too?", conversation=name, order=order)
    await stage.wait(lambda: len(stage.board.cards("sales")) == 3, "three cards")
    stage.pass_time(25 * HOUR)
    both = await told(stage, "overdue since")

    assert f". {words}; the buyer still waits for an answer." in plain(note.text)
    assert plain(both.text).count(f". {words}; the buyer still waits.") == 2


async def test_an_absence_that_is_over_before_it_was_confirmed_is_said_to_have_failed(stage: Stage) -> None:
    """Buyers never saw it; nothing more is sent of it."""
    await stage.link("sales")
    stage.bazaar.troubles["availability"] = [TryLater("busy", after=7200.0)]
    await go(stage, "1h")
    await stage.wait(lambda: stage.bazaar.tries, "the first try")

    stage.pass_time(HOUR + SECOND)
    note = await told(stage, "Example Market did not take: away until ")
    stage.pass_time(2 * HOUR)
    await stage.buyer_writes("Anybody?")
    await stage.wait(lambda: stage.board.cards("sales"), "the card")

    assert plain(note.text).endswith("It never confirmed it, and it is over.")
    assert (stage.bazaar.availability, stage.bazaar.tries) == ({}, ["availability"])
    assert (await status(stage)).splitlines()[1:] == ["Example Market: available."]
