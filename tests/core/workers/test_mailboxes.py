"""Reading what members did: in order, patiently where the chat is away, and never for ever."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest

from core.domain.deliveries import DeliveryKind
from core.domain.texts import plain
from core.errors import OutsideError, Rejected, StoreDown, TryLater, Unknown
from core.ports.chat import Inbound, Mail
from core.services.notes import draw_notice
from core.store import keys
from core.store.deliveries import reach_lane
from core.store.mailboxes import Taken, keep_mail, take_mail
from core.store.rooms import read_room
from core.workers.loop import Crew
from core.workers.mailboxes import PATIENCE, STRIKES, mail_visit, read
from tests.contract.chalkboard.adapter import place
from tests.fixtures.core import SHARDS, Stage

Reading = Callable[[Mail], Awaitable[None]]


async def next_mail(still: Stage) -> Taken | None:
    for number in range(SHARDS):
        tag = keys.mailbox_tag(number)
        post = await take_mail(still.deps.store, tag, lease=still.deps.patience.mail_lease, most=1)
        if post.taken:
            return post.taken[0]
    return None


async def try_reading(still: Stage, reading: Reading, times: int, pause: int = 61_000) -> int:
    """How often the first mail was handed out."""
    tried = 0
    for _ in range(times):
        taken = await next_mail(still)
        if taken is None:
            break
        tried += 1
        with contextlib.suppress(ZeroDivisionError):
            await read(still.deps, {"chalkboard": Inbound(reading)}, taken)
        still.pass_time(pause)
    return tried


def raising(error: BaseException) -> Reading:
    async def reading(_mail: Mail) -> None:
        raise error

    return reading


async def keep(still: Stage, *names: str) -> None:
    for name in names:
        await keep_mail(still.deps.store, Mail("chalkboard", "chat", name, b""))


@pytest.mark.parametrize("error", [Rejected("no"), ZeroDivisionError()])
async def test_mail_that_fails_every_time_is_set_aside_and_the_chat_goes_on(still: Stage, error: Exception) -> None:
    """Three tries, then the next one's turn."""
    await keep(still, "poison", "good")
    tried = await try_reading(still, raising(error), STRIKES)

    then = await next_mail(still)

    assert tried == STRIKES
    assert then is not None
    assert then.mail.key == "good"


async def told(still: Stage) -> dict[str, str]:
    """What waits to be said, by the board it is for."""
    claimed = [found for found in await still.claim() if found.kind is DeliveryKind.NOTICE]
    said = {}
    for notice in claimed:
        room = await read_room(still.deps.store, notice.room)
        assert room is not None
        said[room.address.chat] = plain(draw_notice(notice).text)
    return said


async def unreadable(still: Stage, board: str) -> None:
    """Something that was done there, set aside after all its tries."""
    await keep_mail(still.deps.store, Mail("chalkboard", board, "poison", b"", place(board).address))
    await try_reading(still, raising(Rejected("no")), STRIKES)


async def test_members_are_told_of_mail_that_could_not_be_read(still: Stage) -> None:
    """In the room that it came from: whoever typed there waits for something to come of it."""
    await still.link("sales")
    await still.link("phone")

    await unreadable(still, "sales")

    ((board, said),) = (await told(still)).items()
    assert board == "sales"
    assert said.startswith("Something that was written or pressed in Chalkboard board sales could not be read")
    assert "Please do it again" in said


async def test_where_that_room_is_lost_the_others_are_told_of_unread_mail(still: Stage) -> None:
    """A room that cannot be reached tells nobody anything."""
    await still.link("sales")
    await still.link("phone")
    room = await still.room("sales")
    later = still.clock.wall() + 10_000_000
    await reach_lane(
        still.deps.store, room.id, room.address.lane, reachable=False, problem="gone", retry_at=later, operation="o-1"
    )

    await unreadable(still, "sales")

    assert list(await told(still)) == ["phone"]


async def test_unread_mail_of_a_chat_that_belongs_to_nobody_is_told_to_nobody(still: Stage) -> None:
    """A stranger's chat is no way into a seller's rooms."""
    await still.link("phone")

    await unreadable(still, "kitchen")

    assert await told(still) == {}


async def test_mail_that_ends_the_process_is_not_read_for_ever(still: Stage) -> None:
    """Each worker that took it died: the fourth does not open it."""
    await keep(still, "deadly", "good")
    for _ in range(STRIKES):
        await next_mail(still)
        still.pass_time(still.deps.patience.mail_lease + 1)
    opened: list[str] = []

    async def reading(mail: Mail) -> None:
        opened.append(mail.key)

    await try_reading(still, reading, 2)

    assert opened == ["good"]


@pytest.mark.parametrize("error", [TryLater("Slack is down"), Unknown("no answer"), StoreDown("away")])
async def test_what_a_member_typed_outlasts_an_outage_of_the_chat(still: Stage, error: Exception) -> None:
    """Slack is away for half an hour: the member's text is not set aside after six seconds."""
    await keep(still, "reply")

    tried = await try_reading(still, raising(error), 30)
    still.pass_time(61_000)
    then = await next_mail(still)

    assert tried == 30
    assert then is not None
    assert then.mail.key == "reply"


async def test_an_outage_that_does_not_end_does_not_hold_a_chat_for_ever(still: Stage) -> None:
    """After an hour the next mail has its turn."""
    await keep(still, "stuck", "good")

    await try_reading(still, raising(TryLater("down")), 2, pause=PATIENCE)
    then = await next_mail(still)

    assert then is not None
    assert then.mail.key == "good"


async def test_mail_that_stood_in_line_too_long_is_left_to_the_next_visit(still: Stage) -> None:
    """Its lease may pass on the way: then two would read it."""
    await keep(still, "late")
    taken = await next_mail(still)
    assert taken is not None
    still.pass_time(still.deps.patience.mail_lease // 2 + 1)

    await read(still.deps, {"chalkboard": Inbound(raising(OutsideError("not to be called")))}, taken)
    again = await next_mail(still)

    assert again is not None
    assert again.strikes == 1


async def test_no_more_mail_is_taken_than_there_are_hands_to_read_it(still: Stage) -> None:
    """What nobody reads yet stays for another process."""
    for number in range(5):
        await keep_mail(still.deps.store, Mail("chalkboard", f"chat-{number}", f"m-{number}", b""))
    crew, opened = Crew(2), 0

    async def reading(_mail: Mail) -> None:
        nonlocal opened
        opened += 1

    visit = mail_visit(still.deps, crew, {"chalkboard": Inbound(reading)})
    for number in range(SHARDS):
        await visit(keys.mailbox_tag(number))
    left = 0
    while await next_mail(still):
        left += 1
    await crew.drain(1)

    assert left + opened == 5
    assert opened == 2


async def test_a_process_that_ends_leaves_its_mail_to_another(still: Stage) -> None:
    """It does not wait for a Redis that may be away for long."""
    await keep(still, "reply")
    taken = await next_mail(still)
    assert taken is not None
    begun = asyncio.Event()

    async def reading(_mail: Mail) -> None:
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(read(still.deps, {"chalkboard": Inbound(reading)}, taken))
    await begun.wait()
    task.cancel()
    await asyncio.wait([task])
    still.pass_time(still.deps.patience.mail_lease + 1)

    assert await next_mail(still) is not None
