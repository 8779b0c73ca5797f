"""What a member sees: a card, a note beside it, an answer to what they did, a form to fill in.

None of these knows a platform: adapters draw them as blocks, keyboards, modals or prompts.
"""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.conversations import Attachment
from core.domain.members import Identity
from core.domain.rooms import Address
from core.domain.texts import Quote, Text


class CardState(StrEnum):
    OPEN = "open"
    SENDING = "sending"
    ANSWERED = "answered"
    NOT_SENT = "not_sent"
    REPORTING = "reporting"  # a spam report is not accepted yet: the duty stands
    SPAM = "spam"
    WAIVED = "waived"
    QUIET = "quiet"  # nothing is owed and nothing was answered: an import, a withdrawn message

    @property
    def is_settled(self) -> bool:
        """Nobody waits, and nothing is under way."""
        return self in {CardState.ANSWERED, CardState.QUIET, CardState.SPAM, CardState.WAIVED}


class Verb(StrEnum):
    """What a button or a form asks for; the adapter hands it back unread."""

    REPLY = "reply"  # open the reply form for a conversation; submitted: send
    SEND = "send"  # send a draft that was shown back
    UNDO = "undo"  # take back a reply that has not left
    EDIT = "edit"  # change it: opens the form; submitted: held anew
    ANYWAY = "anyway"  # send a reply that stopped
    CORRECT = "correct"  # send a correction of what was sent: opens the form; submitted: a new reply
    KEEP = "keep"  # keep a draft as a note among members
    PICK = "pick"  # choose the conversation a draft is for
    CLAIM = "claim"  # take a conversation on, let it go, or take it over: `choice`
    DONE = "done"  # "done on the site": a draft was typed there by hand
    RING = "ring"  # choose how a room rings for the presser
    ANSWERERS = "answerers"  # choose who may answer in a public room
    INBOX = "inbox"  # another page of the inbox, or of a search of it
    OPEN = "open"  # show a conversation that the inbox lists, or what was said in it
    SELECT = "select"  # choose several conversations of the inbox, do one thing about all of them, undo it
    SETTINGS = "settings"  # a page of settings, one of them changed, or the form for it; submitted: changed
    AWAY = "away"  # the form for an absence, and what becomes of its draft; submitted: shown before it is confirmed
    AVAILABILITY = "availability"  # a shop: come back, done on the site, tell it again, take a planned absence back
    REWORD = "reword"  # change a draft before it is sent; submitted: send
    QUICK = "quick"  # choose a quick response for a conversation
    USE = "use"  # show the chosen one back as this buyer would read it; submitted: with what was missing
    INSERT = "insert"  # put one into the reply form
    THANK = "thank"  # the same with the greeting of a new order
    QUICK_LIST = "quick_list"  # look through a seller's quick responses
    QUICK_EDIT = "quick_edit"  # write or change one
    QUICK_CHANGE = "quick_change"  # delete one, undo that, let it greet orders or hold buyers, take the starter pack
    MEMBERS = "members"  # show who works for the seller, give roles and remove; join one's own chats
    MORE = "more"  # what else can be done about a message
    SPAM = "spam"  # report it, say that it was reported on the site, take that back: `choice`
    WAIVE = "waive"  # it needs no answer, or it does after all: `choice`
    NOT_BUYER = "not_buyer"  # whoever wrote it buys nothing, or does after all: `choice`
    BLOCK = "block"  # a buyer's cards come without a sound, or ring again: `choice`
    COMMAND = "command"  # what a command does that is typed with nothing behind it: `choice`
    OVERVIEW = "overview"  # another page of what waits, where a member sees all their sellers
    SHORTCUT = "shortcut"  # what a shortcut does, for one of several sellers: `choice`
    UNLINK = "unlink"  # end the link of a chat, or keep it: `choice`
    RATES = "rates"  # show a shop's rates, what cost them, what is at risk; or enter its marketplace's own number


class Style(StrEnum):
    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """`target` is an opaque id and `choice` a word of ours: no rights, no data. With `url` it is a plain link.

    `opens` says that a form comes back, for chats that must open one within seconds of the press.
    """

    label: Text
    verb: Verb | None = None
    target: str = ""
    choice: str = ""
    version: int = 0
    url: str | None = None
    style: Style = Style.PLAIN
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A conversation in a room. `calls` are the members whose phones are to ring when it is posted.

    `fallback` says everything that matters in one text, for notifications and screen readers.
    `version` grows with each change of what is drawn. `name`: what a thread of its own is called, for good.
    """

    conversation: str
    version: int
    state: CardState
    title: Text
    quote: Quote
    status: Text
    fallback: Text
    subject: Text = ()
    warning: Text = ()
    attachments: tuple[Attachment, ...] = ()
    buttons: tuple[Button, ...] = ()
    calls: tuple[Identity, ...] = ()
    silent: bool = False
    name: Text = ()


@dataclass(frozen=True, slots=True)
class CardRef:
    """Where something was posted. `message` is the platform's id of it; empty for the room as such.

    `own_thread`: the address names a thread that is this card's alone, and is open or closed as the card is.
    """

    address: Address
    message: str
    own_thread: bool = False


class NoteKind(StrEnum):
    MESSAGE = "message"  # the buyer wrote again
    RECEIPT = "receipt"  # what became of a reply
    REMINDER = "reminder"  # a deadline comes near, or has passed
    NOTICE = "notice"  # something a member must know about Shopbell itself


@dataclass(frozen=True, slots=True)
class Note:
    """A new line beside a card. `loud` also shows it outside the thread and makes a sound.

    `to`: send it to this one member directly, with a way to the card, and not into the room.
    `copy` is a text to be copied by one tap.
    """

    kind: NoteKind
    conversation: str
    text: Text
    quote: Quote | None = None
    attachments: tuple[Attachment, ...] = ()
    buttons: tuple[Button, ...] = ()
    calls: tuple[Identity, ...] = ()
    loud: bool = False
    to: Identity | None = None
    copy: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """What a field may be; `value` is a word of ours."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in; `limit` in code points. `short`: one line; `optional`: it may stay empty.

    With `options` it is chosen among them and not typed; with `many` there may be several, their values parted by
    spaces. Only a form that opens from where all sellers are seen has these. `fault` is what was wrong with it before.
    """

    name: str
    label: Text
    limit: int
    value: str = ""
    hint: Text = ()
    short: bool = False
    optional: bool = False
    options: tuple[Option, ...] = ()
    many: bool = False
    fault: Text = ()


@dataclass(frozen=True, slots=True)
class Form:
    """What we ask a member in return. Filled in, it comes back as `Submit(verb, target, values)`.

    `buttons` put another form in its place, in chats that can do so. `files`: how many may be attached. `stays`: what
    comes of it is shown in its place.
    """

    verb: Verb
    target: str
    title: Text
    submit: Text
    fields: tuple[Field, ...]
    context: Text = ()
    quote: Quote | None = None
    buttons: tuple[Button, ...] = ()
    files: int = 0
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A quick response that somebody may have meant while they typed; `text` names what is still to be filled in."""

    id: str
    title: Quote
    text: Quote


@dataclass(frozen=True, slots=True)
class Answer:
    """What the member who acted is shown.

    `copy` is a text to be copied by one tap. `replaces` puts the answer in place of the message whose button was
    pressed. `public` shows it to the whole room where the platform can choose. An empty answer shows nothing: the
    card says it all. `room` is where its buttons act, if it was asked for in no room. `offers` answer who looks for a
    quick response.
    """

    text: Text = ()
    quote: Quote | None = None
    buttons: tuple[Button, ...] = ()
    form: Form | None = None
    copy: str | None = None
    replaces: bool = False
    public: bool = False
    conversation: str = ""
    room: Address | None = None
    offers: tuple[Offer, ...] = ()
