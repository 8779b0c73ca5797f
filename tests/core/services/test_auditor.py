"""The auditor: what is broken by hand it finds once, mends once and tells; where all is well it finds nothing."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.domain.auditor import LATE, SILENT, Flaw
from core.domain.conversations import Order
from core.errors import AccessLost
from core.services.auditor import Auditor
from core.services.doctor import diagnose
from core.services.health import health, is_ready
from core.store import keys
from core.store.auditor import ROLE, read_audits
from tests.fixtures.audits import HOUR, PROCESS, Hands, asked, plain, waiting, walk
from tests.fixtures.busy import busy_day
from tests.fixtures.core import Stage

Break = Callable[[Hands], Awaitable[None]]

OF_AN_OBLIGATION: list[tuple[Break, Flaw]] = [
    (Hands.take_the_moment, Flaw.MOMENT_MISSING),
    (Hands.put_the_moment_off, Flaw.MOMENT_MISSING),
    (Hands.empty_the_plan, Flaw.MOMENT_MISSING),
    (Hands.take_from_owed, Flaw.OWED_MISSING),
    (Hands.owe_by_another_hour, Flaw.OWED_MISSING),
    (Hands.owe_what_is_not_there, Flaw.OWED_STRAY),
    (Hands.close_the_conversation, Flaw.OPEN_WRONG),
    (Hands.count_it_as_missed, Flaw.LEDGER_WRONG),
    (Hands.lose_the_card, Flaw.CARD_MISSING),
    (Hands.lose_the_reminder, Flaw.REMINDER_STRAY),
]


@pytest.mark.parametrize(("broken", "flaw"), OF_AN_OBLIGATION, ids=lambda value: getattr(value, "__name__", ""))
async def test_an_obligation_that_something_forgot_is_found_and_mended_once(
    stage: Stage, broken: Break, flaw: Flaw
) -> None:
    """The walk after it finds nothing any more."""
    hands = await asked(stage)
    assert plain((await walk(stage)).last.found) == {}

    await broken(hands)
    first = (await walk(stage)).last
    second = (await walk(stage)).last

    assert plain(first.found) == plain(first.mended) == {flaw.value: 1}
    assert first.is_healthy
    assert plain(second.found) == {}


async def test_what_falls_due_soon_is_looked_at_in_every_round(stage: Stage) -> None:
    """Also in one that sweeps nothing: an hour would be too late."""
    hands = await asked(stage)
    await walk(stage)
    await hands.take_the_moment()

    early = (await walk(stage, whole=False)).last
    stage.clock.shift = 18 * HOUR
    near = (await walk(stage, whole=False)).last

    assert (plain(early.found), early.swept) == ({}, False)
    assert plain(near.mended) == {"moment_missing": 1}


async def test_a_card_that_was_lost_is_posted(stage: Stage) -> None:
    """Members see again what is owed."""
    hands = await asked(stage)
    await hands.lose_the_card()

    await walk(stage)
    await stage.wait(lambda: len(stage.board.cards("sales")) == 2, "the card anew")

    assert [card.quote.text for card in stage.board.cards("sales")] == ["Is it blue?"] * 2


async def test_a_moment_that_was_lost_still_brings_its_warning(stage: Stage) -> None:
    """Found in time, nothing of the plan is lost."""
    hands = await asked(stage)
    await hands.take_the_moment()
    await walk(stage)

    stage.clock.shift = 23 * HOUR + 60_000
    await stage.wait(lambda: len(stage.board.notes("sales")) == 1, "the warning")


async def test_what_is_answered_but_still_in_the_list_of_what_is_owed_leaves_it(stage: Stage) -> None:
    """Nobody is sent to answer what is answered."""
    hands = await asked(stage)
    await stage.answered_on_site("Yes.")
    await hands.call("ZADD", keys.owed(hands.tag, stage.seller), 1, hands.obligation)
    await hands.call("HSET", keys.conversation(hands.tag, hands.conversation), "open", hands.obligation)

    first = (await walk(stage)).last

    assert plain(first.mended) == {"owed_stray": 1, "open_wrong": 1}
    assert await hands.call("ZCARD", keys.owed(hands.tag, stage.seller)) == 0


async def test_a_lane_that_nobody_would_look_at_is_put_back(still: Stage) -> None:
    """By its next instant; what waited in it goes out."""
    hands, delivery, _, lane = await waiting(still)
    await hands.call("ZREM", keys.lanes(hands.tag), lane)

    first = (await walk(still)).last

    assert plain(first.found) == plain(first.mended) == {"lane_missing": 1}
    assert [claimed.id for claimed in await still.claim()] == [delivery]


async def test_a_delivery_that_left_its_strand_is_put_back_and_carried_once(still: Stage) -> None:
    """Whether its strand was lost too, or only its place in the lane."""
    hands, delivery, strand, lane = await waiting(still)
    await hands.call("DEL", keys.strand(hands.tag, lane, strand))
    await hands.call("ZREM", keys.ready(hands.tag, lane), strand)

    first = (await walk(still)).last
    claimed = [each.id for each in await still.claim()]
    still.pass_time(1)  # a walk is known by its instant

    assert first.mended[Flaw.DELIVERY_STRAY] == 1
    assert first.is_healthy
    assert claimed == [delivery]
    assert plain((await walk(still)).last.found) == {}


async def test_a_strand_that_stands_nowhere_is_ready_again(still: Stage) -> None:
    """One that was on its way when that happened may have arrived: it is unknown, not pending."""
    hands, delivery, strand, lane = await waiting(still)
    await still.claim()
    await hands.call("ZREM", keys.flying(hands.tag, lane), strand)

    first = (await walk(still)).last
    claimed = await still.claim()

    assert plain(first.mended) == {"delivery_stray": 1}
    assert [(each.id, each.was_unknown) for each in claimed] == [(delivery, True)]


async def test_a_strand_with_nothing_to_send_leaves_its_lane(still: Stage) -> None:
    """It would stop all others in the lane."""
    hands, _, _, lane = await waiting(still)
    await hands.call("ZADD", keys.ready(hands.tag, lane), 1, "empty")

    first = (await walk(still)).last

    assert plain(first.found) == plain(first.mended) == {"strand_empty": 1}
    assert len(await still.claim()) == 1


async def test_what_nobody_carries_out_is_told_and_is_not_called_mended(still: Stage) -> None:
    """With nobody at work a lane and a moment are late: that is for the operator."""
    await waiting(still)
    still.pass_time(30 * HOUR)

    last = (await walk(still)).last

    assert plain(last.left) == {"lane_late": 1, "moment_late": 1}
    assert not last.is_healthy
    assert last.late > LATE


async def test_a_room_out_of_reach_is_counted_and_is_no_flaw(stage: Stage) -> None:
    """Its lane is paused, and what waits in it is in its place."""
    await stage.link("sales")
    stage.board.troubles["sales"] = [AccessLost("it was archived.")] * 100
    await stage.buyer_writes("Is it blue?")
    walks = []

    async def seen_paused() -> bool:
        walks.append((await walk(stage)).last)
        return walks[-1].paused == 1

    await stage.wait(seen_paused, "a walk while the lane is paused")

    assert [plain(each.found) for each in walks if each.found] == []


async def test_a_healthy_store_shows_nothing_after_a_busy_day_or_at_any_hour_of_it(stage: Stage) -> None:
    """Also while all the workers are at work, and while the clock runs on through every deadline."""
    walks = []

    async def walk_on() -> None:
        while True:
            walks.append((await walk(stage, second_look=700)).last)

    walking = asyncio.create_task(walk_on())
    await busy_day(stage)
    for hours in (5, 13, 23, 24, 30, 24 * 31, 24 * 100):
        stage.clock.shift = hours * HOUR
        await stage.buyer_writes("And now?", conversation="c-2", message=f"m-{hours}")
        await stage.buyer_writes("And now?", conversation=f"c-{hours}", order=Order(f"o-{hours}"))
        await stage.answered_on_site("Yes.", conversation="c-2")
        await asyncio.sleep(0.3)
    walking.cancel()
    await asyncio.gather(walking, return_exceptions=True)

    quiet = (await walk(stage, second_look=700)).last

    assert len(walks) > 1
    assert [plain(each.found) for each in [*walks, quiet] if each.found] == []
    assert quiet.swept


async def test_another_process_that_took_the_role_has_the_last_word(still: Stage) -> None:
    """Who was held up for longer than its lease tells nothing over the other's."""
    told = await walk(still)
    await still.deps.store.engine.call("SET", keys.holder(keys.role_tag(ROLE)), "another", "EX", 15)

    async for _ in Auditor(still.deps, PROCESS).walk():
        pass

    after = await read_audits(still.deps.store)
    assert after is not None
    assert after.last.walked_at == told.last.walked_at


async def test_health_and_the_doctor_say_what_was_found(stage: Stage) -> None:
    """A flaw is for people to look at: a probe goes on sending work here."""
    hands = await asked(stage)
    before = await health(stage.deps)
    await walk(stage)
    well = await health(stage.deps)
    await hands.take_the_moment()
    await walk(stage)
    told = await health(stage.deps)
    doctor = [finding.what for finding in await diagnose(stage.deps, 0)]
    stage.pass_time(SILENT + 60_000)
    silent = await health(stage.deps)

    assert before["auditor"] == "has not walked yet"
    assert well["auditor"] == "ok"
    assert told["auditor"] == "found 1 moment missing; left none"
    assert is_ready(told)
    assert "The auditor found and mended: 1 moment missing." in doctor
    assert silent["auditor"] == "walked last 11 min ago"


async def test_findings_add_up_over_all_walks(stage: Stage) -> None:
    """For who reads them once an hour."""
    hands = await asked(stage)
    for _ in range(2):
        await hands.take_the_moment()
        await walk(stage)

    audits = await walk(stage)

    assert plain(audits.last.found) == {}
    assert (audits.found, audits.mended) == ({Flaw.MOMENT_MISSING: 2}, {Flaw.MOMENT_MISSING: 2})
