"""A holding reply: off by default, sent by nobody, once in each absence, and honest about what it counts for."""

from core.domain.absences import Absence
from core.domain.actions import Command
from core.domain.cards import Answer, CardState
from core.domain.conversations import Order
from core.domain.texts import plain
from core.domain.zones import HOUR
from core.errors import Rejected
from core.store import keys
from core.store.conversations import conversation_id, owed_conversations, read_conversation
from core.store.quick_responses import keep_quick_response, new_quick_response
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage
from tests.fixtures.leave import ask, go, press, site_says, told
from tests.fixtures.spam_reports import govern
from tests.fixtures.waiting import wait_until

AWAY = "Hi {{ buyer.name }}, {{ shop.name }} is away and answers when it is back."


async def show(stage: Stage) -> Answer:
    return await stage.act(Command(f"k-{next(stage.counter)}", person("sam"), place("sales"), "quick", "show Away"))


async def prepare(stage: Stage, source: str = AWAY) -> None:
    await stage.link("sales")
    made = new_quick_response(stage.seller, "away", "Away", source)
    assert await keep_quick_response(stage.deps.store, stage.seller, made, anew=True) == "done"


async def turn_on(stage: Stage) -> Answer:
    """What was asked before."""
    asked = await press(stage, await show(stage), "Send while away")
    await press(stage, asked, "Yes, send it while away")
    return asked


async def leave(stage: Stage) -> None:
    await go(stage)
    await told(stage, "Example Market is away until")


async def written_to_ann(stage: Stage) -> list[str]:
    """What is on its way to her, or was sent, once the moment was looked at that her message set."""
    conversation = conversation_id(stage.shop, "c-1")
    agenda = keys.agenda(keys.tag_of(conversation))

    async def is_looked_at() -> bool:
        return await stage.deps.store.engine.call("ZSCORE", agenda, f"holding/{conversation}") is None

    await stage.wait(lambda: stage.board.cards("sales"), "the card")
    await wait_until(is_looked_at, "the moment to be carried out")
    sight = await read_conversation(stage.deps.store, conversation)
    assert sight is not None
    return [message.text for message in sight.messages if not message.incoming]


async def test_nothing_is_sent_unless_a_seller_wants_it(stage: Stage) -> None:
    """A quick response that is only kept is sent to nobody."""
    await prepare(stage)
    await leave(stage)
    await stage.buyer_writes("Is it blue?")

    assert await written_to_ann(stage) == []


async def test_what_it_counts_for_is_said_before_it_is_turned_on(stage: Stage) -> None:
    """And again in the preview of each absence, with what buyers get."""
    await prepare(stage)
    asked = await turn_on(stage)
    shown = await show(stage)
    preview = await ask(stage, "4h")

    assert plain(asked.text) == (
        "While a shop is away, a buyer who makes an inquiry is sent Away at once: once in each absence, and nobody "
        "looks at it before. Shall it be?\n"
        "By the rules of Fiverr that is no answer: what the buyer wrote is owed as without it."
    )
    assert plain(shown.text) == "Away · all shops · not sent yet · sent to buyers while away"
    assert f"Whoever writes meanwhile is sent a holding reply: “{AWAY}”" in plain(preview.text)
    assert "By the rules of Fiverr that is no answer" in plain(preview.text)


async def test_a_buyer_who_writes_meanwhile_gets_it_once_and_is_still_owed(stage: Stage) -> None:
    """The marketplace is told that nobody wrote it; the card goes on asking, and the room hears of it silently."""
    await prepare(stage)
    await turn_on(stage)
    await leave(stage)
    await stage.buyer_writes("Is it blue?")
    sent = await told(stage, "A holding reply was sent to Ann.")
    await stage.buyer_writes("Hello?")
    await stage.wait(lambda: "Hello?" in "".join(stage.board.said("sales")), "the second message")
    said = await written_to_ann(stage)

    (reply,) = stage.bazaar.replies.values()
    (card,) = stage.board.cards("sales")
    assert said == [reply.text]
    assert reply.text == "Hi Ann, Example Market is away and answers when it is back."
    assert reply.author is None
    assert reply.used is not None
    assert reply.used.title == "Away"
    assert plain((await show(stage)).text) == "Away · all shops · sent once · sent to buyers while away"
    assert "An answer is still owed." in plain(sent.text)
    assert not sent.loud
    assert card.state is CardState.OPEN
    assert plain(card.status).startswith("Answer by")


async def test_the_next_absence_sends_it_anew(stage: Stage) -> None:
    """Once in each."""
    await prepare(stage)
    await turn_on(stage)
    await leave(stage)
    await stage.buyer_writes("Is it blue?")
    await told(stage, "A holding reply was sent to Ann.")
    await press(stage, await ask(stage, word="status"), "I am back")
    await told(stage, "is available again")
    stage.pass_time(HOUR)
    notes = len(stage.board.notes("sales"))
    await go(stage)
    await stage.wait(lambda: len(stage.board.notes("sales")) > notes, "the second absence")
    await stage.buyer_writes("Hello?")

    await stage.wait(lambda: len(stage.bazaar.replies) == 2, "the second holding reply")


async def test_where_the_rules_take_it_for_an_answer_it_settles(stage: Stage) -> None:
    """As Etsy's do: the question says so, and the card who answered."""
    await govern(stage, "etsy-star-seller")
    await prepare(stage)
    asked = await turn_on(stage)
    await leave(stage)
    await stage.buyer_writes("Is it blue?")
    await told(stage, "A holding reply was sent to Ann.")
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.ANSWERED, "the answered card")

    assert "By the rules of Etsy Star Seller that counts as an answer." in plain(asked.text)
    assert plain(stage.board.cards("sales")[0].status).startswith("Answered by Shopbell")
    assert await owed_conversations(stage.deps.store, stage.seller, 10) == []


async def test_where_the_rules_allow_none_it_cannot_be_turned_on(stage: Stage) -> None:
    """And nothing is sent, whatever was turned on before the rules were others."""
    await prepare(stage)
    await turn_on(stage)
    await govern(stage, "amazon")
    await leave(stage)
    await stage.buyer_writes("Is it blue?")
    said = await written_to_ann(stage)
    refused = await press(stage, await press(stage, await show(stage), "Not while away"), "Send while away")

    assert said == []
    assert "do not allow that, so nothing is sent there." in plain(refused.text)
    assert plain(refused.text).endswith("So it cannot be turned on. Nothing has changed.")
    assert [plain(button.label) for button in refused.buttons] == ["Back"]


async def test_one_that_lacks_a_value_cannot_be_sent_by_itself(stage: Stage) -> None:
    """What a member would be asked for, nobody is there to fill in."""
    await prepare(stage, "About {{ order.title }}: I am away.")
    refused = await press(stage, await show(stage), "Send while away")

    assert plain(refused.text) == (
        "It cannot be sent by itself: order.title has no value then. "
        "Give it one to fall back on, as in {{ order.title|default('…') }}. Nothing has changed."
    )


async def test_what_is_written_on_an_order_is_sent_none(stage: Stage) -> None:
    """It rings as ever, and waits for a member."""
    await prepare(stage)
    await turn_on(stage)
    await leave(stage)
    await stage.buyer_writes("Where is it?", order=Order("o-1", "Logo"))

    assert await written_to_ann(stage) == []


async def test_an_absence_without_an_end_sends_none_that_names_it(stage: Stage) -> None:
    """As set on the site: nobody knows when the shop is back."""
    await prepare(stage, "Back {{ away.until }}.")
    await turn_on(stage)
    await site_says(stage, Absence(stage.clock.now(), None))
    await told(stage, "Example Market is away")
    await stage.buyer_writes("Is it blue?")

    assert await written_to_ann(stage) == []


async def test_a_refusal_is_told_and_stands_in_nobodys_way(stage: Stage) -> None:
    """In the marketplace's words; the card still asks for an answer."""
    await prepare(stage)
    await turn_on(stage)
    await leave(stage)
    stage.bazaar.troubles["c-1"] = [Rejected("No automatic messages, please.")]
    await stage.buyer_writes("Is it blue?")
    note = await told(stage, "No holding reply to Ann.")

    assert "said: No automatic messages, please." in plain(note.text)
    assert stage.board.cards("sales")[0].state is CardState.OPEN
    assert stage.bazaar.texts() == []
