"""The clock: warnings come in time, once, and none after an answer; what is late is in the ledger."""

from core.domain.actions import Submit
from core.domain.cards import CardState, NoteKind, Verb
from core.domain.conversations import Buyer, Order
from core.domain.events import EventResult, OrderChanged
from core.domain.texts import Instant, plain
from core.errors import TryLater
from core.store import keys
from tests.contract.chalkboard.adapter import button, person, place
from tests.fixtures.core import Stage

HOUR = 3_600_000


async def ledger(stage: Stage, kind: str = "inbox") -> tuple[int, int]:
    """(met, missed)."""
    tag = keys.tag_of(stage.shop)
    name = keys.ledger
    met = await stage.deps.store.engine.call("ZCARD", name(tag, stage.shop, kind, "met"))
    missed = await stage.deps.store.engine.call("ZCARD", name(tag, stage.shop, kind, "missed"))
    return met, missed


def warnings(stage: Stage, board: str = "sales") -> list[str]:
    return [plain(note.text) for note in stage.board.notes(board) if note.kind is NoteKind.REMINDER]


async def reply(stage: Stage, text: str = "Yes.") -> None:
    target = button(stage.board.cards("sales")[0], Verb.REPLY)
    await stage.act(Submit(f"s-{text}", person("sam"), place("sales"), Verb.REPLY, target, {"text": text}))


async def asked(stage: Stage) -> None:
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")


async def test_a_deadline_that_comes_near_is_said_in_the_room(stage: Stage) -> None:
    """Half way there a first time, then an hour before: each once, aloud, to whom it may concern."""
    await asked(stage)

    stage.clock.shift = 12 * HOUR + 1000
    await stage.wait(lambda: len(warnings(stage)) == 1, "the first warning")
    stage.clock.shift = 23 * HOUR + 1000
    await stage.wait(lambda: len(warnings(stage)) == 2, "the second warning")

    note = stage.board.notes("sales")[-1]
    assert note.loud
    assert note.calls == (person("sam"),)
    assert warnings(stage)[1].startswith("Ann (Example Market) still waits. Answer by ")


async def test_the_soft_target_is_shown_and_reminded_of_beside_the_deadline(stage: Stage) -> None:
    """By when an answer is best stands on the card and in the first warning, and in no later one."""
    await stage.link("sales")
    sent_at = stage.clock.now() - HOUR
    await stage.buyer_writes("Is it blue?", sent_at=sent_at)
    await stage.wait(lambda: stage.board.cards("sales"), "a card")

    stage.clock.shift = 11 * HOUR
    await stage.wait(lambda: warnings(stage), "the first warning")
    stage.clock.shift = 19 * HOUR
    await stage.wait(lambda: len(warnings(stage)) == 2, "the second warning")

    card = stage.board.cards("sales")[0]
    best, deadline = Instant(sent_at + 12 * HOUR, "UTC"), Instant(sent_at + 24 * HOUR, "UTC", relative=True)
    told = [[part for part in note.text if isinstance(part, Instant)] for note in stage.board.notes("sales")]
    assert ", best by " in plain(card.status)
    assert [part for part in card.status if isinstance(part, Instant)] == [deadline, best]
    assert warnings(stage)[0].startswith("Ann (Example Market) still waits. Best answered by ")
    assert told == [[best, deadline], [deadline]]


async def test_soft_targets_of_several_stand_in_the_lines_of_one_note(stage: Stage) -> None:
    """Each beside its own deadline."""
    await stage.link("sales")
    for name in ("c-1", "c-2"):
        await stage.buyer_writes("Is it blue?", conversation=name, sent_at=stage.clock.now() - HOUR)
    await stage.wait(lambda: len(stage.board.cards("sales")) == 2, "the cards")

    stage.clock.shift = 11 * HOUR
    await stage.wait(lambda: warnings(stage), "one note")

    assert warnings(stage)[0].count("): best answered by ") == 2
    assert warnings(stage)[0].count(", at the latest by ") == 2


async def test_a_breach_is_said_once_and_stands_in_the_ledger(stage: Stage) -> None:
    """After a night of downtime there is one notice, not a heap of old warnings; the answer is late."""
    await asked(stage)

    stage.clock.shift = 30 * HOUR
    await stage.wait(lambda: warnings(stage), "the notice")
    await stage.wait(lambda: "Overdue" in plain(stage.board.cards("sales")[0].status), "the card to say so")
    breached = await ledger(stage)
    await reply(stage)
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.ANSWERED, "the card answered")

    assert len(warnings(stage)) == 1
    assert "is over since" in warnings(stage)[0]
    assert breached == await ledger(stage) == (0, 1)


async def test_an_answer_in_time_is_met_and_takes_every_warning_away(stage: Stage) -> None:
    """No reminder starts after an answer was recorded by any route."""
    await asked(stage)
    await reply(stage)
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.ANSWERED, "the card answered")

    stage.clock.shift = 48 * HOUR
    await stage.buyer_writes("Ping", conversation="c-2")
    await stage.wait(lambda: len(stage.board.cards("sales")) == 2, "another card, later")

    assert warnings(stage) == []
    assert await ledger(stage) == (1, 0)
    agenda = await stage.deps.store.engine.call("ZRANGE", keys.agenda(keys.tag_of(stage.seller)), 0, -1)
    assert len([moment for moment in agenda if b"/" not in moment]) == 1  # the other conversation's


async def test_a_deadline_already_past_is_breached_at_once_with_one_notice(stage: Stage) -> None:
    """A message that the marketplace tells us of too late is no error."""
    await stage.link("sales")

    await stage.buyer_writes("Hello?", sent_at=stage.clock.now() - 25 * HOUR)
    await stage.wait(lambda: warnings(stage), "the notice")

    assert len(warnings(stage)) == 1
    assert await ledger(stage) == (0, 1)


async def test_only_the_first_message_counts_for_the_inbox_and_every_turn_for_an_order(stage: Stage) -> None:
    """A later inquiry is owed but does not count; on an order each turn of the buyer does."""
    await asked(stage)
    await stage.answered_on_site("Yes.")
    await stage.buyer_writes("And how big?", sent_at=stage.clock.now() + 5)
    stage.clock.shift = 1000
    await stage.answered_on_site("Two metres.")
    order = Order("o-5", "Poster")
    for number in range(2):
        stage.clock.shift += 1000
        await stage.buyer_writes(f"When {number}?", order=order)
        stage.clock.shift += 1000
        await stage.answered_on_site(f"Soon {number}.")

    assert await ledger(stage) == (1, 0)
    assert await ledger(stage, "order") == (2, 0)


async def test_a_reply_accepted_in_time_is_met_though_we_heard_of_it_after_the_deadline(stage: Stage) -> None:
    """With a reply on its way the breach waits for its outcome; the marketplace's own time decides."""
    await asked(stage)
    stage.bazaar.troubles["c-1"] = [TryLater("busy", after=0.6)]
    stage.bazaar.accepted_at = stage.clock.now() + HOUR
    await reply(stage)
    await stage.wait(lambda: stage.board.cards("sales")[0].warning, "the card to say that it is not there yet")

    stage.clock.shift = 24 * HOUR + 500
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.ANSWERED, "the card answered")

    assert await ledger(stage) == (1, 0)


async def test_a_warning_while_a_reply_is_stuck_says_so(stage: Stage) -> None:
    """It shows the text to copy, and the way to the site."""
    await asked(stage)
    stage.bazaar.troubles["c-1"] = [TryLater("it has a problem of its own (503).", after=30)]
    await reply(stage, "Yes, blue.")
    await stage.wait(lambda: stage.board.cards("sales")[0].warning, "the card to say that it is not there yet")

    stage.clock.shift = 23 * HOUR + 1000
    await stage.wait(lambda: warnings(stage), "the warning")

    note = stage.board.notes("sales")[-1]
    assert warnings(stage)[0].startswith("Your reply to Ann has not arrived, 1 h left: the clock runs until ")
    assert "Not there yet: it has a problem of its own (503). To be safe, copy it" in warnings(stage)[0]
    assert note.copy == "Yes, blue."
    assert [found.url for found in note.buttons] == ["https://market.example/c-1"]


async def test_an_order_that_starts_asks_for_an_answer(stage: Stage) -> None:
    """Where the marketplace counts order starts, the greeting settles it; a start told twice asks once."""
    await stage.link("sales")
    started = OrderChanged(
        "evt-start", stage.clock.now(), "c-1", Buyer("b-9", "Ann"), Order("o-5", "Poster"), started=True
    )
    await stage.door.accept(stage.shop, "wh", [started])
    again = await stage.door.accept(stage.shop, "wh", [started])
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    card = stage.board.cards("sales")[0]
    await reply(stage, "Thank you!")
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.ANSWERED, "the card answered")

    assert again == [EventResult.DUPLICATE]
    assert plain(card.title) == "New order from Ann · Example Market"
    assert card.quote.text == "(started this order and waits to hear from you)"
    assert plain(card.subject) == "Order o-5: Poster (active)"
    assert stage.bazaar.replies.popitem()[1].in_reply_to is None
    assert await ledger(stage, "order") == (1, 0)


async def test_in_a_known_conversation_the_room_hears_that_an_order_started(stage: Stage) -> None:
    """It rings beside the card, in words of ours."""
    await asked(stage)
    await stage.answered_on_site("Yes.")
    stage.clock.shift = 1000
    started = OrderChanged("evt-start", stage.clock.now(), "c-1", order=Order("o-5", "Poster"), started=True)
    await stage.door.accept(stage.shop, "wh", [started])
    await stage.wait(lambda: any(note.loud for note in stage.board.notes("sales")), "the note")

    note = next(note for note in stage.board.notes("sales") if note.loud)
    assert plain(note.text).startswith("New order from Ann. Answer by ")
    assert note.quote is None


async def test_a_warning_while_a_reply_waits_to_be_typed_on_the_site_asks_whether_it_was(stage: Stage) -> None:
    """Nobody has confirmed it: with the text, the way to the site, and *Done on the site*."""
    stage.bazaar.sends = False
    await asked(stage)
    await reply(stage, "Yes, blue.")

    stage.clock.shift = 23 * HOUR + 1000
    await stage.wait(lambda: warnings(stage), "the warning")

    note = stage.board.notes("sales")[-1]
    assert warnings(stage)[0].startswith(
        "Nobody has confirmed that Ann was answered on Example Market's site, 1 h left"
    )
    assert note.copy == "Yes, blue."
    assert [found.verb for found in note.buttons] == [None, Verb.DONE]
