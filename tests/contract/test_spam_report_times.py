"""When a report counts, by when it must be made, and what is said while the marketplace has not taken it."""

from core.domain.cards import CardState, Note, NoteKind, Verb
from core.domain.obligations import ObligationState
from core.domain.texts import Anchor, plain
from core.domain.zones import HOUR, SECOND
from core.errors import TryLater
from core.store.conversations import conversation_id, message_id
from tests.fixtures.core import Stage
from tests.fixtures.spam_reports import asked, card, govern, labelled, labels, owed, press, report, state


async def test_an_hour_before_the_deadline_a_report_that_hangs_is_told(stage: Stage) -> None:
    """With a way to reply one line, and the way to the site."""
    stage.bazaar.troubles["c-1/reported"] = [TryLater("busy.", after=600.0)]
    message = await asked(stage)
    await report(stage, message)
    await stage.wait(lambda: "busy." in plain(card(stage).warning), "the report to wait")

    stage.clock.shift = 23 * HOUR + SECOND
    await stage.wait(lambda: reminders(stage), "a reminder")

    note = reminders(stage)[-1]
    assert "The spam report of Ann's message is not accepted yet. An answer is owed by" in plain(note.text)
    assert labels(note) == ["Reply one line", "Open on the site"]
    assert note.loud


async def test_an_hour_before_the_time_to_report_ends_it_is_told_too(stage: Stage) -> None:
    """Also where no ladder would remind of it, as of a message that was answered."""
    await govern(stage, "fiverr-2025")
    stage.bazaar.troubles["c-1/reported"] = [TryLater("busy.", after=600.0)]
    message = await asked(stage)
    await stage.answered_on_site("No.")
    await state(stage, CardState.ANSWERED)
    await report(stage, message)
    await stage.wait(lambda: "busy." in plain(card(stage).warning), "the report to wait")

    stage.clock.shift = 23 * HOUR + SECOND
    await stage.wait(lambda: reminders(stage) and reminders(stage, "attic"), "a reminder in both rooms")

    (note,) = reminders(stage)
    assert "It must be reported by" in plain(note.text)
    assert "An answer is owed" not in plain(note.text)


async def test_the_time_left_to_report_is_said(stage: Stage) -> None:
    """By the shop's own rules; and by the stricter reading of them, with a link to where it stands."""
    message = await asked(stage, age=HOUR)

    by_ours = await press(stage, Verb.SPAM, message, "why")
    await govern(stage, "fiverr-2025")
    await stage.buyer_writes("Cheap followers!", conversation="c-2", message="m-2")
    other = message_id(conversation_id(stage.shop, "c-2"), "m-2")
    by_theirs = await press(stage, Verb.SPAM, other, "why")

    assert "Be careful: Fiverr, help center of 2025 reads the same rules stricter" in plain(by_ours.text)
    (link,) = [part for part in by_ours.text if isinstance(part, Anchor)]
    assert link.label == "within 24 h of sending"
    assert link.url.startswith("https://help-pro.fiverr.com/")
    assert "It must be reported by" in plain(by_theirs.text)
    assert "stricter" not in plain(by_theirs.text)


async def test_what_comes_too_late_is_said_to_count(stage: Stage) -> None:
    """A report after 24 h puts it away; the card and the receipt say that it still counts."""
    await govern(stage, "fiverr-2025")
    message = await asked(stage, age=25 * HOUR)

    why = await press(stage, Verb.SPAM, message, "why")
    await report(stage, message)
    await state(stage, CardState.SPAM)

    assert "it counts all the same" in plain(why.text)
    assert "It still counts for the rate." in plain(card(stage).status)


async def test_an_undo_that_would_count_as_missed_is_asked_first(stage: Stage) -> None:
    """Where no rule starts the clock anew."""
    await govern(stage, "etsy-star-seller")
    message = await asked(stage)
    await report(stage, message)
    await state(stage, CardState.SPAM)
    stage.clock.shift = 49 * HOUR

    asks = await press(stage, Verb.SPAM, message, "undo")
    before = await owed(stage)
    sure = labelled(asks, "Not spam: counts as missed")
    await press(stage, Verb.SPAM, sure.target, sure.choice)
    await state(stage, CardState.OPEN)

    assert "counts as missed since" in plain(asks.text)
    assert before == []
    assert await owed(stage) == [ObligationState.BREACHED]


def reminders(stage: Stage, board: str = "sales") -> list[Note]:
    found = [note for note in stage.board.notes(board) if note.kind is NoteKind.REMINDER]
    return [note for note in found if "not accepted yet" in plain(note.text)]
