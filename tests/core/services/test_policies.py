"""Other rules for a shop: what they would change is shown first, and then it is what they change."""

from dataclasses import replace

from core.domain.deadlines import Hours
from core.domain.ledger import Counts
from core.domain.obligations import ObligationKind
from core.domain.policies import Policy
from core.services.policies import Outlook, apply, is_superseded, preview
from core.services.shops import know_shop
from core.store import keys
from core.workers.agenda import agenda_visit
from core.workers.loop import Crew
from tests.fixtures.core import MINUTE, Stage

HOUR = 60 * MINUTE
INBOX = ObligationKind.INBOX


def patient(still: Stage) -> Policy:
    """Fiverr's rules with two days to answer."""
    given = still.deps.policies["fiverr"]
    return replace(given, name="patient", inbox=replace(given.inbox, limit=Hours(48)))


async def work(still: Stage) -> None:
    """The agenda is carried out, what comes of it too."""
    for _ in range(3):
        crew = Crew(20)
        await agenda_visit(still.deps, crew)(keys.tag_of(still.seller))
        await crew.drain(10)


async def ledger(still: Stage) -> tuple[int, int]:
    tag, engine = keys.tag_of(still.shop), still.deps.store.engine
    met, missed = [await engine.call("ZCARD", keys.ledger(tag, still.shop, "inbox", v)) for v in ("met", "missed")]
    return met, missed


async def answered_late(still: Stage) -> None:
    """A message of two days ago that was answered after thirty hours, and one of which nobody knows yet."""
    now = still.clock.now()
    await still.buyer_writes("Is it blue?", sent_at=now - 40 * HOUR)
    await still.answered_on_site("Yes.", at=now - 10 * HOUR)
    await still.buyer_writes("Is it big?", conversation="c-2", sent_at=now - 30 * HOUR)
    await work(still)


async def test_what_other_rules_would_change_is_shown_and_then_done(still: Stage) -> None:
    """The preview changes nothing; the recount comes to just what it showed."""
    await answered_late(still)
    known = await know_shop(still.deps, still.shop)

    outlook = await preview(still.deps, known, patient(still), lambda done, of: None)
    before = await ledger(still)
    await apply(still.deps, known, patient(still), recount=True)
    await work(still)

    assert outlook[INBOX] == Outlook(Counts(0, 2), Counts(1, 0))
    assert (before, await ledger(still)) == ((0, 2), (1, 0))


async def test_other_rules_govern_what_is_written_later(still: Stage) -> None:
    """What was written before keeps the deadline that it had."""
    await answered_late(still)
    known = await know_shop(still.deps, still.shop)
    await apply(still.deps, known, patient(still), recount=False)
    still.pass_time(3_000)
    await still.buyer_writes("And now?", conversation="c-3")
    still.pass_time(30 * HOUR)
    await work(still)

    assert await ledger(still) == (0, 2)


async def test_a_shop_keeps_its_rules_when_newer_ones_come_with_shopbell(still: Stage) -> None:
    """It is told of them, and changes nothing by itself."""
    known = await know_shop(still.deps, still.shop)
    preset = still.deps.policies["fiverr"]
    newer = {"fiverr": replace(preset, version=preset.version + 1, inbox=replace(preset.inbox, limit=Hours(12)))}
    now = still.clock.now()

    assert not is_superseded(known, still.deps.policies, now)
    assert is_superseded(known, newer, now)
