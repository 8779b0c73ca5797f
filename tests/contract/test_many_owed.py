"""A room that was not shown all that is owed, because that was too much at once, misses nothing that falls due."""

import pytest

from core.domain.actions import Move
from core.domain.cards import NoteKind
from core.domain.zones import HOUR, MINUTE
from core.store import rooms
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage

REMINDED = 23 * HOUR  # after the buyer wrote, an hour before the deadline


@pytest.mark.parametrize("moved", [True, False], ids=["moved", "linked late"])
async def test_what_was_too_much_to_show_at_once_comes_with_its_reminder(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, moved: bool
) -> None:
    """The nearest deadline stands at once, and how many more there are; the other's card comes before its reminder."""
    monkeypatch.setattr(rooms, "SHOWN_AT_LINKING", 1)
    if moved:
        await stage.link("hall")
    for number, left in ((1, 3 * MINUTE), (2, 20 * MINUTE)):
        sent_at = stage.clock.now() - REMINDED + left
        await stage.buyer_writes("Is it blue?", conversation=f"c-{number}", sent_at=sent_at)
    if moved:
        await stage.wait(lambda: len(stage.board.cards("hall")) == 2, "the cards in the old chat")
        await stage.act(Move("moved-1", person("sam"), place("hall"), "barn"))
    else:
        await stage.link("barn")
    await stage.wait(
        lambda: any("not shown here yet: 1" in said for said in stage.board.said("barn")), "how many more there are"
    )
    first = len(stage.board.cards("barn"))

    stage.clock.shift = 21 * MINUTE
    await stage.wait(lambda: len(stage.board.cards("barn")) == 2, "the card that was not shown")
    await stage.wait(lambda: [note.kind for note in stage.board.notes("barn")].count(NoteKind.REMINDER) == 2, "both")

    assert first == 1
    assert stage.board.cards("barn")[1].calls == ()
