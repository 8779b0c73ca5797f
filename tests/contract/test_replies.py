"""Replies that cannot be sent as they are: refused in the chat where they were typed, with what to do."""

from core.domain.actions import Submit
from core.domain.cards import Verb
from core.domain.texts import plain
from core.store.conversations import conversation_id
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage


async def send(stage: Stage, text: str) -> str:
    target = conversation_id(stage.shop, "c-1")
    key = f"f-{next(stage.counter)}"
    return plain((await stage.act(Submit(key, person("sam"), place("sales"), Verb.REPLY, target, {"text": text}))).text)


async def test_a_reply_without_a_visible_character_is_empty(still: Stage) -> None:
    """Spaces and characters that nobody sees are nothing to send."""
    await still.link("sales")
    await still.buyer_writes("Is it blue?")

    assert [await send(still, text) for text in ("", " \n\t", "\u200b\u2060")] == [
        "There is nothing to send yet: the reply is empty."
    ] * 3


async def test_a_reply_that_is_too_long_says_by_how_much(still: Stage) -> None:
    """Longer than the marketplace takes; just as long is sent."""
    await still.link("sales")
    await still.buyer_writes("Is it blue?")

    said = await send(still, "x" * 20_001)
    fits = await send(still, "x" * 20_000)

    assert said == (
        "The reply has 20,001 characters; Example Market takes 20,000. Shorten it and send it again. Nothing was sent."
    )
    assert fits == ""
