"""The error tree, by what the caller should do.

ShopbellError
├── Refused            tell the member why; nothing happened
│   └── NotLinked, NotAllowed, UnknownConversation, EmptyReply, ReplyTooLong, FileTooLarge, …
├── OutsideError       the other side could not, or would not
│   ├── TryLater       surely not done; try again, not before `after` seconds
│   ├── Gone           the thing is no longer there: post it anew
│   ├── AccessLost     the whole destination is out of reach until a person mends it
│   ├── Rejected       it will never be taken as it is; `problem` says why
│   └── Unknown        it may or may not have happened
├── StoreDown          Redis does not answer; nothing was recorded as far as we know
└── Misconfigured      stop at start-up and say what to mend

What an OutsideError says is a problem: in words of ours, or in the other side's own. Ours are kept as the name of their
text with its values, so that each reader is told in their own language, and theirs as they came. A tag tells them
apart; whoever sends one is kept as somebody who sent a tag, and quoted like anybody.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_TAG = "\x1f"


@dataclass(frozen=True, slots=True)
class Ours:
    """The name of a text in `templates/`, `slack/problems#is_archived`; a str among its values is somebody's word."""

    text: str
    values: Mapping[str, str | int] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return " ".join((self.text, *(f"{name}={value!r}" for name, value in self.values.items())))


Problem = Ours | str
"""A str is what the other side said itself; an empty one, that nothing is known."""


def ours(text: str, /, **values: str | int) -> Ours:
    return Ours(text, values)


def to_keep(problem: Problem) -> str:
    """For the store, and for whatever carries it through us. `core.rendering.explain` draws it."""
    if isinstance(problem, Ours):
        return _TAG + json.dumps([problem.text, dict(problem.values)])
    return _TAG + json.dumps(problem) if problem.startswith(_TAG) else problem


def read_problem(kept: str) -> Problem:
    """What no version of ours kept is somebody's words."""
    if not kept.startswith(_TAG):
        return kept
    try:
        found = json.loads(kept[len(_TAG) :])
    except ValueError:
        return kept
    match found:
        case [str(text), dict(values)]:
            return Ours(text, values)
        case str(words):
            return words
    return kept


class ShopbellError(Exception):
    """The root of all errors that Shopbell raises on purpose."""


class Refused(ShopbellError):
    """A member's wish that is not carried out; its text is `templates/answers/refused_<name>.txt.j2`.

    `facts` are the values that text may name.
    """

    def __init__(self, **facts: object) -> None:
        super().__init__(type(self).__name__, facts)
        self.facts = facts


class NotLinked(Refused):
    """The room belongs to no seller."""


class NotAllowed(Refused):
    """The member may not do this here: a guest, a stranger, a bot, or not picked.

    `right` is what they lack; `to` says what for, where the right's own words would name something else.
    """

    def __init__(self, right: str, to: str = "") -> None:
        super().__init__(right=right, to=to)


class NotInRoom(Refused):
    """Whoever acts on a room from elsewhere has no role of their own there, and cannot look into it any more."""


class UnknownConversation(Refused):
    """No such conversation for this seller: another seller's, forged, or deleted."""


class UnknownMember(Refused):
    """No such person for this seller: removed meanwhile, another seller's, or forged."""


class NoSuchShop(Refused):
    """No such shop of this seller: another seller's, or forged."""


class EmptyReply(Refused):
    """A reply without a single visible character."""


class ReplyTooLong(Refused):
    """Facts: `length` and `limit` in code points, `marketplace`."""


class FilesNotTaken(Refused):
    """The marketplace takes no files from us. Facts: `marketplace`, `files`."""


class FilesUnreachable(Refused):
    """No address is known at which a marketplace could fetch a file from us. Facts: `marketplace`, `files`."""


class TooManyFiles(Refused):
    """Facts: `count` and `limit` of one reply, `marketplace`."""


class FileTooLarge(Refused):
    """Facts: `name`, `size` and `limit` in words, `marketplace`."""


class FileTypeNotTaken(Refused):
    """Facts: `name`, `type`, `types` that are taken, `marketplace`."""


class NothingToAnswer(Refused):
    """A text with no target where no conversation waits."""


class NoteTooLong(Refused):
    """A note for buyers that no marketplace takes; facts: `length`, `limit`."""


class DraftGone(Refused):
    """What was asked about is no longer kept (a day has passed) or was already decided; facts: `outcome`."""


class SettingUnread(Refused):
    """What was typed or pressed is no value of that setting. Facts: `problem`, in words for whoever did."""


class SelectionGone(Refused):
    """A search of the inbox, or a selection in it, that is no longer kept (a day has passed), or another seller's."""


class AbsenceGone(Refused):
    """An absence that was asked about is no longer kept, is over, or was decided already; facts: `outcome`."""


class QuickResponseGone(Refused):
    """No such quick response for this seller: deleted, another seller's, or forged."""


class TitleTaken(Refused):
    """Another quick response of the same shops bears this title."""


class QuickResponsesFull(Refused):
    """Facts: `limit`, how many a seller may have."""


class CodeUnknown(Refused):
    """A link code that never was, was used, or is older than ten minutes."""


class TooManyTries(Refused):
    """Five wrong link codes from one chat in ten minutes."""


class RoomTaken(Refused):
    """The room already belongs to a seller, who is not named."""


class OutsideError(ShopbellError):
    """The other side could not, or would not; `problem` is its own word, or a text of ours, fit to show a member."""

    def __init__(self, problem: Problem = "") -> None:
        super().__init__(problem)
        self.problem = problem

    @property
    def kept(self) -> str:
        """The problem as it is kept and carried, for `core.rendering.explain`."""
        return to_keep(self.problem)


class TryLater(OutsideError):
    """Surely not done. `after` is in seconds, None when the other side named none.

    `everything`: the whole destination is to pause (a 429), not only this one thing.
    """

    def __init__(self, problem: Problem = "", *, after: float | None = None, everything: bool = False) -> None:
        super().__init__(problem)
        self.after = after
        self.everything = everything


class Gone(OutsideError):
    """The message, card or topic is no longer there: post it anew."""


class ThreadGone(Gone):
    """The thread that a card stood in is no longer there: open another one, and post the card anew."""


class AccessLost(OutsideError):
    """Revoked, archived, kicked, blocked or paused: out of reach until a person mends it."""


class Moved(AccessLost):
    """The chat has got another address on its platform, `chat`; what stood in the old one is out of reach."""

    def __init__(self, problem: Problem, chat: str) -> None:
        super().__init__(problem)
        self.chat = chat


class Rejected(OutsideError):
    """It will never be taken as it is."""


class NotFetched(Rejected):
    """What somebody else's server offers could not be had; `problem` says why, for a member."""


class Unknown(OutsideError):
    """A response was lost: it may or may not have happened."""


class UnknownShop(ShopbellError):
    """An event for a shop that is not there."""


class StoreDown(ShopbellError):
    """Redis does not answer. The call may be sent again: every script is idempotent by its operation id."""


class Misconfigured(ShopbellError):
    """Stop at start-up; each fault is a sentence that names a setting and its cure."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)
