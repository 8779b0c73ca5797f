"""A buyer's pictures stand beside the card, after it and never before; what cannot be shown is named with why."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from core.domain.actions import Press
from core.domain.cards import Verb
from core.domain.conversations import Attachment
from core.errors import NotFetched, Rejected, TryLater, Unknown
from core.ports.chat import Picture
from core.store.client import Engine
from core.store.deliveries import finish_post
from tests.contract.chalkboard.adapter import button, person, place
from tests.fixtures.core import Stage, make_stage, working

PNG = b"\x89PNG" + b"p" * 96


def picture(name: str = "a.png", type: str = "image/png", size: int | None = 100) -> Attachment:
    return Attachment(f"https://market.example/files/{name}", name, type, size)


@asynccontextmanager
async def opened(url: str, limit: int) -> AsyncIterator[Picture]:
    """What lies at an address of the marketplace; `gone` in it is not there any more."""
    if "gone" in url:
        raise NotFetched("its server answered 404.")

    async def pieces() -> AsyncIterator[bytes]:
        yield PNG

    yield Picture("", "image/png", len(PNG), pieces())


@pytest.fixture
async def gallery(engine: Engine) -> AsyncIterator[Stage]:
    """A stage whose buyers' pictures are shown."""
    made = await make_stage(engine)
    deps = replace(made.deps, open_picture=opened)
    stage = replace(made, deps=deps)
    async with working(deps, stage.board):
        await stage.link("sales")
        yield stage


async def test_a_picture_stands_beside_its_card(gallery: Stage) -> None:
    """After it, by its name and of the type that its bytes are."""
    await gallery.buyer_writes("Like this?", attachments=(picture("../a\u202e.png", ""),))
    await gallery.wait(lambda: gallery.board.pinned, "the picture on the board")

    (card,) = [line for line in gallery.board.boards["sales"] if hasattr(line.shown, "state")]
    assert gallery.board.pinned == [(card.number, "_a.png", "image/png", PNG)]


async def test_the_next_words_bring_theirs(gallery: Stage) -> None:
    """Also what the buyer writes again; three of a message at most, and only what looks like one."""
    await gallery.buyer_writes("Hello?")
    many = (*(picture(f"{number}.png") for number in range(4)), picture("a.pdf", "application/pdf"))
    await gallery.buyer_writes("Like these", attachments=(picture("big.png", size=2_000), *many))
    await gallery.wait(lambda: len(gallery.board.pinned) == 3, "three pictures on the board")

    assert sorted(name for _, name, _, _ in gallery.board.pinned) == ["0.png", "1.png", "2.png"]


async def test_a_card_waits_for_no_picture(gallery: Stage) -> None:
    """One that cannot be shown now is tried again, and what is said next stands there meanwhile."""
    gallery.board.troubles["pins"] = [TryLater("slow down", after=0.3)] * 3
    await gallery.buyer_writes("Like this?", attachments=(picture(),))
    await gallery.buyer_writes("Hello?")

    await gallery.wait(lambda: any("Hello?" in said for said in gallery.board.said("sales")), "the next words")
    before = list(gallery.board.pinned)
    await gallery.wait(lambda: gallery.board.pinned, "the picture after all")

    assert before == []


async def test_what_cannot_be_fetched_is_named_with_why(gallery: Stage) -> None:
    """A line beside the card, with the way to the site."""
    await gallery.buyer_writes("Like this?", attachments=(picture("gone.png"),))
    await gallery.wait(lambda: gallery.board.notes("sales"), "the line")

    (note,) = gallery.board.notes("sales")
    assert gallery.board.said("sales") == [
        "Ann attached gone.png, which cannot be shown here: its server answered 404. It is on the site."
    ]
    assert [each.url for each in note.buttons] == ["https://market.example/c-1"]
    assert not note.loud


async def test_one_that_may_have_arrived_is_not_shown_twice(gallery: Stage) -> None:
    """Nor is one that the chat refuses: its name stands on the card."""
    gallery.board.troubles["pins"] = [Unknown("lost"), Rejected("too wide")]
    await gallery.buyer_writes("Like these?", attachments=(picture("a.png"), picture("b.png"), picture("c.png")))
    await gallery.wait(lambda: gallery.board.pinned, "the third picture")

    assert len(gallery.board.pinned) == 1
    assert gallery.board.notes("sales") == []
    assert await gallery.claim() == ()


async def test_a_chat_that_takes_none_keeps_the_names(gallery: Stage) -> None:
    """Where it may not, nothing is fetched and nothing is said: the card has the name."""
    gallery.board.takes_pictures = False
    await gallery.buyer_writes("Like this?", attachments=(picture("gone.png"),))
    await gallery.buyer_writes("Hello?")
    await gallery.wait(lambda: any("Hello?" in said for said in gallery.board.said("sales")), "the next words")

    assert len(gallery.board.said("sales")) == 1
    assert [each.name for each in gallery.board.cards("sales")[0].attachments] == ["gone.png"]


async def test_a_blocked_buyers_pictures_stay_names(gallery: Stage) -> None:
    """Nobody is made to look at what they did not want to read."""
    await gallery.buyer_writes("Hello?")
    await gallery.wait(lambda: gallery.board.cards("sales"), "the card")
    sam, sales = person("sam"), place("sales")
    more = await gallery.act(Press("p-1", sam, sales, Verb.MORE, button(gallery.board.cards("sales")[0], Verb.MORE)))
    await gallery.act(Press("p-2", sam, sales, Verb.BLOCK, button(more, Verb.BLOCK)))
    await gallery.buyer_writes("Look!", attachments=(picture(),))
    await gallery.wait(lambda: any("Look!" in said for said in gallery.board.said("sales")), "the next words")
    await gallery.buyer_writes("Look here!", conversation="c-2", attachments=(picture(),))
    await gallery.wait(lambda: len(gallery.board.cards("sales")) == 2, "the next card")

    assert await gallery.claim() == ()
    assert gallery.board.pinned == []


async def test_nothing_follows_a_card_twice(still: Stage) -> None:
    """A worker that finishes again after another did adds no picture."""
    deps = replace(still.deps, open_picture=opened)
    stage = replace(still, deps=deps)
    await stage.link("sales")
    await stage.buyer_writes("Like this?", attachments=(picture(),))
    (card,) = await stage.claim()
    asked = (card.message, [0])

    await finish_post(deps.store, card, "1", pictures=asked)
    (shown,) = await stage.claim("w2")
    await finish_post(deps.store, shown, "2")
    await finish_post(deps.store, card, "1", pictures=asked)

    assert (shown.kind.value, shown.facts["which"]) == ("picture", "0")
    assert await stage.claim("w3") == ()
