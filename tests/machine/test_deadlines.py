"""Virtual seasons of deadlines on the real store: no warning is early, missed or doubled, through downtimes and DST.

Two seasons run with the suite; `make years` runs seven years of them.
"""

import os
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random

import pytest

from core.domain.deliveries import DeliveryKind
from core.domain.quiet_hours import QuietHours, is_quiet
from core.domain.reminders import Rung, RungKind, unpack
from core.domain.zones import HOUR, SECOND
from core.services.terms import set_terms
from core.store import keys
from core.store.conversations import conversation_id
from core.store.deliveries import finish_post
from core.workers.agenda import agenda_visit
from core.workers.loop import Crew
from tests.fixtures.core import Stage

DAY = 24 * HOUR
SEASON = 92 * DAY
YEARS = 7
SEASONS = range(4 * YEARS) if os.environ.get("SHOPBELL_YEARS") else (0, 1)
NIGHT = QuietHours("22:00", "07:00", "Europe/Paris")


@dataclass(slots=True)
class Owed:
    """What one obligation had coming when it was opened, and what was told of it."""

    opened_at: int
    deadline: int
    plan: list[Rung]
    told: list[tuple[Rung, int]] = field(default_factory=list)


@dataclass(slots=True)
class Season:
    """Drives one seller's agenda by hand; the clock jumps from one happening to the next."""

    stage: Stage
    chance: Random
    room: str = ""
    owed: dict[str, Owed] = field(default_factory=dict)
    kept: list[tuple[Owed, int, list[int]]] = field(default_factory=list)  # with when it was answered, and the visits
    visits: list[int] = field(default_factory=list)
    happenings: list[tuple[int, int, str, str]] = field(default_factory=list)

    @property
    def now(self) -> int:
        return self.stage.clock.now()

    async def live(self, start: int) -> None:
        """Buyers write about twice a day; most are answered within hours, some late, some long after the deadline."""
        at, number = start, 0
        while at < start + SEASON:
            at += self.chance.randrange(24 * HOUR)
            number += 1
            answer_at = at + self.chance.choice((HOUR, 6 * HOUR, 20 * HOUR, 23 * HOUR, 30 * HOUR)) + number % 1000
            heappush(self.happenings, (at, number, "write", f"{start}-{number}"))
            heappush(self.happenings, (answer_at, number, "answer", f"{start}-{number}"))
        while self.happenings:
            at, _, what, conversation = heappop(self.happenings)
            await self._fire_until(at)
            self._jump(at)
            await (self._write(conversation) if what == "write" else self._answer(conversation))

    async def _fire_until(self, at: int) -> None:
        """What falls due before, each in its moment; one in twenty times the workers sleep for hours."""
        tag = keys.tag_of(self.stage.seller)
        while True:
            first = await self.stage.deps.store.engine.call("ZRANGE", keys.agenda(tag), 0, 0, "WITHSCORES")
            due = int(float(first[0][1] if first and isinstance(first[0], list) else first[1])) if first else at
            if self.chance.random() < 0.05:
                due += self.chance.randrange(8 * HOUR)
            if due >= at:
                return
            self._jump(due)
            await self._visit()

    async def _visit(self) -> None:
        crew = Crew(20)
        self.visits.append(self.now)
        await agenda_visit(self.stage.deps, crew)(keys.tag_of(self.stage.seller))
        await crew.drain(5)
        await self._hear()

    async def _hear(self) -> None:
        """What the room is to be reminded of now."""
        tag, engine = keys.tag_of(self.stage.seller), self.stage.deps.store.engine
        for each in await engine.call("ZRANGE", keys.nudges(tag, self.room), 0, -1):
            rung = await engine.call("HGET", keys.obligation(tag, each.decode()), "rung")
            found = self.owed[each.decode()]
            seconds = int(rung[1:]) // SECOND
            (told,) = unpack(f"{seconds}{rung[:1].decode()}", found.opened_at)
            found.told.append((told, self.now))
        await engine.call("DEL", keys.nudges(tag, self.room))
        await self._clear()

    async def _clear(self) -> None:
        """The chat takes all at once."""
        while found := await self.stage.claim():
            for each in found:
                posted = "1" if each.kind is DeliveryKind.CARD else ""
                await finish_post(self.stage.deps.store, each, posted)

    async def _write(self, conversation: str) -> None:
        await self.stage.buyer_writes("Is it blue?", conversation=conversation)
        await self._clear()
        tag, engine = keys.tag_of(self.stage.seller), self.stage.deps.store.engine
        name = keys.conversation(tag, conversation_id(self.stage.shop, conversation))
        obligation = (await engine.call("HGET", name, "open")).decode()
        plan, at, due = await engine.call("HMGET", keys.obligation(tag, obligation), "plan", "at", "due")
        self.owed[obligation] = Owed(int(at), int(due), list(unpack(plan.decode(), int(at))))

    async def _answer(self, conversation: str) -> None:
        name = keys.conversation(keys.tag_of(self.stage.seller), conversation_id(self.stage.shop, conversation))
        obligation = (await self.stage.deps.store.engine.call("HGET", name, "open")).decode()
        await self.stage.answered_on_site("Yes.", conversation=conversation)
        await self._clear()
        found = self.owed[obligation]
        self.kept.append((found, self.now, [at for at in self.visits if found.opened_at <= at < self.now]))
        self.visits = [at for at in self.visits if at > self.now - 3 * DAY]

    def _jump(self, at: int) -> None:
        self.stage.clock.shift += max(0, at - self.now)


def wanted(owed: Owed, answered_at: int, visits: list[int]) -> list[tuple[Rung, int]]:
    """By the slow way: at each visit the last rung that had passed and was not told, until it was answered."""
    told, left = [], list(owed.plan)
    for at in visits:
        passed = [rung for rung in left if rung.at <= at]
        if passed and at < answered_at:
            told.append((passed[-1], at))
            left = [rung for rung in left if rung.at > at]
    return told


@pytest.mark.parametrize("season", SEASONS)
async def test_no_warning_is_early_missed_or_doubled(still: Stage, season: int) -> None:
    """Each as the slow way says; in waking time, or through; a breach never before its deadline, nothing after it."""
    await still.link("sales")
    await set_terms(still.deps, still.seller, quiet=NIGHT, zone=NIGHT.zone, digest=False)
    room = await still.room("sales")
    lane = keys.lane(keys.tag_of(still.seller), room.address.lane)
    await still.deps.store.engine.call("HDEL", lane, "refill", "burst")  # it takes all at once
    world = Season(still, Random(season), room.id)
    await world._clear()

    await world.live(still.clock.now() + season * SEASON)

    assert len(world.kept) > 100
    assert {rung.kind for found, _, _ in world.kept for rung, _ in found.told} >= {RungKind.SOFT, RungKind.BREACH}
    for found, answered_at, visits in world.kept:
        due = wanted(found, answered_at, visits)
        assert [rung.kind for rung, _ in found.told] == [rung.kind for rung, _ in due]
        assert all(at == visit for (_, at), (_, visit) in zip(found.told, due, strict=True))
        assert all(rung.at <= at < answered_at for rung, at in found.told)
        assert all(at >= found.deadline for rung, at in found.told if rung.kind is RungKind.BREACH)
        planned = [rung for rung in found.plan if rung.kind not in {RungKind.BREACH, RungKind.THROUGH}]
        assert not any(is_quiet(NIGHT, rung.at) for rung in planned if rung.at > found.opened_at)
        assert found.plan[-1].at - found.deadline < SECOND
