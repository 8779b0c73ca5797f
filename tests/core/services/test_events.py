"""What a marketplace tells us, in any order and as often as it likes, comes to the same."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import permutations, zip_longest
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.conversations import Buyer, Order
from core.domain.deliveries import Delivery, DeliveryKind
from core.domain.events import (
    Event,
    EventResult,
    Ignored,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    MessageSent,
    OrderChanged,
    Told,
)
from core.ports.marketplace import Receipt
from core.services.cards import draw
from core.services.histories import fold
from core.store.conversations import conversation_id, message_id, owed_conversations, read_conversation
from core.store.deliveries import finish_post
from core.store.replies import Written, finish_reply, write_reply
from tests.contract.chalkboard.adapter import person
from tests.fixtures.core import MINUTE, Stage

HOUR = 60 * MINUTE


def wrote(minute: int, key: str = "", order: str = "", **more: object) -> MessageReceived:
    key = key or f"m-{minute}"
    about = Order(order, "Logo") if order else None
    return MessageReceived(
        key, minute, "", Buyer("b", "Ann"), about, message=key, text=f"said {minute}", sent_at=minute
    )


def sent(minute: int) -> MessageSent:
    return MessageSent(f"s-{minute}", minute, "", message=f"s-{minute}", text=f"answer {minute}", sent_at=minute)


def edited(minute: int, key: str) -> MessageEdited:
    return MessageEdited(f"e-{minute}", minute, "", message=key, text=f"edit {minute}")


def deleted(minute: int, key: str) -> MessageDeleted:
    return MessageDeleted(f"d-{minute}", minute, "", message=key)


def order(minute: int, status: str) -> OrderChanged:
    return OrderChanged(f"o-{minute}", minute, "", Buyer("b", f"Ann at {minute}"), Order("o-1", "Logo", status))


class Telling:
    """Tells timelines, each of a conversation of its own; minutes become instants of the last hours."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.base = stage.clock.now() - 24 * HOUR
        self.told = 0

    async def tell(self, timeline: Sequence[Told]) -> object:
        """What anybody can see of the conversation afterwards."""
        self.told = next(self.stage.counter)
        for event in timeline:
            await self.stage.door.accept(self.stage.shop, "wh", [self._placed(event)])
        return await self._seen()

    async def tell_together(self, timelines: Sequence[Sequence[Told]]) -> list[object]:
        """The same of several conversations that were told in one batch, a word of each after the other."""
        told = [next(self.stage.counter) for _ in timelines]
        turns = [[(number, event) for event in timeline] for number, timeline in zip(told, timelines, strict=True)]
        mixed = [each for some in zip_longest(*turns) for each in some if each is not None]
        await self.stage.door.accept(self.stage.shop, "wh", [self._placed(event, number) for number, event in mixed])
        seen = []
        for self.told in told:
            seen.append(await self._seen())
        return seen

    def _placed(self, event: Told, told: int | None = None) -> Event:
        told = self.told if told is None else told
        placed = replace(event, id=f"{told}-{event.id}", conversation=f"c-{told}", at=self.base + event.at * MINUTE)
        if isinstance(placed, MessageReceived | MessageSent):
            placed = replace(placed, sent_at=self.base + placed.sent_at * MINUTE)
        assert isinstance(placed, MessageReceived | MessageSent | MessageEdited | MessageDeleted | OrderChanged)
        return placed

    async def _seen(self) -> object:
        conversation = conversation_id(self.stage.shop, f"c-{self.told}")
        sight = await read_conversation(self.stage.deps.store, conversation)
        if sight is None:
            return None
        card = draw(self.stage.deps, sight)
        owed = [(o.kind, o.order, o.opened_at, o.deadline) for o in sight.obligations]
        said = [(m.key, m.text, m.deleted) for m in sight.messages if not m.deleted]
        gone = {m.key for m in sight.messages if m.deleted}
        is_owed = conversation in await owed_conversations(self.stage.deps.store, self.stage.seller, 10_000)
        return (
            (card.state, card.status, card.quote, card.subject, sight.conversation.buyer),
            (owed, is_owed, said, gone),
        )


TIMELINES: dict[str, tuple[Told, ...]] = {
    "the buyer wrote on before and after an answer": (wrote(1), wrote(2), sent(3), wrote(4), wrote(5)),
    "two answers": (wrote(1), sent(2), wrote(3), sent(4)),
    "the second message is owed": (wrote(1), wrote(3), sent(2)),
    "an order and an inquiry": (wrote(1), wrote(2, order="o-1"), sent(3), wrote(4, order="o-1"), wrote(5)),
    "edits": (wrote(1), edited(2, "m-1"), edited(3, "m-1"), wrote(4), edited(5, "m-4")),
    "a deletion stays": (wrote(1), edited(2, "m-1"), deleted(3, "m-1"), edited(4, "m-1")),
    "the seller's own words edited on the site": (wrote(1), sent(2), edited(3, "s-2")),
    "an order's life": (order(1, "active"), wrote(2, order="o-1"), order(3, "delivered"), order(4, "completed")),
}


@pytest.mark.parametrize("name", TIMELINES)
async def test_any_order_of_telling_comes_to_the_same(still: Stage, name: str) -> None:
    """Cards, open obligations and deadlines follow from what was said and when, not from when we heard."""
    telling, timeline = Telling(still), TIMELINES[name]
    expected = await telling.tell(timeline)

    for shuffled in permutations(timeline):
        assert await telling.tell(shuffled) == expected, [event.id for event in shuffled]


said_things = st.one_of(
    st.builds(wrote, st.integers(1, 30)),
    st.builds(lambda minute: wrote(minute, f"mo-{minute}", "o-1"), st.integers(1, 30)),
    st.builds(sent, st.integers(1, 30)),
    st.builds(edited, st.integers(1, 30), st.sampled_from(["m-1", "m-2", "m-3"])),
    st.builds(deleted, st.integers(1, 30), st.sampled_from(["m-1", "m-2", "m-3"])),
    st.builds(order, st.integers(1, 30), st.sampled_from(["active", "delivered"])),
)
timelines = st.lists(said_things, max_size=8, unique_by=lambda event: event.at)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(timelines, st.randoms(use_true_random=False))
async def test_any_timeline_shuffled_and_doubled_comes_to_the_same(
    still: Stage, timeline: list[Told], random: Random
) -> None:
    """Also with some of it told twice."""
    telling = Telling(still)
    expected = await telling.tell(sorted(timeline, key=lambda event: event.at))
    shuffled = timeline + [event for event in timeline if random.random() < 0.3]
    random.shuffle(shuffled)

    assert await telling.tell(shuffled) == expected


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(timelines, max_size=4), st.randoms(use_true_random=False))
async def test_a_batch_comes_to_the_same_as_its_events_one_by_one(
    still: Stage, each: list[list[Told]], random: Random
) -> None:
    """Whatever stands in it of how many conversations, in whatever order, with some of it twice."""
    telling = Telling(still)
    shuffled = [timeline + timeline[:2] for timeline in each]
    for timeline in shuffled:
        random.shuffle(timeline)
    expected = [await telling.tell(timeline) for timeline in shuffled]

    assert await telling.tell_together(shuffled) == expected


async def test_what_the_buyer_writes_while_a_reply_is_on_its_way_is_owed_an_answer_and_rings(still: Stage) -> None:
    """The reply was written before it, so it cannot be the answer to it."""
    await still.link("sales")
    await still.buyer_writes("Is it blue?", sent_at=still.clock.now() - MINUTE)
    store, conversation = still.deps.store, conversation_id(still.shop, "c-1")
    written = await write_reply(store, still.seller, conversation, Written("Yes.", person("sam"), operation="one"))
    still.pass_time(1_000)
    await still.buyer_writes("And how big?")
    asked_at = still.clock.now()
    still.pass_time(1_000)

    await finish_reply(store, written[1], conversation, written[1], Receipt(still.clock.now()))
    await fold(still.deps, conversation)
    sight = await read_conversation(store, conversation)
    notes = [found async for found in everything(still)]

    assert sight is not None
    assert [obligation.opened_at for obligation in sight.obligations] == [pytest.approx(asked_at, abs=50)]
    assert draw(still.deps, sight).quote.text == "And how big?"
    assert [found.facts["loud"] for found in notes if found.kind is DeliveryKind.MESSAGE] == ["1"]


async def everything(still: Stage) -> AsyncIterator[Delivery]:
    """All that is to be shown, one after the other."""
    while claimed := await still.claim():
        for found in claimed:
            yield found
            if found.kind is not DeliveryKind.REPLY:
                await finish_post(still.deps.store, found, found.id if found.kind is DeliveryKind.CARD else "")


async def test_a_marketplace_whose_clock_is_ahead_is_answered_all_the_same(still: Stage) -> None:
    """Nothing was said after we heard of it."""
    await still.link("sales")
    await still.buyer_writes("Is it blue?", sent_at=still.clock.now() + 4 * MINUTE)
    still.pass_time(1_000)

    await still.answered_on_site("Yes.")

    assert await owed_conversations(still.deps.store, still.seller, 10) == []


async def test_history_that_answers_an_open_message_closes_its_card(still: Stage) -> None:
    """The import of the first day may know more than the events did."""
    await still.link("sales")
    await still.buyer_writes("Is it blue?", sent_at=still.clock.now() - MINUTE)
    shown = [found.kind async for found in everything(still)]

    told = sent(0)
    now = still.clock.now()
    await still.door.accept(still.shop, "wh", [replace(told, conversation="c-1", at=now, sent_at=now, history=True)])
    then = [found.kind async for found in everything(still)]

    assert (shown, then) == ([DeliveryKind.CARD], [DeliveryKind.REDRAW])


async def test_a_message_that_an_import_brought_first_rings_when_it_is_told_as_news(still: Stage) -> None:
    """An import that overlaps with live events swallows none of them."""
    await still.link("sales")
    first = await still.buyer_writes("Is it blue?", message="m-1", history=True)
    second = await still.buyer_writes("Is it blue?", message="m-1")
    third = await still.buyer_writes("Is it blue?", message="m-1", history=True)

    assert (first, second, third) == (EventResult.ACCEPTED, EventResult.ACCEPTED, EventResult.DUPLICATE)
    assert [found.kind async for found in everything(still)] == [DeliveryKind.CARD]


async def test_events_of_one_batch_are_taken_in_its_order(still: Stage) -> None:
    """Each is answered in its place; a type we do not know is kept, and nothing else."""
    now = still.clock.now()
    said = [replace(wrote(number), conversation="c-1", at=now, sent_at=now - 10 + number) for number in range(3)]
    strange = Ignored("x-1", now, "listing.paused", "{}")

    results = await still.door.accept(still.shop, "wh", [said[0], strange, said[1], said[0], said[2]])
    sight = await read_conversation(still.deps.store, conversation_id(still.shop, "c-1"))

    accepted, duplicate = EventResult.ACCEPTED, EventResult.DUPLICATE
    assert results == [accepted, EventResult.IGNORED, accepted, duplicate, accepted]
    assert sight is not None
    assert [message.text for message in sight.messages] == ["said 0", "said 1", "said 2"]


async def test_one_message_under_two_event_ids_is_one_message(still: Stage) -> None:
    """Dedupe is by what happened, not by the telling alone."""
    results = [await still.buyer_writes("Hi", message="m-1", event=event) for event in ("e-1", "e-2", "e-1")]

    assert results == [EventResult.ACCEPTED, EventResult.DUPLICATE, EventResult.DUPLICATE]


class Echoes:
    """A reply of ours that was handed to the marketplace, and ways in which the marketplace tells of it."""

    def __init__(self, still: Stage) -> None:
        self.still = still
        self.conversation = conversation_id(still.shop, "c-1")

    async def write(self, text: str, operation: str) -> str:
        still, written = self.still, Written(text, person("sam"), operation)
        _, message = await write_reply(still.deps.store, still.seller, self.conversation, written)
        return message

    async def answer(self, message: str, key: str | None) -> None:
        receipt = Receipt(self.still.clock.now(), key)
        await finish_reply(self.still.deps.store, message, self.conversation, message, receipt)

    async def echo(self, text: str, key: str, reply: str | None = None) -> None:
        now, number = self.still.clock.now(), next(self.still.counter)
        told = MessageSent(f"echo-{number}", now, "c-1", message=key, text=text, sent_at=now, reply=reply)
        await self.still.door.accept(self.still.shop, "wh", [told])

    async def outgoing(self) -> list[str]:
        sight = await read_conversation(self.still.deps.store, self.conversation)
        assert sight is not None
        return [f"{message.text} {message.state}" for message in sight.messages if not message.incoming]


WAYS = {"by our id": (True, None), "by its message id": (False, "site-1"), "by its text": (False, None)}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("first", ["echo", "answer"])
async def test_the_echo_of_our_own_reply_is_no_second_answer(still: Stage, way: str, first: str) -> None:
    """Before the response or after it; then the receipt stands once."""
    await still.link("sales")
    await still.buyer_writes("Is it blue?", sent_at=still.clock.now() - MINUTE)
    echoes, (names_us, key) = Echoes(still), WAYS[way]
    reply = await echoes.write("Yes.", "one")
    kinds = []
    async for found in everything(still):
        kinds.append(found.kind)
        if found.kind is DeliveryKind.REPLY:
            steps: list[Callable[[], Awaitable[None]]] = [
                lambda: echoes.echo("Yes.", "site-1", reply if names_us else None),
                lambda: echoes.answer(reply, key),
            ]
            for step in steps if first == "echo" else reversed(steps):
                await step()

    assert await echoes.outgoing() == ["Yes. sent"]
    assert kinds.count(DeliveryKind.RECEIPT) == 1


async def test_two_replies_of_the_same_words_both_reach_the_marketplace(still: Stage) -> None:
    """The echo of the first does not stand for the second, which is still to be sent."""
    await still.link("sales")
    await still.buyer_writes("Thanks", sent_at=still.clock.now() - MINUTE)
    echoes = Echoes(still)
    first, second = await echoes.write("Welcome!", "one"), await echoes.write("Welcome!", "two")
    sent_out = []
    async for found in everything(still):
        if found.kind is DeliveryKind.REPLY:
            sent_out.append(found.message)
            await echoes.echo("Welcome!", f"site-{found.message}")
            await echoes.answer(found.message, None)

    assert sent_out == [first, second]
    assert await echoes.outgoing() == ["Welcome! sent"] * 2


async def test_a_marketplace_that_names_a_buyers_message_as_our_reply_changes_nothing_of_it(still: Stage) -> None:
    """A wrong id is no echo."""
    await still.buyer_writes("Is it blue?", message="m-1", sent_at=still.clock.now() - MINUTE)
    conversation = conversation_id(still.shop, "c-1")

    await still.answered_on_site("Yes.", reply=message_id(conversation, "m-1"))
    sight = await read_conversation(still.deps.store, conversation)

    assert sight is not None
    assert [(message.incoming, message.text) for message in sight.messages] == [(True, "Is it blue?"), (False, "Yes.")]


async def test_words_that_the_seller_edits_on_the_site_are_not_called_the_buyers(still: Stage) -> None:
    """Only what the buyer changed is said in the room."""
    await still.link("sales")
    await still.buyer_writes("Is it blue?", message="m-1")
    now = still.clock.now()
    said = MessageSent("s", now, "c-1", message="s-1", text="Yes.", sent_at=now)
    await still.door.accept(still.shop, "wh", [said])
    assert [found.kind async for found in everything(still)]

    edit = MessageEdited("e", now + 1, "c-1", message="s-1", text="Yes, blue.")
    await still.door.accept(still.shop, "wh", [edit])

    assert DeliveryKind.MESSAGE not in [found.kind async for found in everything(still)]
