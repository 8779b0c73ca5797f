"""Hints: a card says what looks like spam, and nothing is done by it."""

from core.domain.cards import CardState
from core.domain.conversations import Buyer
from core.domain.events import MessageReceived
from core.domain.shops import Shop, ShopSecrets
from core.domain.texts import plain
from core.ids import new_id
from core.policies import load
from core.store.shops import add_shop
from tests.fixtures.core import Stage
from tests.fixtures.spam_reports import asked, card, owed

PITCH = "Hello dear seller, we bring you one thousand orders this week."


async def test_a_known_pattern_is_said_on_the_card(stage: Stage) -> None:
    """And what is owed stays owed."""
    await asked(stage, "Nice work! Please contact me on WhatsApp to talk.")

    assert "It asks to go on outside the site" in plain(card(stage).warning)
    assert card(stage).state is CardState.OPEN
    assert len(await owed(stage)) == 1


async def test_an_honest_message_has_no_hint(stage: Stage) -> None:
    """A link or a price alone is none."""
    await asked(stage, "Could you do https://my-shop.example/logo.png in blue, for 20 dollars?")

    assert card(stage).warning == ()


async def test_the_same_words_to_several_own_shops_are_said_on_each_card(stage: Stage) -> None:
    """Also on the card of the shop that got them first; one shop twice is nothing."""
    second = Shop(new_id("shop", 1), stage.seller, "Other Market", "fiverr", callback_url="https://other.example/in")
    await add_shop(stage.deps.store, second, ShopSecrets(("whsec_a",), ("whsec_b",)), load()["fiverr"])
    await asked(stage, PITCH)
    await stage.buyer_writes(PITCH, conversation="c-again")
    await stage.wait(lambda: len(stage.board.cards("sales")) == 2, "two cards of one shop")
    alone = [card.warning for card in stage.board.cards("sales")]

    told = MessageReceived(
        id="evt-other",
        at=stage.clock.now(),
        conversation="c-other",
        buyer=Buyer("b-1", "Bob"),
        message="m-other",
        text=PITCH.upper().replace(" ", "  "),
        sent_at=stage.clock.now(),
    )
    await stage.door.accept(second.id, "wh-other", [told])
    await stage.wait(lambda: len(hinted(stage)) == 2, "both shops' cards to say so")

    assert alone == [(), ()]
    assert all("The same words came to 2 of your shops" in words for words in hinted(stage))


def hinted(stage: Stage) -> list[str]:
    return [said for card in stage.board.cards("sales") if (said := plain(card.warning))]
