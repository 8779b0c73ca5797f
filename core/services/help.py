"""Help: what this member may do here, in a line each, and where to read on; and the menu that chats show."""

import asyncio
from collections.abc import Mapping
from difflib import get_close_matches

from core.domain.cards import Answer
from core.domain.commands import COMMANDS, CommandWord, MenuItem
from core.domain.members import Member, Right, Role
from core.domain.policies import Policy
from core.domain.rooms import Place, Room
from core.domain.texts import Anchor, Part, Quote, Text, Words, cut, joined, lines, plain, strong
from core.rendering import languages, say, speaking
from core.services.deps import Deps
from core.services.members import role_of
from core.store.sellers import read_seller
from core.store.shops import know_shop, shops_of

PARTS = ("rates", "away", "answers", "spam")  # of a policy, with a page of the marketplace's about each
MOST_SHOPS = 8
MOST_POLICIES = 2
LONGEST_LINK = 200
LONGEST_WORD = 40


def menus() -> dict[str, tuple[MenuItem, ...]]:
    """The commands with what each does, by language, for chats that list them while somebody types."""
    return {language: _menu(language) for language in languages()}


def _menu(language: str) -> tuple[MenuItem, ...]:
    with speaking(language):
        return tuple(MenuItem(known.word, plain(_about(known)), known.grouped) for known in COMMANDS)


async def explain(deps: Deps, room: Room, member: Member, place: Place, rights: Mapping[str, Right]) -> Answer:
    """`rights`: what each command takes. Only those that the member may use are named."""
    able = deps.platforms[place.address.platform].capabilities
    prefix, threads = able.command_prefix, not able.threads_take_commands
    role = strong(role_of(member.role)) if member.role is not Role.VIEWER else None
    told = [_say("start", answers=member.may(Right.REPLY), role=role, threads=threads)]
    told += [_line(known, prefix, member) for known in COMMANDS if member.may(rights[known.word])]
    told += _of_the_chat(deps, place)
    told += await _pages(deps, room.seller)
    told += await _people(deps, room.seller)
    return Answer(lines(told))


async def explain_unknown(
    deps: Deps, room: Room, member: Member, place: Place, word: str, rights: Mapping[str, Right]
) -> Answer:
    """A word that is no command: what was meant, perhaps, and all that there is."""
    prefix = deps.platforms[place.address.platform].capabilities.command_prefix
    known = {each: found.word for found in COMMANDS for each in (found.word, *found.aliases)}
    near = get_close_matches(word[:LONGEST_WORD].casefold(), known, n=1)
    meant = Words(f"{prefix}{known[near[0]]}", strong=True) if near else None
    said = _say("unknown", word=cut(word, LONGEST_WORD), meant=meant)
    return Answer(lines([said, (await explain(deps, room, member, place, rights)).text]))


async def explain_link(deps: Deps, room: Room, member: Member, place: Place, rights: Mapping[str, Right]) -> Answer:
    """`link` with no code behind it."""
    prefix = deps.platforms[place.address.platform].capabilities.command_prefix
    asked = _say("no_code", link=Words(f"{prefix}link CODE", strong=True))
    return Answer(lines([asked, (await explain(deps, room, member, place, rights)).text]))


def _line(known: CommandWord, prefix: str, member: Member) -> Text:
    """What this member may do by it: away is everybody's own, and a shop's for whoever may manage."""
    narrow = known.managed and not member.may(Right.MANAGE)
    usage = known.narrow if narrow else known.usage
    about = say(f"answers/commands#{known.word}_narrow") if narrow else _about(known)
    return _say("line", command=Words(f"{prefix}{known.word} {usage}".strip(), strong=True), about=about)


def _about(known: CommandWord) -> Text:
    return say(f"answers/commands#{known.word}")


def _of_the_chat(deps: Deps, place: Place) -> list[Text]:
    able = deps.platforms[place.address.platform].capabilities
    told: list[Text] = []
    if able.foreign_commands:
        words = Words(", ".join(able.foreign_commands), strong=True)
        told.append(_say("foreign", words=words, count=len(able.foreign_commands)))
    return told if able.threads_take_commands else [*told, _say("threads")]


async def _pages(deps: Deps, seller: str) -> list[Text]:
    """The pages that the rules of its shops were read on."""
    found = await asyncio.gather(
        *(know_shop(deps.store, shop) for shop in (await shops_of(deps.store, seller))[:MOST_SHOPS])
    )
    now = deps.clock.now()
    policies = {policy.name: policy for known in found if known for _, policy in [known.governs(now)]}
    told = [(policy, _links(policy)) for policy in policies.values()]
    named = [_say("pages", policy=Quote(policy.title), pages=links) for policy, links in told if links]
    return named[:MOST_POLICIES]


def _links(policy: Policy) -> Text:
    """One link for each page, named by all that stands there."""
    about: dict[str, list[str]] = {}
    for part in PARTS:
        source = policy.inbox.source_of("window" if part == "rates" else part)
        if source.where.startswith("https://") and len(source.where) <= LONGEST_LINK:
            about.setdefault(source.where, []).append(plain(_say(f"about_{part}")))
    return joined([(Anchor(where, ", ".join(names)),) for where, names in about.items()], (Words("; "),))


async def _people(deps: Deps, seller: str) -> list[Text]:
    told: list[Text] = []
    if deps.contact:
        told.append(_say("contact", contact=way_to(deps.contact)))
    found = await read_seller(deps.store, seller)
    if found and found.success_manager:
        told.append(_say("success_manager", name=Quote(found.success_manager)))
    return told


def way_to(contact: str) -> Part:
    return Anchor(contact, contact.removeprefix("https://")) if contact.startswith("https://") else Words(contact)


def _say(block: str, **values: object) -> Text:
    return say(f"answers/help#{block}", **values)
