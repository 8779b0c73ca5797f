"""Retention: words go, then what was owed; and nothing is left behind that has no reason."""

from collections import Counter

from core.domain.actions import Press
from core.domain.cards import CardState, Verb
from core.domain.events import MessageEdited
from core.domain.retention import DAY, OBLIGATION_DAYS, TEXT_DAYS
from core.services.histories import fold
from core.services.retention import forget_what_is_old
from core.store import keys
from core.store.conversations import conversation_id, message_id, read_conversation
from core.store.store import fields_of
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.busy import busy_day, card_state, reply, tell
from tests.fixtures.core import Stage

HOUR = 3_600_000


async def kinds_left(stage: Stage) -> Counter[str]:
    """How many keys there are of each kind that has no TTL."""
    found = [keys.find(name) async for name in stage.deps.store.engine.scan()]
    return Counter(kind.name for kind in found if kind and kind.lifetime.kind != "ttl")


async def walk(stage: Stage) -> None:
    async for _ in forget_what_is_old(stage.deps):
        pass


async def message(stage: Stage, conversation: str, key: str) -> dict[str, str]:
    id = message_id(conversation_id(stage.shop, conversation), key)
    return fields_of(await stage.deps.store.engine.call("HGETALL", keys.message(keys.tag_of(id), id)))


async def ledger(stage: Stage, kind: str = "inbox") -> dict[str, int]:
    engine, tag = stage.deps.store.engine, keys.tag_of(stage.shop)
    names = ("met", "missed", "excluded")
    return {name: await engine.call("ZCARD", keys.ledger(tag, stage.shop, kind, name)) for name in names}


async def answered(stage: Stage, conversation: str = "c-1") -> None:
    """A buyer asked, and the seller answered, an hour ago."""
    await stage.link("sales")
    ago = stage.clock.now() - HOUR
    await stage.buyer_writes("Is it blue?", conversation=conversation, message="m-first", sent_at=ago)
    await reply(stage, "Is it blue?", "Yes.")
    await stage.wait(lambda: card_state(stage, "Is it blue?") is CardState.ANSWERED, "the answer")


async def test_no_key_is_left_behind_that_has_no_reason(stage: Stage) -> None:
    """After a busy day and 401 days more there are the seller's things, and a stub of each conversation."""
    await busy_day(stage)
    day = await kinds_left(stage)

    for days in (1, TEXT_DAYS + 1, OBLIGATION_DAYS + 1):
        stage.clock.shift = days * DAY
        await stage.wait(lambda: nothing_due(stage), "what fell due to be done")
        await stage.wait(lambda: no_delivery(stage), "what it said to be carried")
        await walk(stage)

    left = await kinds_left(stage)
    assert {kind for kind in left if keys.TABLE[kind].lifetime.kind != "forever"} == set()
    own = {"shop", "shops", "seller", "sellers", "rooms", "room", "members", "home", "seen_members", "acts_for"}
    assert {*left} - own == {
        "absences", "availability", "conversation", "lane", "meta", "opened", "policy",
    }  # fmt: skip
    assert left["conversation"] == day["conversation"] == 8


async def nothing_due(stage: Stage) -> bool:
    name, now = keys.agenda(keys.tag_of(stage.seller)), stage.clock.now()
    due: int = await stage.deps.store.engine.call("ZCOUNT", name, "-inf", now)
    return due == 0


async def no_delivery(stage: Stage) -> bool:
    return (await kinds_left(stage))["delivery"] == 0


async def test_words_go_thirty_days_after_the_answer_and_all_else_works_on(stage: Stage) -> None:
    """The ledger stays, the history leads to the same, and the card says why it shows nothing."""
    await answered(stage)
    conversation = conversation_id(stage.shop, "c-1")
    before = await ledger(stage)

    stage.clock.shift = (TEXT_DAYS - 1) * DAY
    await stage.wait(lambda: nothing_due(stage), "the agenda")
    kept = await message(stage, "c-1", "m-first")
    stage.clock.shift = TEXT_DAYS * DAY + HOUR
    await stage.wait(lambda: nothing_due(stage), "the agenda")
    await fold(stage.deps, conversation)

    gone = await message(stage, "c-1", "m-first")
    sight = await read_conversation(stage.deps.store, conversation)
    assert kept["text"] == "Is it blue?"
    assert {*gone} == {"conversation", "asks", "key", "incoming", "sent_at", "state"}
    assert sight is not None
    assert [said.forgotten for said in sight.messages] == [True, True]
    assert await ledger(stage) == before == {"met": 1, "missed": 0, "excluded": 0}


async def test_words_that_are_still_owed_an_answer_stay(stage: Stage) -> None:
    """A buyer who came back is not forgotten by the moment of the first answer."""
    await answered(stage)
    stage.clock.shift = (TEXT_DAYS - 1) * DAY
    await stage.buyer_writes("And how big?", message="m-second")

    stage.clock.shift = (TEXT_DAYS + 5) * DAY
    await stage.wait(lambda: nothing_due(stage), "the agenda")

    assert (await message(stage, "c-1", "m-first"))["text"] == "Is it blue?"
    assert (await message(stage, "c-1", "m-second"))["text"] == "And how big?"


async def test_a_late_edit_brings_no_forgotten_words_back(stage: Stage) -> None:
    """What the marketplace tells of them is accepted, and not kept."""
    await answered(stage)
    stage.clock.shift = TEXT_DAYS * DAY + HOUR
    await stage.wait(lambda: nothing_due(stage), "the agenda")

    await edit(stage, "Is it red?")

    assert "text" not in await message(stage, "c-1", "m-first")


async def edit(stage: Stage, text: str) -> None:
    await tell(stage, MessageEdited("e-edit", stage.clock.now(), "c-1", message="m-first", text=text))


async def test_a_buyer_who_comes_back_after_years_is_not_first(stage: Stage) -> None:
    """By the newest word and by the whole history alike: of all that is gone, it is known that it was."""
    await answered(stage)
    stage.clock.shift = (OBLIGATION_DAYS + 1) * DAY
    await stage.wait(lambda: nothing_due(stage), "the agenda")
    await walk(stage)
    emptied = await ledger(stage)

    await stage.buyer_writes("Me again", message="m-again")
    by_newest_word = await ledger(stage)
    await fold(stage.deps, conversation_id(stage.shop, "c-1"))

    assert emptied == {"met": 0, "missed": 0, "excluded": 0}
    assert by_newest_word == await ledger(stage) == {"met": 0, "missed": 0, "excluded": 1}


async def test_what_is_younger_than_the_cutoff_stays_whole(stage: Stage) -> None:
    """The old half of a conversation goes, the young half and its place in the ledger stay."""
    await answered(stage)
    stage.clock.shift = 200 * DAY
    await stage.buyer_writes("And how big?", message="m-second")
    await stage.answered_on_site("Very.")
    stage.clock.shift = (OBLIGATION_DAYS + 1) * DAY
    await stage.wait(lambda: nothing_due(stage), "the agenda")

    await walk(stage)
    await fold(stage.deps, conversation_id(stage.shop, "c-1"))

    assert await message(stage, "c-1", "m-first") == {}
    assert (await message(stage, "c-1", "m-second"))["incoming"] == "1"
    assert await ledger(stage) == {"met": 0, "missed": 0, "excluded": 1}


async def test_a_spam_report_goes_with_the_message_it_is_about(stage: Stage) -> None:
    """Whom it was reported by is known as long as the ledger says why; then nothing of it is left."""
    await stage.link("sales")
    await stage.buyer_writes("Buy followers!", message="m-first", sent_at=stage.clock.now() - HOUR)
    await stage.wait(lambda: card_state(stage, "Buy followers!"), "the card")
    id = message_id(conversation_id(stage.shop, "c-1"), "m-first")
    await stage.act(Press("p-1", person("sam"), place("sales"), Verb.SPAM, id, "scam"))
    await stage.wait(lambda: card_state(stage, "Buy followers!") is CardState.SPAM, "the report")

    stage.clock.shift = TEXT_DAYS * DAY + HOUR
    await stage.wait(lambda: nothing_due(stage), "the agenda")
    wordless = await message(stage, "c-1", "m-first")
    stage.clock.shift = (OBLIGATION_DAYS + 1) * DAY
    await stage.wait(lambda: nothing_due(stage), "the agenda")
    await walk(stage)
    left = await kinds_left(stage)

    assert "text" not in wordless
    assert (wordless["spam"], wordless["spam_why"]) == ("reported", "scam")
    assert await message(stage, "c-1", "m-first") == {}
    assert not {"marks", "messages", "delivery", "strand", "obligation", "ledger"} & {*left}
