"""Claims: who has taken a conversation on is seen everywhere, is called first, and loses it by doing nothing."""

from core.domain.actions import Press, Submit
from core.domain.cards import Answer, Card, CardState, Note, NoteKind, Verb
from core.domain.claims import Choice
from core.domain.reminders import Ladder
from core.domain.rooms import Ring
from core.domain.texts import plain
from core.domain.zones import HOUR, MINUTE, SECOND
from core.services.terms import set_terms
from core.store import keys
from core.store.conversations import conversation_id
from core.store.rooms import set_ring
from tests.contract.chalkboard.adapter import button, person, place
from tests.fixtures.core import Stage

IDLE = 20 * MINUTE + SECOND


async def asked(stage: Stage, age: int, *more: str) -> None:
    """A buyer waits so long; in `sales` are Sam and these, in the attic is Lou."""
    await stage.link("sales")
    await stage.link("attic", user="lou")
    for user in more:
        await set_ring(stage.deps.store, await stage.room("sales"), person(user), Ring.MENTION)
    await stage.buyer_writes("Is it blue?", sent_at=stage.clock.now() - age)
    await stage.wait(lambda: stage.board.cards("sales") and stage.board.cards("attic"), "the cards")


async def press(stage: Stage, user: str, choice: Choice, board: str = "sales") -> Answer:
    target = conversation_id(stage.shop, "c-1")
    key = f"p-{next(stage.counter)}"
    return await stage.act(Press(key, person(user), place(board), Verb.CLAIM, target, choice=choice))


async def says(stage: Stage, words: str) -> None:
    boards = ("sales", "attic")
    await stage.wait(lambda: all(words in plain(card(stage, board).status) for board in boards), f"both cards: {words}")


def card(stage: Stage, board: str = "sales") -> Card:
    return stage.board.cards(board)[0]


def choices(shown: Card | Note | Answer) -> list[str]:
    return [found.choice for found in shown.buttons if found.verb is Verb.CLAIM]


def told(stage: Stage, board: str = "sales") -> list[Note]:
    return [note for note in stage.board.notes(board) if note.kind is NoteKind.REMINDER]


def called(stage: Stage, board: str = "sales") -> list[tuple[set[str], bool]]:
    """Whom each reminder called there, and whether it made a sound."""
    return [({who.user for who in note.calls}, note.loud) for note in told(stage, board)]


async def all_told(stage: Stage, count: int) -> None:
    await stage.wait(lambda: len(told(stage)) == len(told(stage, "attic")) == count, "a note in each room")


async def test_a_claim_shows_on_the_card_in_every_room(stage: Stage) -> None:
    """And can be let go by whoever has it."""
    await asked(stage, HOUR)
    before = choices(card(stage))

    first = await press(stage, "sam", Choice.CLAIM)
    await says(stage, "Sam is on it.")
    again = await press(stage, "sam", Choice.CLAIM)
    held = choices(card(stage, "attic"))
    await press(stage, "sam", Choice.DROP)
    await stage.wait(lambda: choices(card(stage)) == [Choice.CLAIM], "the card to be free")

    assert (before, held) == ([Choice.CLAIM], [Choice.DROP])
    assert (plain(first.text), plain(again.text)) == ("", "")
    assert "on it" not in plain(card(stage).status)


async def test_who_comes_second_sees_whose_it_is_and_may_take_it_over(stage: Stage) -> None:
    """Whatever they pressed, nothing is taken before they say so."""
    await asked(stage, HOUR, "kim")
    await press(stage, "sam", Choice.CLAIM)

    answers = [await press(stage, "kim", Choice.CLAIM), await press(stage, "lou", Choice.DROP, "attic")]
    await says(stage, "Sam is on it.")
    taken = await press(stage, "kim", Choice.TAKE)
    await says(stage, "Kim is on it.")

    assert [plain(answer.text).partition(" since")[0] for answer in answers] == ["Sam is on it"] * 2
    assert [choices(answer) for answer in answers] == [[Choice.TAKE]] * 2
    assert "You are on it now" in plain(taken.text)


async def test_who_opened_the_form_is_said_to_be_writing(stage: Stage) -> None:
    """In every room, until they wrote, or for five minutes; whoever claimed it is on it anyway."""
    await asked(stage, HOUR, "kim")
    target = button(card(stage), Verb.REPLY)

    async def opens(user: str) -> None:
        await stage.act(Press(f"p-{next(stage.counter)}", person(user), place("sales"), Verb.REPLY, target))

    await opens("kim")
    await says(stage, "Kim is writing.")
    stage.clock.shift = 4 * MINUTE
    await opens("sam")
    await says(stage, "Sam is writing.")
    await press(stage, "sam", Choice.CLAIM)
    await says(stage, "Sam is on it.")
    claimed = plain(card(stage).status)
    await press(stage, "sam", Choice.DROP)
    await says(stage, "Sam is writing.")
    stage.clock.shift = 9 * MINUTE + SECOND
    await stage.wait(lambda: "writing" not in plain(card(stage).status), "nobody to be writing")
    await opens("kim")
    await says(stage, "Kim is writing.")
    await stage.act(Submit("s", person("kim"), place("sales"), Verb.REPLY, target, {"text": "Yes."}))
    await stage.wait(lambda: card(stage).state is CardState.ANSWERED, "the answer")
    await stage.buyer_writes("And how big?")
    await stage.wait(lambda: choices(card(stage)) == [Choice.CLAIM], "the card to be open")

    assert "writing" not in claimed
    assert "writing" not in plain(card(stage).status)


async def test_a_claim_ends_with_what_is_owed(stage: Stage) -> None:
    """What the buyer writes next is anybody's."""
    await asked(stage, HOUR)
    await press(stage, "sam", Choice.CLAIM)
    await says(stage, "Sam is on it.")

    await stage.answered_on_site("Yes.")
    await stage.wait(lambda: card(stage).state is CardState.ANSWERED, "the card answered")
    late = await press(stage, "sam", Choice.CLAIM)
    await stage.buyer_writes("And how big?")
    await stage.wait(lambda: choices(card(stage)) == [Choice.CLAIM], "the card to be free")

    assert "Nothing is owed" in plain(late.text)


async def test_a_stranger_claims_nothing(stage: Stage) -> None:
    """Neither a guest in the room, nor what is another seller's or made up."""
    await asked(stage, HOUR)
    target = conversation_id(stage.shop, "c-1")

    guest = person("guest", outsider=True)
    refused = await stage.act(Press("p", guest, place("sales"), Verb.CLAIM, target, choice=Choice.CLAIM))
    unknown = await stage.act(
        Press("q", person("sam"), place("sales"), Verb.CLAIM, target[:-2] + "aa", choice=Choice.CLAIM)
    )
    odd = await stage.act(Press("r", person("sam"), place("sales"), Verb.CLAIM, target, choice="steal"))

    assert all(plain(answer.text) and not answer.buttons for answer in (refused, unknown, odd))
    assert choices(card(stage)) == [Choice.CLAIM]


async def test_a_reminder_calls_who_claimed_and_climbs_when_nobody_reacts(stage: Stage) -> None:
    """First whoever has it; then the next on duty too; then all, and the other chat."""
    await set_terms(stage.deps, stage.seller, ladder=Ladder((20 * HOUR, 16 * HOUR, 12 * HOUR, 8 * HOUR), soft=False))
    await asked(stage, 0, "kim", "eve")
    await press(stage, "sam", Choice.CLAIM)

    for number, hours in enumerate((4, 8, 12), 1):
        stage.clock.shift = hours * HOUR + SECOND
        await all_told(stage, number)

    assert called(stage) == [({"sam"}, True), ({"sam", "kim"}, True), ({"sam", "kim", "eve"}, True)]
    assert called(stage, "attic") == [(set(), False), (set(), False), ({"lou"}, True)]


async def test_that_nobody_reacted_is_not_forgotten_when_all_is_worked_out_anew(stage: Stage) -> None:
    """As by a change of the settings."""
    await set_terms(stage.deps, stage.seller, ladder=Ladder((20 * HOUR, 16 * HOUR), soft=False))
    await asked(stage, 0, "kim")
    await press(stage, "sam", Choice.CLAIM)

    stage.clock.shift = 4 * HOUR + SECOND
    await all_told(stage, 1)
    await set_terms(stage.deps, stage.seller, ladder=Ladder((20 * HOUR, 12 * HOUR), soft=False))
    stage.clock.shift = 12 * HOUR + SECOND
    await all_told(stage, 2)

    assert called(stage) == [({"sam"}, True), ({"sam", "kim"}, True)]


async def test_who_opens_the_form_has_reacted(stage: Stage) -> None:
    """The next reminder begins with them again."""
    await set_terms(stage.deps, stage.seller, ladder=Ladder((20 * HOUR, 16 * HOUR), soft=False))
    await asked(stage, 0, "kim")
    await press(stage, "sam", Choice.CLAIM)

    stage.clock.shift = 4 * HOUR + SECOND
    await stage.wait(lambda: len(told(stage)) == 1, "a note")
    await stage.act(Press("p", person("sam"), place("sales"), Verb.REPLY, button(card(stage), Verb.REPLY)))
    stage.clock.shift = 8 * HOUR + SECOND
    await stage.wait(lambda: len(told(stage)) == 2, "the next")

    assert called(stage) == [({"sam"}, True)] * 2


async def test_a_claim_without_action_lapses_and_the_next_on_duty_is_told(stage: Stage) -> None:
    """Twenty minutes, once the deadline is near; the card is free again."""
    await asked(stage, 21 * HOUR, "kim", "eve")
    await press(stage, "kim", Choice.CLAIM)
    await says(stage, "Kim is on it.")

    stage.clock.shift = IDLE
    await stage.wait(lambda: told(stage), "the next to be told")
    await stage.wait(lambda: choices(card(stage)) == [Choice.CLAIM], "the card to be free")

    (note,) = told(stage)
    assert plain(note.text).startswith("Kim took Ann on and has done nothing about it for 20 minutes")
    assert called(stage) == [({"eve"}, True)]
    assert choices(note) == [Choice.CLAIM]
    assert told(stage, "attic") == []


async def test_a_claim_that_lapsed_long_ago_asks_for_nothing_by_a_day_that_has_passed(stage: Stage) -> None:
    """Where Shopbell was down meanwhile, or its clock was set forward by days."""
    await asked(stage, 21 * HOUR, "kim", "eve")
    await press(stage, "kim", Choice.CLAIM)
    await says(stage, "Kim is on it.")

    stage.clock.shift = 48 * HOUR
    await stage.wait(lambda: any("it is free again" in plain(note.text) for note in told(stage)), "the next to be told")

    lapsed = next(plain(note.text) for note in told(stage) if "it is free again" in plain(note.text))
    assert "It is overdue since " in lapsed
    assert "Answer by" not in lapsed


async def test_the_other_chat_is_told_where_nobody_else_is_in_this_one(stage: Stage) -> None:
    """Whoever is next may sit elsewhere."""
    await asked(stage, 21 * HOUR)
    await press(stage, "sam", Choice.CLAIM)

    stage.clock.shift = IDLE
    await stage.wait(lambda: told(stage, "attic"), "the other chat to be told")

    assert called(stage, "attic") == [({"lou"}, True)]
    assert told(stage) == []


async def test_a_claim_that_is_acted_on_does_not_lapse(stage: Stage) -> None:
    """Opening a reply counts, and so does writing one."""
    await asked(stage, 21 * HOUR)
    await press(stage, "sam", Choice.CLAIM)
    target = button(card(stage), Verb.REPLY)

    stage.clock.shift = 15 * MINUTE
    await stage.act(Press("p", person("sam"), place("sales"), Verb.REPLY, target))
    stage.clock.shift = IDLE
    moment = f"lapse/{conversation_id(stage.shop, 'c-1')}"
    agenda = keys.agenda(keys.tag_of(stage.seller))
    due = stage.clock.now()
    while float(await stage.deps.store.engine.call("ZSCORE", agenda, moment)) < due + 5 * MINUTE:
        await stage.wait(lambda: True, "the moment to be put off")

    assert "Sam is on it." in plain(card(stage).status)
    assert told(stage) == told(stage, "attic") == []


async def test_a_reply_on_its_way_keeps_the_claim(stage: Stage) -> None:
    """And when it has arrived nothing is left of it."""
    await asked(stage, 21 * HOUR)
    await press(stage, "sam", Choice.CLAIM)
    target = button(card(stage), Verb.REPLY)

    await stage.act(Submit("s", person("sam"), place("sales"), Verb.REPLY, target, {"text": "Yes."}))
    await stage.wait(lambda: card(stage).state is CardState.ANSWERED, "the card answered")
    stage.clock.shift = IDLE
    agenda, engine = keys.agenda(keys.tag_of(stage.seller)), stage.deps.store.engine
    moment = f"lapse/{conversation_id(stage.shop, 'c-1')}"
    while await engine.call("ZSCORE", agenda, moment):
        await stage.wait(lambda: True, "its moment to be gone")

    name = keys.conversation(keys.tag_of(stage.seller), conversation_id(stage.shop, "c-1"))
    assert await engine.call("HMGET", name, "claimed", "acted") == [None] * 2
    assert told(stage) == []
