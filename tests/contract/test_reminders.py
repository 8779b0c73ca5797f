"""Reminders: what falls due in a room at the same time is one note, and it calls who is there to be called."""

import pytest

from core.domain.actions import Press, Submit, Write
from core.domain.cards import CardRef, CardState, Note, NoteKind, Verb
from core.domain.deliveries import DeliveryKind
from core.domain.habits import Habits
from core.domain.quiet_hours import QuietHours, Stretch
from core.domain.reminders import Ladder
from core.domain.rooms import Ring
from core.domain.texts import plain
from core.domain.zones import HOUR, MINUTE, SECOND
from core.errors import TryLater, Unknown
from core.services.deliveries import carry
from core.services.terms import set_habits, set_terms
from core.store import keys
from core.store.conversations import conversation_id
from core.store.moments import claim_due
from core.store.rooms import set_ring
from tests.contract.chalkboard.adapter import button, person, place
from tests.fixtures.core import Stage

SOON = 23 * HOUR - MINUTE  # so long ago: the reminder an hour before the deadline follows in a minute


def reminders(stage: Stage, board: str = "sales") -> list[Note]:
    return [note for note in stage.board.notes(board) if note.kind is NoteKind.REMINDER]


def states(stage: Stage) -> dict[str, CardState]:
    return {card.conversation: card.state for card in stage.board.cards("sales")}


def lines(note: Note) -> list[str]:
    return plain(note.text).split("\n• ")[1:]


def night(stage: Stage, after: int = 0, length: int = 8 * HOUR) -> QuietHours:
    """That begins at the half hour before so long after now."""
    start = (stage.clock.now() + after) // (HOUR // 2) * (HOUR // 2)
    begins, ends = (f"{at // HOUR % 24:02d}:{at // MINUTE % 60:02d}" for at in (start, start + length))
    return QuietHours(begins, ends)


async def ask(stage: Stage, *ages: int, board: str = "sales") -> None:
    """So long ago each of these buyers wrote; their cards stand."""
    before = len(stage.board.cards(board))
    for number, age in enumerate(ages, before + 1):
        await stage.buyer_writes("Is it blue?", conversation=f"c-{number}", sent_at=stage.clock.now() - age)
    await stage.wait(lambda: len(stage.board.cards(board)) == before + len(ages), "the cards")


async def all_told(stage: Stage, count: int, board: str = "sales") -> None:
    await stage.wait(lambda: len(reminders(stage, board)) >= count, f"{count} notes")


async def fire(still: Stage, *, patience: int = 0) -> None:
    await claim_due(still.deps.store, keys.tag_of(still.seller), lease=30_000, most=100, patience=patience)


async def state_of(stage: Stage, conversation: str = "c-1") -> str:
    """Of what is owed there."""
    engine, tag = stage.deps.store.engine, keys.tag_of(stage.seller)
    owed = await engine.call("HGET", keys.conversation(tag, conversation_id(stage.shop, conversation)), "open")
    state: bytes = (owed and await engine.call("HGET", keys.obligation(tag, owed.decode()), "state")) or b""
    return state.decode()


async def bring(still: Stage) -> None:
    """Carry what may be carried now."""
    for delivery in await still.claim():
        await carry(still.deps, delivery)


async def test_what_falls_due_within_five_minutes_is_one_note(stage: Stage) -> None:
    """A line and a button each, the nearest deadline first; what would follow soon comes along early."""
    await stage.link("sales")
    await ask(stage, SOON - 4 * MINUTE, SOON, SOON - 2 * MINUTE, SOON - 7 * MINUTE)

    stage.clock.shift = 61 * SECOND
    await all_told(stage, 1)
    stage.clock.shift = 6 * MINUTE
    await stage.buyer_writes("And you?", conversation="c-9")
    await stage.wait(lambda: len(stage.board.cards("sales")) == 5, "another card, later")

    (note,) = reminders(stage)
    assert plain(note.text).startswith("3 conversations wait for an answer:")
    assert [line.startswith("Ann (Example Market): answer by") for line in lines(note)] == [True] * 3
    wanted = [conversation_id(stage.shop, f"c-{number}") for number in (2, 3, 1)]
    assert [found.target for found in note.buttons] == wanted
    assert note.loud
    assert note.calls == (person("sam"),)


async def test_what_came_along_early_is_not_told_again(stage: Stage) -> None:
    """Its next reminder is the one after."""
    await stage.link("sales")
    await ask(stage, SOON, SOON - 3 * MINUTE)

    stage.clock.shift = 61 * SECOND
    await all_told(stage, 1)
    stage.clock.shift = 45 * MINUTE + 61 * SECOND
    await all_told(stage, 2)

    assert [len(lines(note)) for note in reminders(stage)] == [2, 2]


async def test_a_breach_never_comes_early(stage: Stage) -> None:
    """It has not happened yet; one that has happened stands in a note with the others."""
    await stage.link("sales")
    await ask(stage, 24 * HOUR - 3 * MINUTE, SOON, 24 * HOUR - 90 * SECOND)

    stage.clock.shift = 61 * SECOND
    await all_told(stage, 1)
    stage.clock.shift = 3 * MINUTE + SECOND
    await all_told(stage, 2)

    assert "still waits" in plain(reminders(stage)[0].text)
    assert ["overdue since" in line for line in lines(reminders(stage)[1])] == [True, True]


async def test_after_downtime_each_is_told_of_once_with_what_is_true_now(stage: Stage) -> None:
    """One note of all, in place of a heap for each."""
    await stage.link("sales")
    await ask(stage, 0, HOUR, 23 * HOUR)

    stage.clock.shift = 21 * HOUR + 30 * MINUTE
    await all_told(stage, 1)

    (note,) = reminders(stage)
    assert ["overdue" in line for line in lines(note)] == [True, False, False]
    cards = {card.conversation: plain(card.status) for card in stage.board.cards("sales")}
    await stage.wait(lambda: any("Overdue" in plain(card.status) for card in stage.board.cards("sales")), "the card")
    assert len(cards) == 3


async def test_many_that_are_due_at_once_are_told_in_tens(still: Stage) -> None:
    """None goes without its warning, and each note has few enough lines to be read."""
    await still.link("sales")
    for number in range(23):
        await still.buyer_writes("Hi", conversation=f"c-{number}", sent_at=still.clock.now() - SOON + number)
    await bring(still)

    still.clock.shift = 2 * MINUTE
    await fire(still)
    for _ in range(4):
        await bring(still)

    assert [len(note.buttons) for note in reminders(still)] == [10, 10, 3]
    told = [found.target for note in reminders(still) for found in note.buttons]
    assert told == [conversation_id(still.shop, f"c-{number}") for number in range(23)]


async def test_a_note_says_nothing_of_what_was_answered_before_it_came(still: Stage) -> None:
    """By whatever route: also when it was fired, and when it was claimed already."""
    await still.link("sales")
    for number in range(1, 4):
        await still.buyer_writes("Hi", conversation=f"c-{number}", sent_at=still.clock.now() - SOON)
    await bring(still)
    still.clock.shift = 2 * MINUTE
    await fire(still)

    await still.answered_on_site("Yes.", conversation="c-1")
    reminder, *others = await still.claim()
    await still.answered_on_site("Yes.", conversation="c-2")
    await carry(still.deps, reminder)

    assert reminder.kind is DeliveryKind.REMINDER
    assert [each.kind for each in others if each.kind is DeliveryKind.REMINDER] == []
    (note,) = reminders(still)
    assert [found.target for found in note.buttons if found.verb] == [conversation_id(still.shop, "c-3")]


async def test_a_note_that_all_were_answered_of_is_not_written(still: Stage) -> None:
    """It is dropped, and leaves nothing behind."""
    await still.link("sales")
    await still.buyer_writes("Hi", sent_at=still.clock.now() - SOON)
    await bring(still)
    still.clock.shift = 2 * MINUTE
    await fire(still)
    await still.answered_on_site("Yes.")
    await bring(still)
    await bring(still)

    assert reminders(still) == []
    assert [each async for each in still.deps.store.engine.scan("*nudges*")] == []


async def test_a_reminder_waits_for_the_card_that_is_still_to_be_posted(still: Stage) -> None:
    """It stands beside it, once, though it fell due before."""
    await still.link("sales")
    await still.buyer_writes("Hi", sent_at=still.clock.now() - SOON)
    still.clock.shift = 2 * MINUTE
    await fire(still)

    claimed = await still.claim()
    await carry(still.deps, next(each for each in claimed if each.kind is DeliveryKind.REMINDER))
    early = len(reminders(still))
    await carry(still.deps, next(each for each in claimed if each.kind is DeliveryKind.CARD))
    for _ in range(3):
        await bring(still)

    assert (early, len(reminders(still))) == (0, 1)
    assert [card.state for card in still.board.cards("sales")] == [CardState.OPEN]


async def test_what_comes_along_in_one_room_is_told_in_the_other_too(still: Stage) -> None:
    """Whichever is first: what was told early falls due for neither of them again."""
    await still.link("sales")
    await still.link("attic", user="kim")
    for number, age in enumerate((SOON, SOON - MINUTE)):
        await still.buyer_writes("Hi", conversation=f"c-{number}", sent_at=still.clock.now() - age)
    await bring(still)
    still.clock.shift = 61 * SECOND
    await fire(still)

    for _ in range(3):
        await bring(still)

    told = [
        {found.target for note in reminders(still, board) for found in note.buttons} for board in ("sales", "attic")
    ]
    assert told == [{conversation_id(still.shop, f"c-{number}") for number in range(2)}] * 2


async def test_what_an_import_brought_goes_overdue_without_a_word(stage: Stage) -> None:
    """It posts no card and no reminder, also when its deadline passes later."""
    await stage.link("sales")
    await stage.buyer_writes("Long ago", history=True, sent_at=stage.clock.now() - 23 * HOUR)
    stage.clock.shift = MINUTE  # an import is worked out when it pauses
    while await state_of(stage) != "open":
        await stage.wait(lambda: True, "it to be worked out")

    stage.clock.shift += HOUR
    while await state_of(stage) != "breached":
        await stage.wait(lambda: True, "it to be overdue")
    await stage.buyer_writes("Is it blue?", conversation="c-2")
    await stage.wait(lambda: stage.board.cards("sales"), "the other card")

    assert [card.quote.text for card in stage.board.cards("sales")] == ["Is it blue?"]
    assert reminders(stage) == []


async def test_a_breach_waits_a_minute_for_a_reply_that_is_on_its_way(still: Stage) -> None:
    """It may have been accepted in time."""
    await still.link("sales")
    await still.buyer_writes("Hi", sent_at=still.clock.now() - 24 * HOUR + MINUTE)
    await bring(still)
    target = button(still.board.cards("sales")[0], Verb.REPLY)
    await still.act(Submit("s", person("sam"), place("sales"), Verb.REPLY, target, {"text": "Yes."}))

    states = []
    for seconds in (90, 119, 121):
        still.clock.shift = seconds * SECOND
        await fire(still, patience=MINUTE)
        states.append(await state_of(still))

    assert states == ["open", "open", "breached"]


@pytest.mark.parametrize("trouble", [TryLater("busy", after=0.05), Unknown("lost")], ids=["refused", "lost"])
async def test_a_note_that_is_tried_again_says_the_same(stage: Stage, trouble: TryLater | Unknown) -> None:
    """What falls due meanwhile is another note."""
    await stage.link("sales")
    await ask(stage, SOON, SOON - MINUTE)
    stage.board.troubles["sales"] = [trouble]

    stage.clock.shift = 61 * SECOND
    await all_told(stage, 1)

    assert len(reminders(stage)) == 1
    assert len(lines(reminders(stage)[0])) == 2


async def test_each_room_has_a_note_of_its_own(stage: Stage) -> None:
    """A room that cannot be reached delays none of the others."""
    await stage.link("sales")
    await stage.link("shop floor", user="kim")
    await ask(stage, SOON, SOON - MINUTE)
    await stage.wait(lambda: len(stage.board.cards("shop floor")) == 2, "the other room's cards")
    stage.board.troubles["sales"] = [TryLater("busy", after=0.5)]

    stage.clock.shift = 61 * SECOND
    await all_told(stage, 1, "shop floor")
    await all_told(stage, 1)

    assert [note.calls for note in reminders(stage, "shop floor")] == [(person("kim"),)]


async def test_a_button_of_a_note_answers_its_buyer_and_the_cards_stay_where_they_are(stage: Stage) -> None:
    """A note of several is nobody's card."""
    await stage.link("sales")
    await ask(stage, SOON, SOON - MINUTE)
    stage.clock.shift = 61 * SECOND
    await all_told(stage, 1)
    note = reminders(stage)[0]
    number = next(line.number for line in stage.board.boards["sales"] if line.shown is note)
    here, target = CardRef(place("sales").address, number), note.buttons[1].target

    await stage.act(Press("p-1", person("sam"), place("sales"), Verb.REPLY, target, ref=here))
    await stage.act(Submit("s-1", person("sam"), place("sales"), Verb.REPLY, target, {"text": "Yes."}))
    await stage.wait(lambda: states(stage)[target] is CardState.ANSWERED, "its card answered")

    other = note.buttons[0].target
    assert states(stage) == {target: CardState.ANSWERED, other: CardState.OPEN}


async def test_a_text_below_a_note_of_several_is_asked_about(stage: Stage) -> None:
    """Whom it is for is never guessed."""
    await stage.link("sales")
    await ask(stage, SOON, SOON - MINUTE)
    stage.clock.shift = 61 * SECOND
    await all_told(stage, 1)
    number = next(line.number for line in stage.board.boards["sales"] if line.shown in reminders(stage))

    below = CardRef(place("sales").address, number)
    answer = await stage.act(Write("w-1", person("sam"), place("sales"), "Yes", at=below, alone=True))

    assert [found.verb for found in answer.buttons] == [Verb.PICK, Verb.PICK, Verb.KEEP]
    assert stage.bazaar.texts() == []


async def test_a_card_in_quiet_hours_makes_no_sound_and_calls_nobody(stage: Stage) -> None:
    """The seller sleeps, and nobody was told: the morning's reminder is the first that is heard."""
    await stage.link("sales")
    await set_terms(stage.deps, stage.seller, quiet=night(stage))

    await ask(stage, 0)

    (card,) = stage.board.cards("sales")
    assert (card.silent, card.calls) == (True, ())


async def test_a_second_message_in_quiet_hours_makes_no_sound_either(stage: Stage) -> None:
    """Also where it opens an obligation."""
    await stage.link("sales")
    await ask(stage, HOUR)
    await stage.answered_on_site("Yes.")
    await set_terms(stage.deps, stage.seller, quiet=night(stage))

    await stage.buyer_writes("And how big?", conversation="c-1")
    await stage.wait(lambda: [n for n in stage.board.notes("sales") if n.kind is NoteKind.MESSAGE], "the message")

    note = next(n for n in stage.board.notes("sales") if n.kind is NoteKind.MESSAGE)
    assert (note.loud, note.calls) == (False, ())


async def test_the_last_reminder_rings_through_where_no_other_could(stage: Stage) -> None:
    """The only waking moment came too late for any."""
    await stage.link("sales")
    await set_terms(
        stage.deps,
        stage.seller,
        quiet=night(stage, -20 * HOUR, 23 * HOUR + HOUR // 2),
        ladder=Ladder((HOUR,), soft=False),
    )
    await ask(stage, 20 * HOUR)

    stage.clock.shift = 3 * HOUR + 61 * SECOND
    await all_told(stage, 1)

    assert [(note.loud, note.calls) for note in reminders(stage)] == [(True, (person("sam"),))]


async def test_a_breach_in_quiet_hours_is_told_without_a_sound(stage: Stage) -> None:
    """It is too late to hurry."""
    await stage.link("sales")
    await set_terms(stage.deps, stage.seller, quiet=night(stage), wakes=False)
    await ask(stage, 23 * HOUR + 50 * MINUTE)

    stage.clock.shift = 11 * MINUTE
    await stage.wait(lambda: any("is over since" in plain(note.text) for note in reminders(stage)), "the breach")

    assert {(note.loud, note.calls) for note in reminders(stage)} == {(False, ())}


async def test_who_is_away_or_asleep_is_not_called(stage: Stage) -> None:
    """Each by their own habits; the others are."""
    await stage.link("sales")
    room = await stage.room("sales")
    for user in ("kim", "eve", "lou"):
        await set_ring(stage.deps.store, room, person(user), Ring.MENTION if user != "lou" else Ring.QUIET)
    await set_habits(stage.deps, stage.seller, person("kim"), Habits(away=(Stretch(stage.clock.now(), None),)))
    await set_habits(stage.deps, stage.seller, person("eve"), Habits(quiet=night(stage, -HOUR)))

    await ask(stage, SOON)
    stage.clock.shift = 61 * SECOND
    await all_told(stage, 1)

    assert stage.board.cards("sales")[0].calls == (person("sam"),)
    assert reminders(stage)[0].calls == (person("sam"),)


async def test_who_has_a_ladder_of_their_own_is_called_at_its_steps_alone(stage: Stage) -> None:
    """And at the breach; the others at theirs."""
    await stage.link("sales")
    await set_ring(stage.deps.store, await stage.room("sales"), person("kim"), Ring.MENTION)
    await stage.link("attic", user="lou")
    await set_habits(stage.deps, stage.seller, person("kim"), Habits(ladder=Ladder((2 * HOUR,), soft=False)))
    await ask(stage, 21 * HOUR)

    for number, shift in enumerate((HOUR, 2 * HOUR, 2 * HOUR + 45 * MINUTE, 3 * HOUR), 1):
        stage.clock.shift = shift + SECOND
        await all_told(stage, number)
    await all_told(stage, 3, "attic")

    sam, kim = person("sam"), person("kim")
    assert [set(note.calls) for note in reminders(stage)] == [{kim}, {sam}, {sam}, {sam, kim}]
    assert [note.calls for note in reminders(stage, "attic")] == [(person("lou"),)] * 3


async def test_who_asked_for_direct_messages_gets_the_reminder_directly(stage: Stage) -> None:
    """The room sees it too, without a name."""
    await stage.link("sales")
    await set_ring(stage.deps.store, await stage.room("sales"), person("sam"), Ring.DIRECT)
    await ask(stage, SOON)
    await stage.wait(lambda: stage.board.notes("@sam"), "the first direct message")

    stage.clock.shift = 61 * SECOND
    await stage.wait(lambda: len(stage.board.notes("@sam")) == 2, "the reminder, directly")

    assert [note.calls for note in reminders(stage)] == [()]


async def test_a_card_is_painted_anew_by_a_breach_and_by_no_reminder(still: Stage) -> None:
    """The chat itself keeps its countdown; only what the card says in words is brought up to date."""
    await still.link("sales")
    await still.buyer_writes("Hi", sent_at=still.clock.now())
    await bring(still)
    painted: list[tuple[float, list[str]]] = []

    for hours in (12, 20, 23, 23.75, 24):
        still.clock.shift = round(hours * HOUR) + SECOND
        await fire(still)
        for _ in range(2):
            found = await still.claim()
            painted += [(hours, [each.kind.value for each in found])] if found else []
            for delivery in found:
                await carry(still.deps, delivery)

    redrawn = [hours for hours, kinds in painted if DeliveryKind.REDRAW in kinds]
    assert len(reminders(still)) == 5
    assert redrawn == [24]


async def test_a_reminder_during_a_hold_says_that_an_answer_is_about_to_leave(stage: Stage) -> None:
    """Not that the buyer waits for somebody: with Undo and Edit, as on the card."""
    await stage.link("sales")
    await set_terms(stage.deps, stage.seller, hold=20_000)
    await ask(stage, SOON)
    target = button(stage.board.cards("sales")[0], Verb.REPLY)
    await stage.act(Submit("s-1", person("sam"), place("sales"), Verb.REPLY, target, {"text": "It is."}))

    stage.clock.shift = 61 * SECOND
    await all_told(stage, 1)

    (note,) = reminders(stage)
    assert plain(note.text).startswith("Sam has answered Ann (Example Market): the reply leaves in a few seconds")
    assert [plain(each.label) for each in note.buttons][:2] == ["Undo", "Edit"]
