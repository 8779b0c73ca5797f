"""Mailboxes: read what the platforms sent us, in order by chat, until each was understood or set aside."""

import asyncio
from collections.abc import Mapping
from functools import partial

from core.errors import OutsideError, StoreDown, TryLater, Unknown
from core.observability import boundary, log
from core.ports.chat import Inbound, Keep, Mail
from core.services.deps import Deps
from core.services.facts import until_recorded
from core.services.notices import lose_mail
from core.store import mailboxes
from core.store.keys import Tag
from core.store.mailboxes import Outcome, Taken
from core.workers.loop import Crew, Visit

BATCH = 50
STRIKES = 3  # mail that fails this often is set aside, and the chat goes on
PAUSE = 2_000  # milliseconds until a second try; the wait grows with the time it has taken so far
LONGEST_PAUSE = 60_000
PATIENCE = 3_600_000  # milliseconds for which the other side may be away before the mail is set aside


def mail_visit(deps: Deps, crew: Crew, inbounds: Mapping[str, Inbound]) -> Visit:
    """A visit takes the first mail of each box under a lease and starts reading it."""

    async def visit(tag: Tag) -> int | None:
        if not crew.room:
            return deps.clock.wall() + deps.patience.breath // 4
        most = min(BATCH, crew.room)
        post = await mailboxes.take_mail(deps.store, tag, lease=deps.patience.mail_lease, most=most)
        for taken in post.taken:
            crew.start(partial(read, deps, inbounds, taken), platform=taken.mail.platform, box=taken.box)
        return post.next_at

    return visit


def keeper(deps: Deps, crew: Crew, inbounds: Mapping[str, Inbound]) -> Keep:
    """Mail that nothing comes before is read by whoever kept it: nobody need look for it first."""

    async def keep(mail: Mail) -> bool:
        lease = deps.patience.mail_lease if crew.room and mail.platform in inbounds else 0
        is_new, taken = await mailboxes.keep_and_take(deps.store, mail, lease=lease)
        if taken:
            crew.start(partial(read, deps, inbounds, taken), platform=mail.platform, box=taken.box)
        return is_new

    return keep


async def read(deps: Deps, inbounds: Mapping[str, Inbound], taken: Taken) -> None:
    """One mail, to its end: a failure is tried again in its place, and what fails every time is set aside.

    A mail that ends the process each time it is read has its strikes too. That a chat or Redis is away is not the
    mail's fault: then it waits, and with it what came after it from that chat.
    """
    wall = deps.clock.wall()
    if taken.strikes > STRIKES:
        await _set_aside(deps, taken)
        return
    if wall - taken.at > deps.patience.mail_lease // 2:  # It stood in line so long that another may take it soon.
        await mailboxes.finish_mail(deps.store, taken, Outcome.WAITS, wall)
        return
    outcome: Outcome | None = Outcome.LATER
    try:
        boundary("before-read")
        await inbounds[taken.mail.platform].read(taken.mail)
        boundary("after-read")
        outcome = Outcome.DONE
    except (TryLater, Unknown, StoreDown) as error:
        outcome = Outcome.WAITS
        log().warning("mail_waits", platform=taken.mail.platform, error=repr(error))
    except OutsideError as error:
        log().warning("mail_not_read", platform=taken.mail.platform, strikes=taken.strikes, error=repr(error))
    except asyncio.CancelledError:
        outcome = None  # The process ends; when the lease has passed, another reads it.
        raise
    finally:
        if outcome is not None:
            await until_recorded(partial(_finish, deps, taken, outcome))


async def _finish(deps: Deps, taken: Taken, outcome: Outcome) -> None:
    wall = deps.clock.wall()
    waited = wall - taken.since
    failed = outcome is Outcome.LATER and taken.strikes >= STRIKES
    if failed or (outcome is Outcome.WAITS and waited >= PATIENCE):
        await _set_aside(deps, taken)
    else:
        await mailboxes.finish_mail(deps.store, taken, outcome, wall + min(PAUSE + waited, LONGEST_PAUSE))


async def _set_aside(deps: Deps, taken: Taken) -> None:
    log().error("mail_set_aside", platform=taken.mail.platform, box=taken.box)
    await lose_mail(deps, taken.mail)
    await mailboxes.finish_mail(deps.store, taken, Outcome.UNREAD)
