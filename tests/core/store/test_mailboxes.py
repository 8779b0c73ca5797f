"""Mailboxes: in order by chat, each mail once, none lost to a broken connection."""

import pytest

from core.ports.chat import Mail
from core.store.client import Engine
from core.store.keys import mailbox_tag
from core.store.mailboxes import Outcome, Taken, finish_mail, keep_and_take, keep_mail, take_mail
from tests.fixtures.core import SHARDS, Stage, make_stage
from tests.fixtures.doubling import Doubling

LEASE = 1_000


def mail(key: str, box: str = "chat") -> Mail:
    return Mail("chalkboard", box, key, key.encode())


async def take(still: Stage, most: int = 50) -> list[Taken]:
    found: list[Taken] = []
    for number in range(SHARDS):
        found += (await take_mail(still.deps.store, mailbox_tag(number), lease=LEASE, most=most)).taken
    return found


def keys_of(taken: list[Taken]) -> list[str]:
    return sorted(one.mail.key for one in taken)


async def test_mail_of_a_chat_is_read_in_order_and_of_many_chats_at_once(still: Stage) -> None:
    """The second word of a chat waits until the first was understood; another chat does not."""
    for key, box in (("a1", "a"), ("a2", "a"), ("b1", "b")):
        await keep_mail(still.deps.store, mail(key, box))

    first = await take(still)
    meanwhile = await take(still)
    for taken in first:
        await finish_mail(still.deps.store, taken, Outcome.DONE)
    then = await take(still)

    assert (keys_of(first), keys_of(meanwhile), keys_of(then)) == (["a1", "b1"], [], ["a2"])


async def test_mail_told_twice_is_kept_once(still: Stage) -> None:
    """Slack tells of one thing up to eleven times."""
    kept = [await keep_mail(still.deps.store, mail("a1")) for _ in range(2)]

    assert kept == [True, False]
    assert keys_of(await take(still)) == ["a1"]


async def test_mail_whose_keeping_was_executed_twice_is_not_called_known(engine: Engine) -> None:
    """The adapter is told the truth: it is new."""
    doubled = await make_stage(Doubling(engine))

    assert await keep_mail(doubled.deps.store, mail("a1"))


async def test_mail_that_nothing_comes_before_is_read_by_whoever_kept_it(still: Stage) -> None:
    """Nobody looks for it a second time; what its chat says next waits behind it."""
    _, first = await keep_and_take(still.deps.store, mail("a1"), lease=LEASE)
    _, second = await keep_and_take(still.deps.store, mail("a2"), lease=LEASE)

    assert first is not None
    assert (first.mail.key, second, await take(still)) == ("a1", None, [])
    await finish_mail(still.deps.store, first, Outcome.DONE)
    assert keys_of(await take(still)) == ["a2"]


async def test_whoever_kept_mail_and_died_gives_it_to_another_who_knows(still: Stage) -> None:
    """Mail that was begun before may have been shown: only then somebody looks whether it was."""
    _, first = await keep_and_take(still.deps.store, mail("a1"), lease=LEASE)
    still.pass_time(LEASE + 1)
    (again,) = await take(still)

    assert first is not None
    assert (first.strikes, first.mail.again) == (1, False)
    assert (again.strikes, again.mail.again) == (2, True)


async def test_mail_whose_taking_was_executed_twice_is_still_its_keepers(engine: Engine) -> None:
    """The second answer is the first one's."""
    doubled = await make_stage(Doubling(engine))

    is_new, taken = await keep_and_take(doubled.deps.store, mail("a1"), lease=LEASE)

    assert is_new
    assert taken is not None


async def test_a_worker_that_died_gives_its_mail_to_another(still: Stage) -> None:
    """When the lease has passed; what the first one says afterwards counts no more."""
    await keep_mail(still.deps.store, mail("a1"))
    (stale,) = await take(still)
    still.pass_time(LEASE + 1)
    (fresh,) = await take(still)

    await finish_mail(still.deps.store, stale, Outcome.DONE)
    await finish_mail(still.deps.store, fresh, Outcome.LATER, still.clock.wall())

    assert keys_of(await take(still)) == ["a1"]


async def test_an_outcome_told_again_late_does_not_swallow_the_next_mail(still: Stage) -> None:
    """The connection broke after the first telling, and the second mail was taken meanwhile."""
    await keep_mail(still.deps.store, mail("a1"))
    await keep_mail(still.deps.store, mail("a2"))
    (first,) = await take(still)
    await finish_mail(still.deps.store, first, Outcome.DONE)
    await take(still)

    await finish_mail(still.deps.store, first, Outcome.DONE)
    still.pass_time(LEASE + 1)

    assert keys_of(await take(still)) == ["a2"]


@pytest.mark.parametrize(("outcome", "strikes"), [(Outcome.LATER, 2), (Outcome.WAITS, 1)])
async def test_waiting_for_a_chat_that_is_away_is_no_strike(still: Stage, outcome: Outcome, strikes: int) -> None:
    """Only what fails by itself comes nearer to being set aside."""
    await keep_mail(still.deps.store, mail("a1"))
    (first,) = await take(still)
    await finish_mail(still.deps.store, first, outcome, still.clock.wall())

    (again,) = await take(still)

    assert (again.strikes, again.since) == (strikes, first.since)


async def test_mail_that_was_set_aside_is_kept_for_a_person(still: Stage) -> None:
    """And the chat goes on."""
    await keep_mail(still.deps.store, mail("a1"))
    await keep_mail(still.deps.store, mail("a2"))
    (poison,) = await take(still)

    await finish_mail(still.deps.store, poison, Outcome.UNREAD)

    assert keys_of(await take(still)) == ["a2"]
