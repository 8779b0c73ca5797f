"""An absence by one form: until when, which shops, the note, and whether buyers may write; then the same preview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.domain.actions import Submit, operation
from core.domain.cards import Answer, Field, Form, Option, Verb
from core.domain.members import Identity
from core.domain.rooms import Room
from core.domain.texts import Instant, Text, Words, cut, joined, lines
from core.services import availability
from core.services import availability_words as text
from core.services.availability import Here
from core.services.availability_answers import (
    CONTACTS,
    LONGEST_TYPED,
    Asking,
    chosen_end,
    kept_note,
    propose,
    usual_ends,
    zone_of,
)
from core.services.deps import Deps
from core.services.until import Read, Unread, read_until
from core.store import availability as store
from core.store.availability import Draft
from core.store.sellers import read_language

FORM = "form"  # the choice that opens it
LONGEST_UNTIL = 60
MOST_OFFERED = 20  # shops; of more than these all are meant, or one is named in the command


@dataclass(frozen=True, slots=True)
class _Filled:
    """What was filled in, and by the fields' names what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Text] = field(default_factory=dict)


async def ask(deps: Deps, room: Room, by: Identity) -> Answer:
    shops = await availability.of_seller(deps, room.seller)
    if not shops:
        return Answer(text.words("no_shop"))
    return Answer(form=_form(deps, shops, await zone_of(deps, room.seller, by), _Filled()))


async def filled(deps: Deps, room: Room, form: Submit, prefix: str) -> Answer:
    """The preview; or the form again with what is wrong at its fields, and all that was filled in."""
    every = await availability.of_seller(deps, room.seller)
    if not every:
        return Answer(text.words("no_shop"))
    zone, language = await zone_of(deps, room.seller, form.by), await read_language(deps.store, room.seller)
    chosen, contact = form.values.get("shops", "").split(), form.values.get("contact", "")
    shops = [each for each in every if not chosen or each.shop.id in chosen]
    span = _span(form.values, deps.clock.now(), zone, language)
    note = " ".join(form.values.get("note", "").split())
    faults = _faults(shops, span, note, zone, form.values.get("until", ""))
    if faults or not isinstance(span, Read):
        return Answer(form=_form(deps, every, zone, _Filled(form.values, faults)))
    start = span.start or 0
    draft = Draft(
        "",
        room.seller,
        tuple(each.shop.id for each in shops),
        start,
        span.end,
        kept_note(note, shops, start),
        form.by,
        contact=contact if contact in CONTACTS else CONTACTS[0],
    )
    draft = await store.keep_draft(deps.store, draft, key=operation(form))
    return replace(await propose(Asking(deps, room, draft, shops, zone, prefix)), replaces=True)


def _span(values: Mapping[str, str], now: int, zone: str, language: str) -> Read | Unread | None:
    """What was typed counts, and not what was chosen beside it; None for neither."""
    if typed := values.get("until", "").strip():
        return read_until(typed, now, zone, language)
    end = chosen_end(values.get("end", ""), now)
    return None if end == 0 else Read(None, end)


def _faults(shops: Sequence[Here], span: Read | Unread | None, note: str, zone: str, typed: str) -> dict[str, Text]:
    faults: dict[str, Text] = {}
    said = cut(typed, LONGEST_TYPED)
    match span:
        case None:
            faults["until"] = text.words("form_no_end")
        case Unread(why, options):
            readings = joined([(Instant(at, zone),) for at in options], (Words(" · "),))
            faults["until"] = lines([text.words(f"unread_{why}", typed=said), readings])
        case Read(rest=rest) if rest:
            faults["until"] = text.words("form_rest", typed=said)
    if len(note) > text.LONGEST_NOTE:
        faults["note"] = text.words("form_long", count=len(note), limit=text.LONGEST_NOTE)
    return faults if shops else {**faults, "shops": text.words("form_no_shop")}


def _form(deps: Deps, shops: Sequence[Here], zone: str, before: _Filled) -> Form:
    usual = tuple(Option(choice, label) for choice, label in usual_ends(deps.clock.now(), zone))
    fields = [
        _field(before, "end", optional=True, options=usual),
        _field(before, "until", LONGEST_UNTIL, optional=True, short=True, hint=text.words("form_until_hint")),
        _field(
            before,
            "note",
            text.LONGEST_NOTE,
            optional=True,
            short=True,
            hint=text.words("form_note_hint", limit=text.LONGEST_NOTE),
        ),
        _field(
            before,
            "contact",
            options=tuple(Option(each, text.words(f"form_{each}")) for each in CONTACTS),
            value=CONTACTS[0],
        ),
    ]
    if 1 < len(shops) <= MOST_OFFERED:
        offered = tuple(Option(each.shop.id, (text.name(each),)) for each in shops)
        every = " ".join(each.shop.id for each in shops)
        fields.insert(3, _field(before, "shops", options=offered, many=True, value=every))
    return Form(
        verb=Verb.AWAY,
        target="",
        title=text.words("form_title"),
        submit=text.words("form_submit"),
        context=text.words("form_context", shops=text.named(shops)),
        fields=tuple(fields),
        stays=True,
    )


def _field(before: _Filled, name: str, limit: int = LONGEST_UNTIL, *, value: str = "", **more: object) -> Field:
    kept = before.values.get(name, "") if before.values else value
    label, fault = text.words(f"form_{name}"), before.faults.get(name, ())
    return Field(name, label, limit, value=kept, fault=fault, **more)  # type: ignore[arg-type]
