"""An overview: all the sellers that a member acts for, at a glance."""

from dataclasses import dataclass

from core.domain.cards import Button, CardRef
from core.domain.retention import DAY
from core.domain.rooms import Address
from core.domain.texts import Text

SHOWN_FOR = 30 * DAY  # it is kept current for whoever opened it within this


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation that waits. `card`: where it stands in the section's room, None while it is still to be posted."""

    text: Text
    buttons: tuple[Button, ...] = ()
    card: CardRef | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One seller. All its buttons act on the room at `address`, and belong to what stands before them."""

    address: Address
    title: Text
    availability: Text
    switch: tuple[Button, ...]
    waiting: Text
    rows: tuple[Row, ...]
    turns: tuple[Button, ...]
    menu: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """`head` says what there is to say to somebody who acts for no seller; `foot` where to ask."""

    head: Text
    sections: tuple[Section, ...] = ()
    foot: Text = ()
