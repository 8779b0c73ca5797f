"""An absence that nobody set an end to: it lasts until somebody says that they are back."""

import pytest

from core.domain.texts import plain
from core.domain.zones import HOUR
from tests.fixtures.core import Stage
from tests.fixtures.leave import ask, press, status, told


@pytest.mark.parametrize("typed", ["", "until I am back"])
async def test_an_absence_may_last_until_they_come_back(stage: Stage, typed: str) -> None:
    """By a button or typed: shown, told to the marketplace without an end, and over when somebody says so."""
    await stage.link("sales")
    shown = await ask(stage, typed)
    preview = shown if typed else await press(stage, shown, "Until I am back")
    confirmed = await press(stage, preview, "Confirm: buyers may")
    began = await told(stage, "Example Market is away, set by Sam")
    stands = await status(stage)
    stage.pass_time(400 * 24 * HOUR)
    later = await status(stage)
    await press(stage, await ask(stage, word="status"), "I am back")
    await told(stage, "Example Market is available again.")

    away, back = stage.bazaar.availability.values()
    assert plain(preview.text).startswith("Example Market: away from now until you come back.\n")
    assert preview.quote is not None
    assert preview.quote.text == "Away. You can still leave a message."
    assert plain(confirmed.text).startswith("Example Market: away until you come back. Not confirmed yet")
    assert "buyers may write" in plain(began.text)
    assert "Example Market: away; buyers may write." in stands
    assert "Example Market: away; buyers may write." in later
    assert (away.start is not None, away.end) == (True, None)
    assert (back.start, back.end) == (None, None)


async def test_one_with_an_end_takes_the_place_of_one_without(stage: Stage) -> None:
    """The preview says so; for oneself alone it works as well."""
    await stage.link("sales")
    await press(stage, await ask(stage, "until further notice"), "Confirm: buyers may")
    await told(stage, "Example Market is away, set by")
    preview = await ask(stage, "4h")
    own = await ask(stage, "me until I am back")
    stands = await status(stage)

    assert "It takes the place of the absence that lasts until you come back." in plain(preview.text)
    assert plain(own.text).startswith("You are away until you come back. ")
    assert "You yourself are away until you come back." in stands


async def test_who_is_back_is_told_what_is_overdue(stage: Stage) -> None:
    """A deadline that passed while they were away is not asked to be kept."""
    await stage.link("sales")
    await press(stage, await ask(stage, "until I am back"), "Confirm: buyers may")
    began = await told(stage, "Example Market is away, set by Sam")
    await stage.buyer_writes("Meanwhile?")
    await stage.wait(lambda: stage.board.cards("sales"), "the card")
    stage.pass_time(25 * HOUR)
    await stage.buyer_writes("And I?", conversation="c-2", buyer="Bo")
    await stage.wait(lambda: len(stage.board.cards("sales")) == 2, "the second card")
    await press(stage, began, "I am back")
    greeting = plain((await told(stage, "Example Market is available again.")).text)

    ann, bo = greeting.split("\n• ")[1:]
    assert ann.startswith("Ann: overdue since ")
    assert bo.startswith("Bo: answer by ")


async def test_status_names_what_is_overdue_and_a_shop_that_is_none(stage: Stage) -> None:
    """What has passed is not due next, and a name that nobody bears is said to be none."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    before = await status(stage)
    stage.pass_time(25 * HOUR)

    after, none = await status(stage), plain((await ask(stage, "Nowhere", word="status")).text)

    assert "1 waiting for an answer. The next is due " in before
    assert "1 waiting for an answer. The first is overdue since " in after
    assert "\nNo shop is called “Nowhere”. There are:\nExample Market: available." in none
