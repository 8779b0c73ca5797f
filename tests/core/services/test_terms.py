"""Settings and habits: what is owed is reminded of by the ones that hold now, and nobody waits for the old ones."""

import asyncio

import pytest

from core.domain.habits import Habits
from core.domain.quiet_hours import QuietHours, Stretch, is_quiet
from core.domain.reminders import Ladder, unpack
from core.domain.zones import HOUR
from core.errors import Misconfigured
from core.services.terms import habits_of, set_habits, set_terms
from core.store import keys
from core.store.conversations import conversation_id
from core.store.sellers import read_seller
from core.workers.agenda import agenda_visit
from core.workers.loop import Crew
from tests.contract.chalkboard.adapter import person
from tests.fixtures.core import MINUTE, Stage

FEW = Ladder((2 * HOUR,), soft=False)


async def work(still: Stage) -> None:
    """Carry out what is due, to the end."""
    crew = Crew(20)
    for _ in range(3):
        await agenda_visit(still.deps, crew)(keys.tag_of(still.seller))
        await crew.drain(5)


async def planned(still: Stage, conversation: str = "c-1") -> list[tuple[float, str]]:
    """Hours before the deadline and the kind of each rung that is still to come."""
    tag, engine = keys.tag_of(still.seller), still.deps.store.engine
    about = conversation_id(still.shop, conversation)
    (obligation,) = (await engine.call("HGET", keys.conversation(tag, about), "open")).decode().split()
    plan, at, due = await engine.call("HMGET", keys.obligation(tag, obligation), "plan", "at", "due")
    return [((int(due) - rung.at) / HOUR, rung.kind) for rung in unpack(plan.decode(), int(at), int(due))]


async def test_a_change_of_settings_plans_anew_what_is_owed(still: Stage) -> None:
    """Without waiting for a moment of the old plan."""
    await still.buyer_writes("Is it blue?")
    before = await planned(still)

    await set_terms(still.deps, still.seller, ladder=FEW)
    await work(still)

    assert before == [(12, "soft"), (4, "before"), (1, "before"), (0.25, "last"), (0, "breach")]
    assert await planned(still) == [(2, "last"), (0, "breach")]


async def test_a_message_after_the_change_is_planned_by_the_new_settings(still: Stage) -> None:
    """Also by a door that still remembers the old ones."""
    await still.buyer_writes("Is it blue?")

    await set_terms(still.deps, still.seller, ladder=FEW)
    await still.buyer_writes("Is it big?", conversation="c-2")

    assert await planned(still, "c-2") == [(2, "last"), (0, "breach")]


async def test_only_what_is_owed_is_planned_and_no_card_is_painted_for_it(still: Stage) -> None:
    """A card does not show when its members are reminded."""
    await still.link("sales")
    await still.buyer_writes("Is it blue?")
    version = keys.conversation(keys.tag_of(still.seller), conversation_id(still.shop, "c-1"))
    before = await still.deps.store.engine.call("HGET", version, "version")

    await set_terms(still.deps, still.seller, ladder=FEW)
    await work(still)

    assert await still.deps.store.engine.call("HGET", version, "version") == before


async def test_many_that_are_owed_are_all_planned_anew(still: Stage) -> None:
    """The walk goes on over the pages of a large seller."""
    for number in range(600):
        await still.buyer_writes("Hello?", conversation=f"c-{number}")

    await set_terms(still.deps, still.seller, ladder=FEW)
    await work(still)

    found = [await planned(still, f"c-{number}") for number in range(600)]
    assert found == [[(2, "last"), (0, "breach")]] * 600
    agenda = await still.deps.store.engine.call("ZRANGE", keys.agenda(keys.tag_of(still.seller)), 0, -1)
    assert [each for each in agenda if b"/" in each] == []


async def test_a_member_with_a_ladder_of_their_own_gets_steps_beside_the_others(still: Stage) -> None:
    """And takes them back again."""
    await still.buyer_writes("Is it blue?")

    await set_habits(still.deps, still.seller, person("sam"), Habits(ladder=Ladder((6 * HOUR,))))
    await work(still)
    with_sam = await planned(still)
    await set_habits(still.deps, still.seller, person("sam"), Habits())
    await work(still)

    assert [left for left, _ in with_sam] == [12, 6, 4, 1, 0.25, 0]
    assert [left for left, _ in await planned(still)] == [12, 4, 1, 0.25, 0]


async def test_a_members_own_night_brings_their_step_before_it(still: Stage) -> None:
    """The others keep theirs: a member's quiet hours are not the seller's."""
    now = still.clock.now()
    deadline = now + 24 * HOUR
    start = f"{(deadline // HOUR - 2) % 24:02d}:00"
    end = f"{(deadline // HOUR + 6) % 24:02d}:00"
    await still.buyer_writes("Is it blue?", sent_at=now)

    await set_habits(still.deps, still.seller, person("sam"), Habits(quiet=QuietHours(start, end)))
    await work(still)

    night = deadline // HOUR * HOUR - 2 * HOUR
    before = [left for left, _ in await planned(still)]
    assert any(abs(left - (deadline - night + MINUTE) / HOUR) < 0.001 for left in before)
    assert {4, 1, 0.25} <= set(before)


async def test_an_absence_of_a_member_changes_no_plan(still: Stage) -> None:
    """It only says whom not to call."""
    await still.buyer_writes("Is it blue?")
    before = await read_seller(still.deps.store, still.seller)
    away = Habits(away=(Stretch(still.clock.now(), None),))

    await set_habits(still.deps, still.seller, person("sam"), away)

    assert await read_seller(still.deps.store, still.seller) == before
    assert await habits_of(still.deps, still.seller, person("sam")) == away


async def test_changes_made_at_once_are_all_kept(still: Stage) -> None:
    """Ten members and the owner choose in the same moment: nobody's choice is lost."""
    people = [person(f"p{number}") for number in range(10)]
    own = [Habits(ladder=Ladder(((number + 2) * HOUR,))) for number in range(10)]
    changes = [set_habits(still.deps, still.seller, who, habits) for who, habits in zip(people, own, strict=True)]

    await asyncio.gather(*changes, set_terms(still.deps, still.seller, zone="Europe/Paris", ladder=FEW))

    seller = await read_seller(still.deps.store, still.seller)
    assert seller is not None
    assert (seller.zone, seller.ladder) == ("Europe/Paris", FEW)
    assert set(seller.apart) == set(own)


async def test_quiet_hours_follow_the_seller_to_another_zone(still: Stage) -> None:
    """They are those of the seller's wall, wherever that stands."""
    await set_terms(still.deps, still.seller, quiet=QuietHours("22:00", "07:00"), zone="Europe/Paris", wakes=False)

    seller = await set_terms(still.deps, still.seller, zone="Asia/Tokyo")

    assert seller.quiet == QuietHours("22:00", "07:00", "Asia/Tokyo", rings_through=False)


async def test_what_is_no_zone_or_no_seller_is_refused(still: Stage) -> None:
    """And nothing is changed."""
    with pytest.raises(ValueError, match="No time zone is called 'Mars/X'"):
        await set_terms(still.deps, still.seller, zone="Mars/X")
    with pytest.raises(Misconfigured, match="There is no seller"):
        await set_terms(still.deps, "01sxxxx", zone="UTC")


async def test_a_plan_is_made_by_the_night_of_the_seller(still: Stage) -> None:
    """What would fall into it comes a minute before it begins."""
    now = still.clock.now()
    await set_terms(still.deps, still.seller, quiet=QuietHours("22:00", "07:00"), zone="Europe/Paris")

    await still.buyer_writes("Is it blue?", sent_at=now - HOUR)

    deadline = now + 23 * HOUR
    night = QuietHours("22:00", "07:00", "Europe/Paris")
    found = await planned(still)
    rungs = [round(deadline - left * HOUR) for left, kind in found if kind not in {"breach", "through"}]
    assert [at for at in rungs if is_quiet(night, at)] == []
