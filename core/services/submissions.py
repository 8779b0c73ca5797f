"""What each form does once it is filled in, and the right that it takes."""

from collections.abc import Awaitable, Callable

from core.domain.actions import Submit, operation
from core.domain.cards import Answer, Verb
from core.domain.members import Right
from core.domain.rooms import Room
from core.errors import UnknownConversation
from core.services import availability_forms, holds, quick_response_lists, quick_responses, replies, settings
from core.services.commands import prefix
from core.services.deps import Deps
from core.services.files import clean
from core.services.members import require

Handler = Callable[[Deps, Room, Submit], Awaitable[Answer]]


async def submit(deps: Deps, room: Room, form: Submit) -> Answer:
    """Raises UnknownConversation for a form that no version of ours asks."""
    if form.verb not in SUBMISSIONS:
        raise UnknownConversation
    right, handler = SUBMISSIONS[form.verb]
    await require(deps, room, form.by, right)
    return await handler(deps, room, form)


async def _reply(deps: Deps, room: Room, form: Submit) -> Answer:
    text = form.values.get("text", "")
    key, files = operation(form), clean(form.files)
    return await replies.reply(deps, room, form.target, text, form.by, operation=key, formed=True, files=files)


async def _edit(deps: Deps, room: Room, form: Submit) -> Answer:
    return await holds.change(deps, room, form.target, form.values.get("text", ""), form.by, key=operation(form))


async def _correct(deps: Deps, room: Room, form: Submit) -> Answer:
    return await holds.correct(deps, room, form.target, form.values.get("text", ""), form.by, key=operation(form))


async def _away(deps: Deps, room: Room, form: Submit) -> Answer:
    return await availability_forms.filled(deps, room, form, prefix(deps, form.place))


async def _settings(deps: Deps, room: Room, form: Submit) -> Answer:
    return await settings.submitted(deps, room, form.by, form.values)


async def _reword(deps: Deps, room: Room, form: Submit) -> Answer:
    text = form.values.get("text", "")
    key, files = operation(form), clean(form.files)
    return await replies.reword(deps, room, form.target, text, form.by, operation=key, files=files)


async def _use(deps: Deps, room: Room, form: Submit) -> Answer:
    return await quick_responses.filled(deps, room, form)


async def _quick_edit(deps: Deps, room: Room, form: Submit) -> Answer:
    return await quick_response_lists.keep(deps, room, form)


SUBMISSIONS: dict[Verb, tuple[Right, Handler]] = {
    Verb.REPLY: (Right.REPLY, _reply),
    Verb.EDIT: (Right.REPLY, _edit),
    Verb.CORRECT: (Right.REPLY, _correct),
    Verb.AWAY: (Right.MANAGE, _away),
    Verb.SETTINGS: (Right.READ, _settings),
    Verb.REWORD: (Right.REPLY, _reword),
    Verb.USE: (Right.REPLY, _use),
    Verb.QUICK_EDIT: (Right.MANAGE, _quick_edit),
}
