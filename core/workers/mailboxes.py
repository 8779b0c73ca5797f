"""Mailboxes: read what the platforms sent us, in order by chat, until each was understood or set aside."""

from collections.abc import Mapping
from functools import partial

from core.errors import OutsideError
from core.observability import boundary, log
from core.ports.chat import Inbound
from core.services.deps import Deps
from core.store import mailboxes
from core.store.keys import Tag
from core.store.mailboxes import Taken
from core.workers.loop import Crew, Visit

BATCH = 50
TRIES = 3  # mail that fails this often is set aside, and the chat goes on
PAUSE = 2_000  # milliseconds between two tries


def mail_visit(deps: Deps, crew: Crew, inbounds: Mapping[str, Inbound]) -> Visit:
    """A visit takes the first mail of each box under a lease and starts reading it."""

    async def visit(tag: Tag) -> int | None:
        post = await mailboxes.take_mail(deps.store, tag, lease=deps.patience.mail_lease, most=BATCH)
        for taken in post.taken:
            crew.start(partial(read, deps, inbounds, taken), platform=taken.mail.platform, box=taken.box)
        return post.next_at

    return visit


async def read(deps: Deps, inbounds: Mapping[str, Inbound], taken: Taken) -> None:
    """One mail, to its end: a failure is tried again in its place, and what fails every time is set aside.

    A mail that ends the process each time it is read was taken too often as well, and is not read again.
    """
    if taken.tries > TRIES:
        await _set_aside(deps, taken)
        return
    understood = False
    try:
        boundary("before-read")
        await inbounds[taken.mail.platform].read(taken.mail)
        boundary("after-read")
        understood = True
    except OutsideError as error:
        log().warning("mail_not_read", platform=taken.mail.platform, tries=taken.tries, error=repr(error))
    finally:
        await _finish(deps, taken, understood=understood)


async def _finish(deps: Deps, taken: Taken, *, understood: bool) -> None:
    if understood:
        await mailboxes.finish_mail(deps.store, taken, "done")
    elif taken.tries >= TRIES:
        await _set_aside(deps, taken)
    else:
        await mailboxes.finish_mail(deps.store, taken, "later", deps.clock.wall() + PAUSE * taken.tries)


async def _set_aside(deps: Deps, taken: Taken) -> None:
    log().error("mail_set_aside", platform=taken.mail.platform, box=taken.box)
    await mailboxes.finish_mail(deps.store, taken, "unread")
