"""Digests: what a seller is told of its evening and its week, once, in one room a platform."""

from datetime import UTC, datetime, timedelta

from core.domain.cards import Note, NoteKind
from core.domain.quiet_hours import QuietHours
from core.domain.texts import plain
from core.domain.zones import HOUR, MINUTE, SECOND
from core.services.digests import moments_of, tell_evening, tell_week
from core.services.terms import set_terms
from core.store import keys
from core.store.sellers import read_seller
from core.workers.agenda import agenda_visit
from core.workers.loop import Crew
from tests.fixtures.core import Stage

NIGHT = QuietHours("22:00", "07:00")


def digests(stage: Stage, board: str = "sales") -> list[str]:
    return [plain(note.text) for note in notices(stage, board)]


def notices(stage: Stage, board: str = "sales") -> list[Note]:
    return [note for note in stage.board.notes(board) if note.kind is NoteKind.NOTICE]


def set_clock(stage: Stage, hour: int, minute: int = 0, *, weekday: int | None = None, days: int = 0) -> None:
    """The next time that the seller's wall, in UTC, shows this; `days` later."""
    now = datetime.fromtimestamp(stage.clock.wall() / 1000, UTC)
    then = now.replace(hour=hour, minute=minute, second=1, microsecond=0) + timedelta(days=1)
    while weekday is not None and then.weekday() != weekday:
        then += timedelta(days=1)
    stage.clock.shift = round((then - now).total_seconds() * 1000) + days * 24 * HOUR


async def sleeps(stage: Stage) -> None:
    """The seller has a night, and it is noon of tomorrow."""
    set_clock(stage, 12)
    await set_terms(stage.deps, stage.seller, quiet=NIGHT)


async def moments(stage: Stage) -> dict[str, int]:
    """Those of its digests that are in the agenda."""
    reply = await stage.deps.store.engine.call("ZRANGE", keys.agenda(keys.tag_of(stage.seller)), 0, -1)
    found = [each.decode() for each in reply if each.startswith((b"digest/", b"monday/"))]
    agenda = keys.agenda(keys.tag_of(stage.seller))
    return {each: int(float(await stage.deps.store.engine.call("ZSCORE", agenda, each))) for each in found}


async def test_the_evening_says_what_falls_due_in_the_night(stage: Stage) -> None:
    """With how many fall due before, and what waits for the morning."""
    await stage.link("sales")
    await sleeps(stage)
    noon = stage.clock.now()
    for number, hours in enumerate((4, 9, 11, 13, 23, 24)):  # 16:00, 21:00, 23:00, 01:00, 11:00, 12:00
        sent_at = noon - 24 * HOUR + hours * HOUR
        await stage.buyer_writes("Hi", conversation=f"c-{number}", sent_at=sent_at)
    await stage.wait(lambda: len(stage.board.cards("sales")) == 6, "the cards")

    set_clock(stage, 21, 30)
    await stage.wait(lambda: digests(stage), "the digest")

    (said,) = digests(stage)
    assert said.startswith("2 will fall due while you sleep, the first at ")
    assert "23:00 UTC. Answer them before " in said
    assert "22:00 UTC.\nAfter " in said
    assert "the next is due at " in said
    assert notices(stage)[0].loud


async def test_an_evening_with_nothing_due_is_told_too(stage: Stage) -> None:
    """Without a sound."""
    await stage.link("sales")
    await sleeps(stage)

    set_clock(stage, 21, 30)
    await stage.wait(lambda: digests(stage), "the digest")

    assert digests(stage) == ["Nothing falls due while you sleep.\nNothing else waits."]
    assert not notices(stage)[0].loud


async def test_each_evening_is_told_once_and_the_next_one_comes(stage: Stage) -> None:
    """Whoever fires it a second time, after a death on the way, tells nothing anew."""
    await stage.link("sales")
    await sleeps(stage)

    set_clock(stage, 21, 30)
    await stage.wait(lambda: digests(stage), "the first")
    assert await tell_evening(stage.deps, stage.seller)
    set_clock(stage, 21, 30, days=1)
    await stage.wait(lambda: len(digests(stage)) == 2, "the second")
    seller = await read_seller(stage.deps.store, stage.seller)
    assert seller is not None

    assert len(digests(stage)) == 2
    assert await moments(stage) == {
        name: at for name, at in moments_of(seller, stage.clock.now()).items() if at is not None
    }


async def test_an_evening_that_was_slept_through_is_not_told_in_the_morning(still: Stage) -> None:
    """After a downtime the next one is told, in its time."""
    await still.link("sales")
    set_clock(still, 12)
    await set_terms(still.deps, still.seller, quiet=NIGHT)

    set_clock(still, 8, days=1)
    crew = Crew(5)
    await agenda_visit(still.deps, crew)(keys.tag_of(still.seller))
    await crew.drain(5)

    assert await still.claim() == ()
    evening = f"digest/{still.seller}"
    assert (await moments(still))[evening] == still.clock.now() // MINUTE * MINUTE + 13 * HOUR + 30 * MINUTE


async def test_one_room_of_a_platform_is_told(stage: Stage) -> None:
    """The one that was linked first, or the next if that one is out of reach."""
    await stage.link("sales")
    stage.clock.follow(stage.clock.wall() + SECOND)
    await stage.link("attic", user="kim")
    await sleeps(stage)

    set_clock(stage, 21, 30)
    await stage.wait(lambda: digests(stage), "the digest")
    lane = keys.lane(keys.tag_of(stage.seller), (await stage.room("sales")).address.lane)
    await stage.deps.store.engine.call("HSET", lane, "lost", "gone")
    set_clock(stage, 21, 30, days=1)
    await stage.wait(lambda: digests(stage, "attic"), "the other room")

    assert (len(digests(stage)), len(digests(stage, "attic"))) == (1, 1)


async def test_a_seller_that_wants_no_digests_gets_none(still: Stage) -> None:
    """Neither of evenings nor of weeks; wanted again, they come again."""
    await set_terms(still.deps, still.seller, quiet=NIGHT, digest=False)
    without = await moments(still)

    await set_terms(still.deps, still.seller, digest=True)

    assert without == {}
    assert set(await moments(still)) == {f"digest/{still.seller}", f"monday/{still.seller}"}


async def test_monday_tells_of_the_week(stage: Stage) -> None:
    """Answered, missed, the median, and both rates; told twice it is told once."""
    await stage.link("sales")
    set_clock(stage, 12, weekday=5)
    await set_terms(stage.deps, stage.seller, zone="UTC", digest=False)
    await set_terms(stage.deps, stage.seller, digest=True)
    saturday = stage.clock.now()
    for number in range(3):
        await stage.buyer_writes("Hi", conversation=f"c-{number}", sent_at=saturday - HOUR)
    stage.clock.shift += 30 * MINUTE
    for number in range(2):
        await stage.answered_on_site("Yes.", conversation=f"c-{number}")

    set_clock(stage, 9, weekday=0)
    while stage.clock.now() < saturday:
        stage.clock.shift += 7 * 24 * HOUR
    await stage.wait(lambda: digests(stage), "the note")
    assert await tell_week(stage.deps, stage.seller)

    (said,) = digests(stage)
    inbox, order = said.split("\n• ")[1:]
    assert inbox.startswith("Inbox Response Rate (Example Market): 2 answered in time, 1 missed, half of the answers")
    assert "within 1 h 30 min. It stands at 66.6 % of 3." in inbox
    assert order.startswith("Order Response Rate (Example Market): 0 answered in time, 0 missed. It stands at")
