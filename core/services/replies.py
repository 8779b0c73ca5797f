"""Replies: asked for by a form, typed, shown back, sent, or done by hand on the marketplace's site."""

import asyncio
from dataclasses import replace

from core.domain.cards import Answer, Button, Field, Form, Style, Verb
from core.domain.conversations import MessageState
from core.domain.files import File
from core.domain.holds import hold_for
from core.domain.members import Identity
from core.domain.quick_responses import Used
from core.domain.rooms import Room
from core.domain.texts import Quote, is_visible
from core.domain.zones import MINUTE
from core.errors import DraftGone, EmptyReply, NothingToAnswer, ReplyTooLong, UnknownConversation
from core.ids import is_id, shard_of
from core.rendering import say
from core.services import hold_answers
from core.services.cards import buyer_of, deadline_of, last_reply
from core.services.deps import Deps
from core.services.files import check_files, most_files, named, quote_of
from core.store import claims, conversations, drafts, holds, refs, replies
from core.store.conversations import Sight
from core.store.replies import Written

RECENT = MINUTE  # what somebody else answered so shortly before may not have been seen
CHOICES = 8  # conversations offered when it is not plain whom a text is for


async def see(deps: Deps, room: Room, conversation: str, also: str = "") -> Sight:
    """A conversation as this room's seller sees it; UnknownConversation for another seller's and for nonsense.

    `also` is a message to read beside the newest ones.
    """
    if not is_id(conversation, "conversation") or shard_of(conversation) != shard_of(room.id):
        raise UnknownConversation

    async def read() -> Sight | None:
        return await conversations.read_conversation(deps.store, conversation, room.id, also)

    sight = await (read() if also else deps.glance.take(f"conversation/{conversation}", read))
    if sight is None or sight.conversation.seller != room.seller:
        raise UnknownConversation
    return sight


async def about(deps: Deps, room: Room, posted: str) -> str | None:
    """See `core.store.refs`."""
    return await deps.glance.take(f"posted/{posted}", lambda: refs.about(deps.store, room.id, posted))


async def ask_reply(deps: Deps, room: Room, conversation: str, by: Identity) -> Answer:
    """The form behind the Reply button; a refused text stands in it already."""
    sight = await see(deps, room, conversation)
    await claims.heed_conversation(deps.store, conversation, by)
    last = last_reply(sight)
    refused = last.text if last and last.state is MessageState.REFUSED else ""
    form = _form(deps, room, sight, Verb.REPLY, conversation, refused)
    return Answer(form=replace(form, files=most_files(deps, sight.shop)), conversation=conversation)


def _form(deps: Deps, room: Room, sight: Sight, verb: Verb, target: str, text: str) -> Form:
    buyer, shop, deadline = buyer_of(sight), Quote(sight.shop.name), deadline_of(sight)
    limit = limit_in(deps, room, sight)
    return Form(
        verb=verb,
        target=target,
        title=say("cards/reply_form#title"),
        submit=say("cards/reply_form#submit_named", buyer=buyer),
        context=say("cards/reply_form#context", buyer=buyer, shop=shop, deadline=deadline),
        quote=_newest_words(sight),
        fields=(
            Field(
                "text",
                say("cards/reply_form#label", buyer=buyer),
                limit,
                value=text[:limit],
                hint=say("cards/reply_form#hint", marketplace=shop, limit=limit),
            ),
        ),
    )


async def reply(  # noqa: PLR0913 - all that a reply may bring
    deps: Deps,
    room: Room,
    conversation: str,
    text: str,
    by: Identity,
    *,
    operation: str,
    formed: bool = False,
    corrects: str = "",
    files: tuple[File, ...] = (),
) -> Answer:
    """Send a reply to the buyer, once for each `operation`. An empty answer: the card says the rest.

    Where the marketplace takes none from us, the answer holds the text to copy, the way there, and *Done on the site*.
    If somebody else answered meanwhile, the text is kept and asked about: since its form was opened (`formed`), or else
    a moment ago.
    """
    sight = await see(deps, room, conversation)
    since = None if corrects else deps.clock.now() - RECENT
    asked = Written(text, by, operation, since=since, formed=formed, corrects=corrects, files=files)
    return await _reply(deps, room, sight, asked)


async def send_used(
    deps: Deps, room: Room, conversation: str, text: str, by: Identity, used: Used, *, operation: str
) -> Answer:
    """As `reply`, with a text that was made from a quick response and confirmed."""
    sight = await see(deps, room, conversation)
    since = deps.clock.now() - RECENT
    return await _reply(deps, room, sight, Written(text, by, operation, since=since, used=used))


async def _reply(deps: Deps, room: Room, sight: Sight, asked: Written) -> Answer:
    check(sight, asked.text, asked.files)
    check_files(deps, sight.shop, asked.files)
    conversation = sight.conversation.id
    sends = deps.taken_by(sight.shop).sends
    hold = hold_of(deps, sight) if sends else 0
    written = replace(asked, sends=sends, hold=hold)
    word, message = await replies.write_reply(deps.store, room.seller, conversation, written)
    if word == "missing":
        raise UnknownConversation
    if word == "decided":
        found = await drafts.read_draft(deps.store, asked.draft)
        raise DraftGone(outcome=found.outcome if found else "")
    if word == "second":
        return await _second(deps, room, conversation, asked)
    if word == "repeated":
        state = (await holds.read_reply(deps.store, room.seller, message)).word
        if state == "dropped":
            raise DraftGone(outcome=state)
        hold = hold if state == MessageState.HELD else 0
    if hold:
        replaces = bool(asked.draft)
        return hold_answers.sending(sight, message, asked.text, hold, replaces=replaces, files=asked.files)
    return Answer(conversation=conversation) if sends else _by_hand(sight, message, asked.text)


async def _second(deps: Deps, room: Room, conversation: str, asked: Written) -> Answer:
    """Nothing is written before they say so; the text is kept meanwhile."""
    sight, draft = await see(deps, room, conversation), asked.draft
    if not draft or asked.reworded:
        kept = await drafts.keep_draft(
            deps.store, room.seller, conversation, asked.text, asked.by, key=asked.operation, files=asked.files
        )
        draft = kept.id
    now = deps.clock.now()
    mine, replaces = asked.by.key, bool(asked.draft)
    return hold_answers.second(sight, draft, asked.text, mine, now, replaces=replaces, files=asked.files)


def hold_of(deps: Deps, sight: Sight) -> int:
    """For how many milliseconds a reply that is written now can be taken back."""
    return hold_for(sight.seller.hold, (each.deadline for each in sight.obligations), deps.clock.now())


def limit_in(deps: Deps, room: Room, sight: Sight) -> int:
    """Of a text in a form, by its marketplace and by the platform it is written on."""
    return min(sight.shop.reply_limit, deps.platforms[room.address.platform].capabilities.text_limit)


async def propose(
    deps: Deps, room: Room, conversation: str, text: str, by: Identity, *, key: str, files: tuple[File, ...] = ()
) -> Answer:
    """Show a text back before anything leaves: to ‹buyer›, [Send] or [Keep as note]."""
    sight = await see(deps, room, conversation)
    check(sight, text, files)
    check_files(deps, sight.shop, files)
    draft = await drafts.keep_draft(deps.store, room.seller, conversation, text, by, key=key, files=files)
    return question(sight, draft.id, text, files=files)


async def ask_whom(
    deps: Deps, room: Room, text: str, by: Identity, *, key: str, files: tuple[File, ...] = ()
) -> Answer:
    """A text with no target is asked about, never guessed."""
    if not (files or is_visible(text)):
        raise EmptyReply
    owed = await conversations.owed_conversations(deps.store, room.seller, CHOICES)
    if not owed:
        raise NothingToAnswer
    if len(owed) == 1:
        return await propose(deps, room, owed[0], text, by, key=key, files=files)
    draft = await drafts.keep_draft(deps.store, room.seller, "", text, by, key=key, candidates=owed, files=files)
    sights = await asyncio.gather(*(see(deps, room, conversation) for conversation in owed))
    buttons = [
        Button(say("cards/buttons#pick", buyer=buyer_of(sight)), Verb.PICK, draft.id, choice=str(index))
        for index, sight in enumerate(sights)
    ]
    keep = Button(say("cards/buttons#keep"), Verb.KEEP, draft.id)
    asked = say("answers/pick_question", files=named(files))
    return Answer(asked, quote=quote_of(text), buttons=(*buttons, keep), public=True)


async def pick(deps: Deps, room: Room, draft_id: str, choice: str) -> Answer:
    """The writer said whom the text is for: show it back for them."""
    draft = await read_draft(deps, room, draft_id)
    if draft.outcome:
        raise DraftGone(outcome=draft.outcome)
    if not (choice.isascii() and choice.isdigit() and int(choice) < len(draft.candidates)):
        raise UnknownConversation
    sight = await see(deps, room, draft.candidates[int(choice)])
    check(sight, draft.text, draft.files)
    check_files(deps, sight.shop, draft.files)
    word = await drafts.address_draft(deps.store, draft.id, sight.conversation.id)
    if word != "done":
        raise DraftGone(outcome=word)
    return question(sight, draft.id, draft.text, replaces=True, files=draft.files)


async def send_draft(deps: Deps, room: Room, draft_id: str, by: Identity, *, as_well: bool = False) -> Answer:
    """`as_well`: they know that somebody else answered."""
    draft = await read_draft(deps, room, draft_id)
    if not draft.conversation:
        raise UnknownConversation
    sight = await see(deps, room, draft.conversation)
    since = None if as_well else draft.at - RECENT
    operation = f"draft/{draft.id}"
    asked = Written(draft.text, by, operation, since=since, draft=draft.id, used=draft.used, files=draft.files)
    answer = await _reply(deps, room, sight, asked)
    return answer if answer.text else on_its_way(sight, draft.text, replaces=True, files=draft.files)


async def ask_rewording(deps: Deps, room: Room, draft_id: str, buttons: tuple[Button, ...] = ()) -> Answer:
    """The form with the text of a draft, to be changed before it is sent; `buttons` stand in it."""
    draft = await read_draft(deps, room, draft_id)
    if draft.outcome:
        raise DraftGone(outcome=draft.outcome)
    sight = await see(deps, room, draft.conversation)
    form = _form(deps, room, sight, Verb.REWORD, draft.id, draft.text)
    left = max(0, most_files(deps, sight.shop) - len(draft.files))
    return Answer(form=replace(form, buttons=buttons, files=left), conversation=draft.conversation)


async def reword(
    deps: Deps, room: Room, draft_id: str, text: str, by: Identity, *, operation: str, files: tuple[File, ...] = ()
) -> Answer:
    """Send a draft as its form came back, with its own files and those of the form.

    Raises DraftGone where it was decided otherwise meanwhile.
    """
    draft = await read_draft(deps, room, draft_id)
    sight = await see(deps, room, draft.conversation)
    reworded, since, whole = text != draft.text or bool(files), draft.at - RECENT, (*draft.files, *files)
    asked = Written(text, by, operation, since=since, draft=draft.id, used=draft.used, reworded=reworded, files=whole)
    answer = await _reply(deps, room, sight, asked)
    return answer if answer.text else on_its_way(sight, text, replaces=False, files=whole)


def on_its_way(sight: Sight, text: str, *, replaces: bool, files: tuple[File, ...] = ()) -> Answer:
    facts = {"buyer": buyer_of(sight), "marketplace": Quote(sight.shop.name), "files": named(files)}
    said = say("answers/sending", **facts)
    return Answer(said, quote=quote_of(text), replaces=replaces, conversation=sight.conversation.id)


async def keep_as_note(deps: Deps, room: Room, draft_id: str) -> Answer:
    draft = await read_draft(deps, room, draft_id)
    word = await drafts.spend_draft(deps.store, draft_id, "kept")
    if word not in {"done", "repeated"}:
        raise DraftGone(outcome=word)
    if not draft.conversation:
        return Answer(say("answers/not_sent"), quote=quote_of(draft.text), replaces=True)
    sight = await see(deps, room, draft.conversation)
    kept = say("answers/kept", buyer=buyer_of(sight), files=named(draft.files))
    return Answer(kept, quote=quote_of(draft.text), replaces=True)


async def done_on_site(deps: Deps, room: Room, message: str, by: Identity) -> Answer:
    """By this member's word the reply stands on the marketplace's site."""
    if not is_id(message, "message") or shard_of(message) != shard_of(room.id):
        raise UnknownConversation
    word = await replies.done_by_hand(deps.store, room.seller, message, by)
    if word == "missing":
        raise UnknownConversation
    return Answer(say("answers/done_on_site", known=word == "repeated"), replaces=True)


async def read_draft(deps: Deps, room: Room, draft: str) -> drafts.Draft:
    """Raises DraftGone for another seller's and for one that is no longer kept."""
    if not is_id(draft, "draft") or shard_of(draft) != shard_of(room.id):
        raise DraftGone(outcome="")
    found = await deps.glance.take(f"draft/{draft}", lambda: drafts.read_draft(deps.store, draft))
    if found is None or found.seller != room.seller:
        raise DraftGone(outcome="")
    return found


def check(sight: Sight, text: str, files: tuple[File, ...] = ()) -> None:
    """Raises EmptyReply, ReplyTooLong. A file says something without a word."""
    if not (files or is_visible(text)):
        raise EmptyReply
    if len(text) > sight.shop.reply_limit:
        raise ReplyTooLong(length=len(text), limit=sight.shop.reply_limit, marketplace=Quote(sight.shop.name))


def question(
    sight: Sight,
    draft: str,
    text: str,
    *,
    replaces: bool = False,
    public: bool = True,
    edits: bool = False,
    files: tuple[File, ...] = (),
) -> Answer:
    """To ‹buyer›: the text, and what may become of it. `edits`: it may be changed before it is sent."""
    buyer = buyer_of(sight)
    edit = (Button(say("cards/buttons#edit_first"), Verb.REWORD, draft, opens=True),) if edits else ()
    return Answer(
        say("answers/draft_question", buyer=buyer, files=named(files)),
        quote=quote_of(text),
        buttons=(
            Button(say("cards/buttons#send", buyer=buyer), Verb.SEND, draft, style=Style.PRIMARY),
            *edit,
            Button(say("cards/buttons#keep"), Verb.KEEP, draft),
        ),
        public=public,
        replaces=replaces,
        conversation=sight.conversation.id,
    )


def _by_hand(sight: Sight, message: str, text: str) -> Answer:
    buttons = [Button(say("cards/buttons#done"), Verb.DONE, message, style=Style.PRIMARY)]
    if sight.conversation.url:
        buttons.insert(0, Button(say("cards/buttons#site"), url=sight.conversation.url))
    return Answer(
        say("answers/by_hand", marketplace=Quote(sight.shop.name)),
        buttons=tuple(buttons),
        copy=text,
        public=True,
        replaces=True,
        conversation=sight.conversation.id,
    )


def _newest_words(sight: Sight) -> Quote | None:
    said = [m for m in sight.messages if m.incoming and not m.deleted and not m.starts_order]
    return Quote(said[-1].text) if said else None
