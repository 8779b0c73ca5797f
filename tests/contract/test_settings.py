"""Settings from chat: what holds, what follows from it, and everything that can be changed by a button or a form."""

from dataclasses import replace

import pytest

from bots.slack.blocks import MOST_BUTTONS
from core.domain.actions import Command, Press, Submit
from core.domain.cards import Answer, Verb
from core.domain.habits import Habits
from core.domain.members import Identity
from core.domain.quiet_hours import QuietHours
from core.domain.reminders import Ladder
from core.domain.rooms import RoomKind
from core.domain.sellers import Seller
from core.domain.texts import Instant, plain
from core.domain.zones import HOUR, MINUTE
from core.services.sellers import find_seller
from core.services.setting_changes import SETTINGS
from core.services.settings import FORMS
from core.services.terms import habits_of, set_terms
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage

OUTSIDER = replace(person("lou"), outsider=True)


async def ask(stage: Stage, by: Identity | None = None) -> Answer:
    key = f"k-{next(stage.counter)}"
    return await stage.act(Command(key, by or person("sam"), place("sales"), "settings"))


async def press(stage: Stage, choice: str, by: Identity | None = None, target: str = "") -> Answer:
    key = f"p-{next(stage.counter)}"
    who = by or person("sam")
    return await stage.act(Press(key, who, place("sales"), Verb.SETTINGS, target, choice))


async def fill_in(stage: Stage, values: dict[str, str], by: Identity | None = None) -> str:
    key = f"f-{next(stage.counter)}"
    answer = await stage.act(Submit(key, by or person("sam"), place("sales"), Verb.SETTINGS, "", values))
    return plain(answer.text)


async def seller(stage: Stage) -> Seller:
    return await find_seller(stage.deps, stage.seller)


def choices(answer: Answer) -> list[str]:
    return [button.choice for button in answer.buttons]


async def test_everything_that_holds_is_said_at_a_glance(still: Stage) -> None:
    """To whoever reads here; what can be changed is offered to those who may."""
    await still.link("sales")

    owner, guest = await ask(still), await ask(still, OUTSIDER)

    lines = plain(owner.text).splitlines()
    assert lines[0] == "Settings of Bell & Co."
    assert lines[1] == (
        "• Reminders: 4 h, 1 h, 15 min before a deadline, and when an answer would have been best. "
        "A missed deadline is always told."
    )
    assert lines[2] == "• Quiet hours: none."
    assert lines[3].startswith("• Zone: UTC, where it is ")
    assert lines[5].startswith(
        "• Each evening before the quiet hours, and each Monday: told how it stands, next on Mon "
    )
    assert lines[8:] == [
        "• Your reminders: the seller's.",
        "• Your quiet hours: the seller's, which has none.",
        "• In this chat new messages mention you.",
        (
            "• This chat is shown inquiries and messages on orders of every shop. "
            "What no chat would show is shown in all of them."
        ),
        "• Here everyone may answer.",
    ]
    assert choices(owner) == ["seller", "mine", "room"]
    assert choices(guest) == ["mine"]


@pytest.mark.parametrize(
    ("choice", "name", "value"),
    [
        ("soft.off", "ladder", Ladder(soft=False)),
        ("quiet.off", "quiet", None),
        ("wakes.off", "wakes", False),
        ("language.de", "language", "de"),
        ("digest.off", "digest", False),
    ],
)
async def test_a_button_changes_what_is_chosen(still: Stage, choice: str, name: str, value: object) -> None:
    """It was offered on its page; the page says so anew in its place, with what follows."""
    await still.link("sales")
    await set_terms(still.deps, still.seller, quiet=QuietHours())
    offered = await press(still, "seller")

    answer = await press(still, choice)

    assert choice in choices(offered)
    assert getattr(await seller(still), name) == value
    assert answer.replaces
    assert plain(answer.text).startswith("Saved.") or name == "language"
    assert choice not in choices(answer)
    assert len(offered.buttons) <= MOST_BUTTONS


@pytest.mark.parametrize(
    ("field", "typed", "name", "value"),
    [
        ("ladder", "2H, 20m", "ladder", Ladder((2 * HOUR, 20 * MINUTE))),
        ("ladder", "off", "ladder", Ladder(())),
        ("quiet", " 23:00-06:30 ", "quiet", QuietHours("23:00", "06:30")),
        ("zone", "Europe/Paris", "zone", "Europe/Paris"),
        ("hold", "12 s", "hold", 12_000),
        ("success_manager", "Zoe Q.", "success_manager", "Zoe Q."),
        ("success_manager", "", "success_manager", ""),
    ],
)
async def test_a_form_changes_what_is_typed(still: Stage, field: str, typed: str, name: str, value: object) -> None:
    """It shows what holds as it is typed, and how to type another."""
    await still.link("sales")
    form = (await press(still, f"form.{field}")).form

    said = await fill_in(still, {field: typed})

    assert form is not None
    assert [each.name for each in form.fields] == [field]
    assert all(each.short and each.hint for each in form.fields)
    assert getattr(await seller(still), name) == value
    assert said.startswith("Saved.\n")


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("ladder", "soon", "'soon' is no span of time; write it as 4h, 15m or 1h30m."),
        ("ladder", "1h,4h", "Reminders go from the one furthest before the deadline to the nearest, each once."),
        ("quiet", "22:00", "'22:00' is no span of a day; write it as 22:00-07:00."),
        ("quiet", "25:00-07:00", "'25:00' is no time of day; write it as 22:00."),
        ("zone", "Mars/X", "No time zone is called 'Mars/X'; names look like Europe/Paris."),
        ("hold", "31", "A reply is held for 30 seconds at most."),
        ("hold", "soon", "'soon' is no number of seconds; write it as 8."),
        ("success_manager", "x" * 81, "A name has at most 80 printable characters."),
        ("own_quiet", "07:00-07:00", "Quiet hours begin and end at 07:00: choose two different times."),
    ],
)
async def test_what_cannot_be_is_refused_with_why(still: Stage, field: str, typed: str, why: str) -> None:
    """Nothing is changed."""
    await still.link("sales")
    was = await seller(still)

    assert await fill_in(still, {field: typed}) == f"Nothing was changed. {why}"
    assert await seller(still) == was


async def test_the_page_says_when_a_message_of_now_would_be_reminded_of(still: Stage) -> None:
    """By the ladder and the quiet hours that hold then, with its deadline."""
    await still.link("sales")

    pressed = await press(still, "seller")
    none = await press(still, "soft.off")
    await fill_in(still, {"ladder": "off"})
    silent = await press(still, "seller")

    def times(answer: Answer) -> list[int]:
        last = answer.text[max(i for i, part in enumerate(answer.text) if "A message" in plain((part,))) :]
        return [round((part.at - still.clock.now()) / MINUTE) for part in last if isinstance(part, Instant)]

    assert times(pressed) == [12 * 60, 20 * 60, 23 * 60, 24 * 60 - 15, 24 * 60]
    assert times(none) == [20 * 60, 23 * 60, 24 * 60 - 15, 24 * 60]
    assert "would be reminded of by nothing before its deadline" in plain(silent.text)


async def test_every_member_keeps_their_own(still: Stage) -> None:
    """A ladder and quiet hours in a zone of their own, back to the seller's by a button; the seller's stay."""
    await still.link("sales", kind=RoomKind.PUBLIC)
    zoe = person("zoe")

    await fill_in(still, {"own_ladder": "30m"}, zoe)
    said = await fill_in(still, {"own_quiet": "21:00-09:00", "own_zone": "Asia/Kolkata"}, zoe)
    woken = await press(still, "own_wakes.off", zoe)
    kept = await habits_of(still.deps, still.seller, zoe)
    page = await press(still, "own_ladder.", zoe)
    await press(still, "own_quiet.", zoe)

    night = QuietHours("21:00", "09:00", "Asia/Kolkata", rings_through=False)
    assert kept == Habits(Ladder((30 * MINUTE,)), night)
    assert "• Your reminders: 30 min before a deadline, your own." in said
    assert "• Your quiet hours: 21:00 to 09:00, Asia/Kolkata, your own; a last reminder may ring in them" in said
    assert "nothing rings in them." in plain(woken.text)
    assert "• Your reminders: the seller's." in plain(page.text)
    assert await habits_of(still.deps, still.seller, zoe) == Habits()
    assert (await seller(still)).ladder == Ladder()


@pytest.mark.parametrize("name", sorted(name for name in SETTINGS if SETTINGS[name].page != "mine"))
async def test_who_may_not_manage_changes_nothing_of_the_sellers(still: Stage, name: str) -> None:
    """Neither by a button that they forge nor by a form."""
    await still.link("sales")
    was, zoe = (await seller(still), (await still.room("sales")).share), person("zoe")

    pressed = await press(still, f"{name}.off", zoe)
    formed = await press(still, f"form.{name}", zoe) if name in FORMS else pressed
    filled = await fill_in(still, {name: "off"}, zoe) if name in FORMS else plain(pressed.text)

    told = {plain(pressed.text), plain(formed.text), filled}
    assert told == {"You may not do that here: it takes an owner or a manager of this seller. Nothing has changed."}
    assert (await seller(still), (await still.room("sales")).share) == was


async def test_whoever_may_never_act_keeps_no_habits(still: Stage) -> None:
    """All members' plans would heed them."""
    await still.link("sales")

    said = await fill_in(still, {"own_ladder": "5m"}, OUTSIDER)

    assert said.startswith("You may not do that here")
    assert await habits_of(still.deps, still.seller, OUTSIDER) == Habits()


async def test_every_setting_is_reached_by_a_button_or_a_form(still: Stage) -> None:
    """From the pages that the command offers; and one of another version shows the settings."""
    await still.link("sales")
    await set_terms(still.deps, still.seller, quiet=QuietHours())
    await fill_in(still, {"own_quiet": "21:00-09:00"})
    pages = [await press(still, page) for page in ("seller", "mine", "room")]

    reached = {part for page in pages for choice in choices(page) for part in choice.split(".")}

    assert set(SETTINGS) - {"shop"} <= reached
    assert set(FORMS) <= reached
    assert plain((await press(still, "dance")).text) == plain((await ask(still)).text)
    assert (await fill_in(still, {"unknown": "1"})).startswith("Nothing was changed.")
