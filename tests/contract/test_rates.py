"""Members ask for their rates: what they are, what cost them, what is at risk, and what the marketplace shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bots.slack.blocks import SAID, answer_message
from bots.slack.texts import mrkdwn, size
from bots.telegram.messages import draw_answer
from core.domain.actions import Command, Press
from core.domain.cards import Answer, Verb
from core.domain.policies import Mark
from core.domain.rates import Window
from core.domain.texts import plain
from core.rendering import say
from core.services.rates import know, measured_of, standing_of
from core.store import keys
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage
from tests.fixtures.rates import Market, market, ruled

HOSTILE = "&*_~`<!channel> @everyone " * 20


async def only(stage: Stage, shop: Market) -> None:
    """The stage's own shop steps aside."""
    await stage.deps.store.engine.call("SREM", keys.shops(keys.tag_of(stage.seller), stage.seller), stage.shop)


async def ask(stage: Stage, rest: str = "", user: str = "sam") -> Answer:
    number = next(stage.counter)
    return await stage.act(Command(f"k-{number}", person(user), place("sales"), "rates", rest))


async def press(stage: Stage, target: str, choice: str, user: str = "sam") -> Answer:
    number = next(stage.counter)
    return await stage.act(Press(f"p-{number}", person(user), place("sales"), Verb.RATES, target, choice))


async def busy(stage: Stage, buyer: str = "Ann", count: int = 10, name: str = "My site") -> Market:
    """Mostly answered, two missed, two waiting."""
    await stage.link("sales")
    shop = await market(stage, ruled(waived=Mark()), name=name)
    await only(stage, shop)
    shop.buyer = buyer
    for number in range(count):
        await shop.asked(-200 + number, f"met-{number}")
        await shop.answered(-150, f"met-{number}")
        await shop.asked(-300 - number, f"missed-{number}")
        await shop.asked(-100 + number, f"waits-{number}")
        await shop.asked(-90 + number, f"order-{number}", "o-1")
    return shop


async def test_rates_say_what_they_are_and_what_happens_next(still: Stage) -> None:
    """Both rates with their threshold, what waits, how fast, whose reading is stricter, what nobody has confirmed."""
    shop = await busy(still)

    said = plain((answer := await ask(still)).text)

    assert said.startswith("My site, by the rules of Fiverr\n\nInquiries: 50 % of 20 messages in a day (red).")
    assert "Below 90 %: 80 answers in time, one after the other, bring it back." in said
    assert "10 wait; if the next 10 are missed: 33.3 %." in said
    assert "Answered after 46 min on average, half of them within 46 min; 50 % within 1 h." in said
    assert "Who answers by then closes three times as many sales." in said
    assert "Be careful: fiverr-2025 reads the same rules stricter: 90 days: https://help.fiverr.com/" in said
    assert "spam reported within 24 h: https://help-pro.fiverr.com/" in said
    assert "No marketplace has confirmed: how far back it looks, " in said
    assert "Messages on orders: no data in a day." in said
    assert [(button.target, button.choice) for button in answer.buttons] == [(shop.shop, "cost"), (shop.shop, "risk")]
    assert "Messages on orders" not in plain((await ask(still, "inbox")).text)


async def test_a_young_shop_reads_since_when(still: Stage) -> None:
    """`94 % of 12 messages since 3 Nov`."""
    await still.link("sales")
    shop = await market(still, known_days=0, name="Young")
    await only(still, shop)
    await shop.asked(-20)
    await shop.answered(-10)

    day = datetime.fromtimestamp(still.clock.now() / 1000, UTC)
    expected = f"Inquiries: 100 % of 1 message since {day.day} {day:%b} (green).\nOne more miss takes it below 90 %."

    assert expected in plain((await ask(still)).text)


async def test_the_order_rate_of_fiverr_is_said_to_have_no_number_of_the_marketplaces_own(still: Stage) -> None:
    """Fiverr names it, and gives neither deadline, window nor threshold."""
    await still.link("sales")

    said = plain((await ask(still, "order")).text)

    assert "Not the marketplace's own numbers: Fiverr names the Order Response Rate and gives no number for it" in said


async def test_what_cost_it_and_what_is_at_risk_are_a_press_away(still: Stage) -> None:
    """Each miss with when it leaves the rate, each pending one with the rate if it is missed; long lists are cut."""
    shop = await busy(still)
    await shop.asked(-1000, "late")
    await shop.answered(-800, "late")

    cost = plain((await press(still, shop.shop, "cost")).text)
    risk = plain((await press(still, shop.shop, "risk")).text)

    assert cost.count("• Ann, ") == 6
    assert ": not answered; out of the rate on " in cost
    assert cost.endswith("and 5 more: shopbell rates, or the API.")
    assert risk.startswith(
        "Inquiries, the nearest deadline first, and the rate if all up to there are missed:\n• Ann, by "
    )
    assert [line.rpartition(": ")[2] for line in risk.splitlines() if line.startswith("•")][:2] == ["45.4 %", "43.4 %"]


async def test_an_answer_too_late_says_how_late(still: Stage) -> None:
    """It is missed and stays so; nothing missed is said as well."""
    await still.link("sales")
    shop = await market(still)
    await only(still, shop)
    nothing = plain((await press(still, shop.shop, "cost")).text)
    await shop.asked(-300)
    await shop.answered(-10)

    assert (nothing, plain((await press(still, shop.shop, "risk")).text)) == (
        "Nothing was missed.",
        "Nothing that counts waits for an answer.",
    )
    assert ": answered 2 h 50 min late; out of the rate on " in plain((await press(still, shop.shop, "cost")).text)


@pytest.mark.parametrize(
    ("typed", "kind", "percent"), [("92", 0, "92 %"), ("order 88.5%", 1, "88.5 %"), ("inbox 7,25 %", 0, "7.2 %")]
)
async def test_a_member_enters_what_the_marketplace_shows(still: Stage, typed: str, kind: int, percent: str) -> None:
    """It is kept with its date, and stands beside ours from then on."""
    shop = await busy(still)

    said = plain((await ask(still, typed)).text)
    standing = await standing_of(still.deps, measured_of(still.deps, await know(still.deps, shop.shop))[kind])

    assert said.startswith(f"Noted: the marketplace shows {percent} for My site.")
    assert standing.stated is not None
    if kind == 0:
        assert "they seem to count" in said
        assert f"The marketplace showed {percent} on " in plain((await ask(still)).text)


@pytest.mark.parametrize("typed", ["hello", "101", "order lots", "92 93", "-5", "9" * 50])
async def test_what_is_no_rate_is_said_to_be_none(still: Stage, typed: str) -> None:
    """With an example of what is."""
    await busy(still)

    assert plain((await ask(still, typed)).text).startswith("That is neither a rate nor a day. Write /rates 92, or ")


async def test_a_day_to_come_has_its_rates(still: Stage) -> None:
    """If nobody writes until then, by what becomes of those that wait; whoever may look may ask."""
    await still.link("sales")
    shop = await market(still, ruled(window=Window(30)))
    await only(still, shop)
    await shop.asked(-200, "met")
    await shop.answered(-190, "met")
    await shop.asked(-190, "missed")
    waits = plain((await ask(still, "in 2 days")).text)
    await shop.asked(-10, "waits")
    day = datetime.fromtimestamp(still.clock.now() / 1000, UTC) + timedelta(days=2)
    named = f"{day.day} {day:%b}"

    told = [plain((await ask(still, typed)).text) for typed in ("in 2 days", f"inbox {day:%Y-%m-%d}", named)]
    aged = plain((await ask(still, "in 40 days")).text)
    begun = plain((await ask(still, f"{day - timedelta(days=2):%Y-%m-%d}")).text)
    today = plain((await ask(still, "today")).text)
    past = plain((await ask(still, "1 Jan 2020")).text)
    looked = await still.act(Command("k", replace(person("zoe"), outsider=True), place("sales"), "rates", named))

    assert f"Inquiries on {named}, if nobody writes until then: 50 %." in waits
    line = f"Inquiries on {named}, if nobody writes until then: 66.6 % if all that wait are answered in time, 33.3 %"
    assert all(line in each for each in told)
    assert ["Messages on orders on" in each for each in told] == [True, False, True]
    assert "if nobody writes until then: no rate." in aged
    assert past == begun == today == "That day has begun, or is too far ahead: name one to come, within a year."
    assert line in plain(looked.text)


async def test_several_shops_are_one_sum_with_a_button_each(still: Stage) -> None:
    """A number of the marketplace's is asked about, never guessed; another seller's shop is not there."""
    first = await busy(still)
    second = await market(still, ruled(waived=Mark()), name="Second")
    await second.asked(-20)
    await second.answered(-10)

    answer, which = await ask(still), await ask(still, "order 92.5")
    one = await press(still, second.shop, answer.buttons[0].choice)
    noted = await press(still, which.buttons[1].target, which.buttons[1].choice)
    strange = await press(still, "01p" + "a" * 20, "cost")

    assert plain(answer.text).startswith("2 shops together, by the rules of Fiverr\nInquiries: 52.3 % of 21 messages")
    assert {button.target for button in answer.buttons} == {first.shop, second.shop}
    assert plain(one.text).startswith("Second, by the rules of Fiverr")
    assert plain(which.text) == "For which shop is it?"
    assert plain(noted.text).startswith("Noted: the marketplace shows 92.5 % for ")
    assert plain(strange.text).startswith("Shopbell does not find that shop")


async def test_who_only_looks_reads_the_rates_and_enters_none(still: Stage) -> None:
    """A viewer may know; what the marketplace shows is entered by who may answer."""
    shop = await busy(still)
    number = next(still.counter)
    stranger = replace(person("zoe"), outsider=True)
    looked = await still.act(Command(f"k-{number}", stranger, place("sales"), "rate", ""))
    entered = await still.act(Command(f"k-{number}b", stranger, place("sales"), "rates", "92"))
    pressed = await still.act(Press("p", stranger, place("sales"), Verb.RATES, shop.shop, "said.inbox.92"))

    assert "Inquiries: 50 %" in plain(looked.text)
    assert plain(entered.text) == plain(pressed.text)
    assert plain(entered.text).startswith("You may look at the rates here; the number that the marketplace shows is ")
    assert plain(entered.text).endswith("Nothing was kept.")


async def test_whatever_the_names_it_fits_into_both_chats(still: Stage) -> None:
    """Hundreds of misses by buyers with hostile names: nothing is cut off, and no button is too long."""
    shop = await busy(still, HOSTILE, 40, name="W" * 80)
    answers = [
        await ask(still, "92"),
        await ask(still, "order 92"),
        await ask(still),
        await press(still, shop.shop, "cost"),
        await press(still, shop.shop, "risk"),
    ]
    for number in range(12):
        await market(still, ruled(window=Window(2 + number)), name="&*" * 40)
    answers += [await ask(still), await ask(still, "92")]

    for answer in answers:
        whole = mrkdwn(answer.text, 100_000)
        assert size(whole) <= SAID, whole
        assert answer_message(answer, say)["blocks"][0]["text"]["text"] == whole
        [drawn] = draw_answer(answer, say)
        assert plain(answer.text).splitlines()[-1][-20:].replace("…", "") in drawn.plain
