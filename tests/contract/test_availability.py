"""Going away and coming back: shown exactly before it is confirmed, told to the marketplace, and never silently off."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from bots.slack.blocks import SAID, answer_message
from bots.slack.texts import mrkdwn, size
from bots.telegram.messages import draw_answer
from core.domain.actions import Press
from core.domain.cards import Verb
from core.domain.conversations import Order
from core.domain.quiet_hours import QuietHours
from core.domain.shops import Shop, ShopSecrets
from core.domain.texts import plain
from core.domain.zones import HOUR, MINUTE, local, zone_named
from core.errors import TryLater
from core.ids import new_id
from core.policies import load
from core.rendering import say
from core.services.terms import habits_of, set_habits, set_terms
from core.services.until import Read, read_until
from core.store.conversations import conversation_id, read_conversation
from core.store.shops import add_shop
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage
from tests.fixtures.leave import FOUR_HOURS, ask, go, press, second_shop, status, told, when

CHOICE = re.compile(r"[A-Za-z0-9_.-]{1,32}")


async def test_nothing_goes_out_before_it_is_confirmed(stage: Stage) -> None:
    """The preview says start and end, what counts meanwhile, whose reading is stricter, and what buyers see."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")

    shown = await ask(stage, "30 days Happy holidays!")
    text = plain(shown.text)

    assert text.startswith("Example Market: away from now until ")
    assert "1 conversation waits already: its clock goes on. The next is due " in text
    assert "Inquiries that come meanwhile do not count for the rate, by the rules of Fiverr" in text
    assert "Messages on orders go on counting, with their deadlines, and ring." in text
    assert "Be careful: Fiverr, help center of 2025 reads the same rules stricter: " in text
    assert "counts if buyers may write: https://help.fiverr.com/hc/en-us/articles/360015529197" in text
    assert "Your note is public: every buyer can read it." in text
    assert shown.quote is not None
    assert shown.quote.text.startswith("Away until ")
    assert shown.quote.text.endswith(". You can still leave a message. Happy holidays!")
    assert "if not, “You can still leave a message.” is left out." in text
    assert [plain(each.label) for each in shown.buttons] == [
        "Confirm: buyers may write",
        "Confirm: they may not",
        "Another end",
        "Do not",
    ]
    assert stage.bazaar.availability == {}
    assert "Example Market: available." in await status(stage)


async def test_confirmed_it_is_told_to_the_marketplace_and_shown_as_not_confirmed_until_it_has_it(stage: Stage) -> None:
    """By its 2xx; every room is told then, and status says so."""
    await stage.link("sales")
    await stage.link("attic", user="lou")
    stage.bazaar.troubles["availability"] = [TryLater("busy", after=1.0)]
    asked = stage.clock.now()

    answer = await go(stage, "4h gone fishing")
    before = await status(stage)
    await told(stage, "Example Market is away until ")
    await told(stage, "Example Market is away until ", "attic")

    [sent] = stage.bazaar.availability.values()
    assert plain(answer.text).startswith("Example Market: away until ")
    assert "Not confirmed yet" in plain(answer.text)
    assert "Not confirmed: Example Market has not taken yet: away until " in before
    assert (sent.note, sent.accept_messages) == ("gone fishing", True)
    assert sent.start is not None
    assert sent.end is not None
    assert asked <= sent.start <= stage.clock.now()
    assert asked + FOUR_HOURS <= sent.end <= stage.clock.now() + FOUR_HOURS
    assert f"Example Market: away until {when(sent.end)}; buyers may write." in await status(stage)
    assert "ot confirmed" not in await status(stage)


async def test_buyers_may_not_write_where_the_member_says_so(stage: Stage) -> None:
    """The second of the two buttons."""
    await stage.link("sales")

    await go(stage, contact=False)
    await told(stage, "buyers may not write")

    assert [sent.accept_messages for sent in stage.bazaar.availability.values()] == [False]


async def test_a_confirmed_absence_is_spent(stage: Stage) -> None:
    """A second press is the same one; the other button comes too late, and so does a dropped preview."""
    await stage.link("sales")
    shown = await ask(stage, "4h")
    await press(stage, shown, "Confirm: buyers")
    again = await press(stage, shown, "Confirm: buyers")
    other = await press(stage, shown, "Confirm: they")
    dropped = await ask(stage, "4h")
    await press(stage, dropped, "Do not")
    late = await press(stage, dropped, "Confirm: buyers")
    await told(stage, "is away until")

    assert plain(again.text).startswith("Example Market: away until")
    assert plain(other.text).startswith("That was confirmed already")
    assert plain(late.text).startswith("That was not set")
    assert len(stage.bazaar.availability) == 1


async def test_with_no_time_it_is_asked_and_chosen_by_buttons(stage: Stage) -> None:
    """1 h, 4 h, tonight, tomorrow morning, a day; each leads to the preview, which can be left for another end."""
    await stage.link("sales")

    question = await ask(stage)
    labels = [plain(each.label) for each in question.buttons]
    hour = await press(stage, question, "1 h")
    days = await press(stage, question, "Pick a day")
    day = days.buttons[2]
    chosen = await press(stage, days, plain(day.label))
    another = await press(stage, chosen, "Another end")
    await press(stage, await press(stage, another, "Tomorrow, 9:00"), "Confirm: buyers")
    await told(stage, "is away until")

    [sent] = stage.bazaar.availability.values()
    assert [label for label in labels if not label.startswith("Tonight")] == [
        "1 h",
        "4 h",
        "Tomorrow, 9:00",
        "Until I am back",
        "Pick a day",
    ]
    assert plain(hour.text).startswith("Example Market: away from now until ")
    assert ", 1 h." in plain(hour.text)
    assert len(days.buttons) == 8
    assert plain(day.label) in plain(chosen.text)
    assert sent.end is not None
    assert f"{local(zone_named('UTC'), sent.end):%H:%M}" == "09:00"


@pytest.mark.parametrize(
    ("typed", "why", "first"),
    [
        ("back soon", "No time could be read in “back soon”.", "1 h"),
        ("03/04", "“03/04” can mean two things.", ""),
        ("yesterday", "“yesterday” is over already.", "1 h"),
    ],
)
async def test_what_cannot_be_read_is_asked_about(still: Stage, typed: str, why: str, first: str) -> None:
    """And never guessed; a reading that is meant is a press away."""
    await still.link("sales")

    answer = await ask(still, typed)

    assert plain(answer.text).startswith(why)
    assert plain(answer.buttons[0].label).startswith(first)
    assert "buyers" in plain((await press(still, answer, plain(answer.buttons[0].label))).buttons[0].label)


async def test_words_without_a_time_are_the_note_of_what_is_chosen(still: Stage) -> None:
    """`away back soon` and a button."""
    await still.link("sales")

    shown = await press(still, await ask(still, "back soon"), "1 h")

    assert shown.quote is not None
    assert shown.quote.text.endswith(". back soon")


async def test_a_note_too_long_for_a_marketplace_is_refused(still: Stage) -> None:
    """With how long it may be."""
    await still.link("sales")

    said = plain((await ask(still, "4h " + "x" * 300)).text)

    assert said.startswith("The note has 300 characters; buyers are shown 200 at most.")


async def test_times_are_read_in_the_members_own_zone(still: Stage) -> None:
    """That of their quiet hours; the seller's where they have none."""
    await still.link("sales")
    await set_habits(
        still.deps,
        still.seller,
        person("sam"),
        replace(await habits_of(still.deps, still.seller, person("sam")), quiet=QuietHours(zone="Asia/Tokyo")),
    )
    now = still.clock.now()

    shown = await ask(still, "tomorrow 9:00")
    found = read_until("tomorrow 9:00", now, "Asia/Tokyo")

    assert isinstance(found, Read)
    assert found.end is not None
    assert f"until {when(found.end, 'Asia/Tokyo')}" in plain(shown.text)


async def test_what_comes_meanwhile_is_silent_and_does_not_count(stage: Stage) -> None:
    """By the rules of the shop; messages on orders ring and count on, and a clock that runs goes on."""
    await stage.link("sales")
    await stage.buyer_writes("Before?", conversation="c-before")
    await go(stage)
    await told(stage, "is away until")

    await stage.buyer_writes("Meanwhile?", conversation="c-away")
    await stage.buyer_writes("My order?", conversation="c-order", order=Order("o-1", "Logo", "active"))
    await stage.wait(lambda: len(stage.board.cards("sales")) == 3, "three cards")

    silent = {card.conversation: card.silent for card in stage.board.cards("sales")}
    counts = {}
    for name in ("c-before", "c-away", "c-order"):
        sight = await read_conversation(stage.deps.store, conversation_id(stage.shop, name))
        assert sight is not None
        counts[name] = (sight.obligations[0].counts, silent[sight.conversation.id])
    assert counts == {"c-before": (True, False), "c-away": (False, True), "c-order": (True, False)}


async def test_it_ends_by_itself_with_a_greeting_that_lists_what_waits(stage: Stage) -> None:
    """In every room, with a button for each buyer; the marketplace ends it by itself."""
    await stage.link("sales")
    await go(stage, "1h")
    await told(stage, "is away until")
    await stage.buyer_writes("Meanwhile?")

    stage.pass_time(HOUR + MINUTE)
    greeting = await told(stage, "Example Market is available again.")

    assert plain(greeting.text).startswith(
        "Example Market is available again. 1 buyer waits for an answer:\n• Ann: answer by "
    )
    assert [plain(each.label) for each in greeting.buttons] == ["Reply to Ann"]
    assert greeting.loud
    assert len(stage.bazaar.availability) == 1
    assert "Example Market: available." in await status(stage)
    await stage.buyer_writes("Afterwards?", conversation="c-2")
    await stage.wait(lambda: len(stage.board.cards("sales")) == 2, "the card")
    assert not stage.board.cards("sales")[1].silent


async def test_coming_back_early_is_told_too(stage: Stage) -> None:
    """The greeting comes when the marketplace has it."""
    await stage.link("sales")
    await go(stage)
    begun = await told(stage, "is away until")
    answer = await ask(stage, word="back")
    await press(stage, begun, "I am back")
    await told(stage, "Example Market is available again. Nobody waits for an answer.")

    sent = list(stage.bazaar.availability.values())
    assert ", set by Sam; buyers may write." in plain(begun.text)
    assert plain(answer.text).startswith("Example Market: available again. Not confirmed yet")
    assert [(each.start is None, each.end is None) for each in sent] == [(False, False), (True, True)]
    assert plain((await ask(stage, word="back")).text) == "Example Market: available already."


async def test_another_end_is_set_by_going_away_again(stage: Stage) -> None:
    """The start stays, and so does the note where no other is typed; the preview says what is replaced."""
    await stage.link("sales")
    await go(stage, "1h lunch")
    await told(stage, "is away until")

    shown = await ask(stage, "6h")
    await press(stage, shown, "Confirm: buyers")
    await stage.wait(lambda: len(stage.bazaar.availability) == 2, "the new end")

    first, second = stage.bazaar.availability.values()
    assert "It takes the place of the absence until " in plain(shown.text)
    assert (second.start, second.note) == (first.start, "lunch")
    assert first.end is not None
    assert second.end is not None
    assert second.end - first.end >= 5 * HOUR


async def test_planned_ones_are_told_one_after_the_other(stage: Stage) -> None:
    """The marketplace knows the next; the one after it is told when that is over, and can be taken back."""
    await stage.link("sales")
    day = 24 * HOUR
    first, second = stage.clock.now() + day, stage.clock.now() + 4 * day

    def stretch(at: int) -> str:
        shown = local(zone_named("UTC"), at)
        return f"from {shown:%Y-%m-%d %H:%M} to {local(zone_named('UTC'), at + day):%Y-%m-%d %H:%M}"

    await go(stage, stretch(second))
    await told(stage, "Example Market has it: away from ")
    await go(stage, stretch(first))
    await stage.wait(lambda: len(stage.bazaar.availability) == 2, "the earlier one")
    both = await status(stage)
    stage.pass_time(2 * day + HOUR)
    await stage.wait(lambda: len(stage.bazaar.availability) == 3, "the later one")
    taken = await press(stage, await ask(stage, word="status"), "Take back ")
    await told(stage, "Example Market has it: the absence that was planned is off.")

    sent = list(stage.bazaar.availability.values())
    assert both.count("Planned: away from ") == 2
    assert [each.start for each in sent] == [
        second // MINUTE * MINUTE,
        first // MINUTE * MINUTE,
        second // MINUTE * MINUTE,
        None,
    ]
    assert plain(taken.text).startswith("Example Market: the absence that was planned is off.")


async def test_several_shops_go_together_or_one_by_name(stage: Stage) -> None:
    """All of them by default; one by its name, or by a button of the preview."""
    await stage.link("sales")
    second = await second_shop(stage)

    together = await ask(stage, "4h")
    named = await ask(stage, "Second: 4h")
    narrowed = await press(stage, together, "Only Second")
    await press(stage, together, "Confirm: buyers")
    await stage.wait(lambda: len(stage.bazaar.availability) == 2, "both")
    shown = await ask(stage, word="status")
    await press(stage, shown, "I am back: Second")
    await told(stage, "Second is available again.")

    assert plain(together.text).startswith("All 2 shops: away from now until ")
    assert plain(named.text).startswith("Second: away from now until ")
    assert plain(narrowed.text).startswith("Second: away from now until ")
    alone = plain((await ask(stage, "second", word="status")).text)
    assert {each.split("-")[0] for each in stage.bazaar.availability} == {stage.shop, second}
    assert alone.splitlines()[1:] == ["Second: available."]
    assert "Example Market: away until " in await status(stage)


async def test_a_name_that_no_shop_has_brings_nobody_back(stage: Stage) -> None:
    """It is asked about: all of them may be more than was meant."""
    await stage.link("sales")
    await second_shop(stage)
    await go(stage)
    await stage.wait(lambda: len(stage.bazaar.availability) == 2, "both away")

    answer = await ask(stage, "Secnd", word="back")

    assert plain(answer.text).startswith("No shop is called “Secnd”: nothing has changed.")
    assert [plain(each.label) for each in answer.buttons] == ["I am back: Example Market", "I am back: Second"]
    assert len(stage.bazaar.availability) == 2


async def test_a_foreign_or_forged_target_is_refused(still: Stage) -> None:
    """Another seller's draft, another seller's shop, nonsense, and a draft of a reply."""
    await still.link("sales")
    pressed: Callable[[Verb, str, str], Press] = lambda verb, target, choice: Press(  # noqa: E731
        f"f-{next(still.counter)}", person("sam"), place("sales"), verb, target, choice
    )

    answers = [
        await still.act(pressed(Verb.AWAY, "01a" + "a" * 20, "open")),
        await still.act(pressed(Verb.AWAY, "01d" + "a" * 20, "open")),
        await still.act(pressed(Verb.AWAY, "x", "open")),
        await still.act(pressed(Verb.AVAILABILITY, "01p" + "a" * 20, "back")),
        await still.act(pressed(Verb.AVAILABILITY, "nonsense", "back")),
    ]

    assert [plain(each.text)[:26] for each in answers[:3]] == ["That is not kept any more."] * 3
    assert all(plain(each.text).startswith("Shopbell does not find that shop") for each in answers[3:])


async def test_whatever_the_names_it_fits_into_both_chats(still: Stage) -> None:
    """A dozen shops with hostile names under several policies, and the longest note: nothing is cut off."""
    await still.link("sales")
    for number, policy in enumerate(("fiverr", "fiverr-2025", "custom", "lazada") * 3):
        shop = Shop(new_id("shop", 1), still.seller, f"&*<_~{number}" * 15, policy, callback_url=None)
        await add_shop(still.deps.store, shop, ShopSecrets(("whsec_a",), ("whsec_b",)), load()[policy])
    note = "&<*_~`" * 33
    shown = await ask(still, f"4h {note}")
    answers = [await ask(still), await ask(still, f"03/04 {note}"), shown, await press(still, shown, "Confirm: buyers")]
    answers += [await ask(still, word="status"), await ask(still, word="back")]

    for answer in answers:
        whole = mrkdwn(answer.text, 100_000)
        assert size(whole) <= SAID, whole
        assert answer_message(answer, say)["blocks"][0]["text"]["text"] == whole
        [drawn] = draw_answer(answer, say)
        assert plain(answer.text).splitlines()[-1][-20:].replace("…", "") in drawn.plain
        assert all(button.choice == "" or CHOICE.fullmatch(button.choice) for button in answer.buttons)


async def test_a_german_seller_goes_away_in_german(stage: Stage) -> None:
    """Times are read in both languages; what buyers read is the marketplace's to say."""
    await set_terms(stage.deps, stage.seller, language="de")
    await stage.link("sales")

    shown = await ask(stage, "montag 9:00 Messe")
    await press(stage, shown, "Bestätigen: Käufer")
    note = await told(stage, "Example Market ist abwesend bis ")

    assert plain(shown.text).startswith("Example Market: abwesend von jetzt bis Mo ")
    assert shown.quote is not None
    assert re.fullmatch("Away until Mon .*[.] You can still leave a message[.] Messe", shown.quote.text)
    assert "wenn nicht, fehlt darin „You can still leave a message.“" in plain(shown.text)
    assert "eingestellt von Sam; Käufer dürfen schreiben." in plain(note.text)
    assert [sent.note for sent in stage.bazaar.availability.values()] == ["Messe"]
