"""Whatever anybody wrote, Slack takes the Home tab and the windows, and nobody is pinged or linked by them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.playground.slack import Message, links, pings, plain
from bots.playground.slack.block_check import complaints_about_view, is_too_large
from bots.playground.slack.state import View
from bots.slack.actions import pressed_in
from bots.slack.fields import MOST_OPTIONS, values
from bots.slack.home import home_view
from bots.slack.modals import TITLE, Origin, answer_view, filled, modal, origin_of, waiting_view
from core.domain.cards import Answer, Button, CardRef, Field, Form, Option, Verb
from core.domain.overviews import Overview, Row, Section
from core.domain.rooms import Address
from core.domain.texts import Instant, Quote, Text, Words
from tests.bots.slack.conftest import CONVERSATION
from tests.bots.slack.test_blocks import ANSWERS, BUTTONS, HOSTILE, TEXTS
from tests.fixtures.ports import PlainVoice

URL = "https://playground.slack.com/"
ADDRESS = Address("slack", "T1", "C123")
CARD = CardRef(ADDRESS, "1795662968.613923")
ROWS = st.lists(st.builds(Row, TEXTS, BUTTONS, st.sampled_from([None, CARD])), max_size=8).map(tuple)
SECTIONS = st.lists(
    st.builds(Section, st.just(ADDRESS), TEXTS, TEXTS, BUTTONS, TEXTS, ROWS, BUTTONS, BUTTONS), max_size=5
).map(tuple)
OPTIONS = st.lists(st.builds(Option, st.just(""), TEXTS), min_size=1, max_size=130).map(
    lambda found: tuple(Option(f"o.{number}", each.label) for number, each in enumerate(found))
)


def row(words: str, button: str = "Reply") -> Row:
    reply = Button((Words(button), Quote(words)), Verb.REPLY, CONVERSATION, opens=True)
    return Row((Words("1. "), Quote(words), Words(" "), Instant(1_796_000_000_000)), (reply,), CARD)


def section(words: str) -> Section:
    text = (Words("Example Market: "), Quote(words))
    buttons = (Button((Quote(words),), Verb.COMMAND, choice="inbox"),)
    return Section(ADDRESS, (Quote(words),), text, buttons, text, (row(words),), buttons, buttons)


def as_message(view: dict[str, object]) -> Message:
    """What Slack would find in its words if it were one."""
    given = view["blocks"]
    assert isinstance(given, list)
    return Message("T", "C", "1.0", "U", "", blocks=given, parse="none")


@settings(deadline=None, max_examples=15)  # each is as large as five hundred messages
@given(st.builds(Overview, TEXTS, SECTIONS, TEXTS))
def test_no_home_tab_breaks_a_limit(overview: Overview) -> None:
    """Five sellers with eight rows each, and whatever words stand in them."""
    view = home_view(overview, URL, PlainVoice())

    ids = [element.get("action_id") for block in view["blocks"] for element in acting(block)]
    assert complaints_about_view(view) == []
    assert not is_too_large(view)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("words", HOSTILE)
def test_no_words_on_the_home_tab_ping_link_or_format(words: str) -> None:
    """The only address is ours: that of the card."""
    shown = as_message(home_view(Overview((Quote(words),), (section(words),), (Quote(words),)), URL, PlainVoice()))

    assert pings(shown) == []
    assert set(links(shown)) == {f"{URL}archives/C123/p1795662968613923"}


def test_each_button_says_which_room_it_acts_on() -> None:
    """And where it stands: what comes of it is shown to its presser alone, in a window."""
    view = home_view(Overview((), (section("Ann"),)), URL, PlainVoice())
    pressed = [
        pressed_in({"view": {**view, "id": "V1"}, "user": {"id": "U1"}, "team": {"id": "T1"}, "actions": [element]})
        for block in view["blocks"]
        for element in acting(block)
    ]

    assert [(each.room, each.apart, each.surface, each.wants_window) for each in pressed if each] == [
        ("C123", True, "home", verb_waits) for verb_waits in (True, False, True, True)
    ]


def test_without_a_card_or_an_address_there_is_no_link() -> None:
    """A card that is still to be posted; a workspace that did not say where it is."""
    unposted = home_view(Overview((), (replace_rows(Row((Words("1."),))),)), URL, PlainVoice())
    unknown = home_view(Overview((), (section("Ann"),)), "", PlainVoice())

    assert links(as_message(unposted)) == links(as_message(unknown)) == []


@settings(deadline=None)
@given(ANSWERS)
def test_no_answer_in_a_window_breaks_a_limit(answer: Answer) -> None:
    """And the window says where it was asked for."""
    view = answer_view(answer, Origin("C123", "1.0", "1.0", apart=True), PlainVoice())

    assert complaints_about_view(view) == []
    assert not is_too_large(view)
    assert origin_of(view) == Origin("C123", "1.0", "1.0", apart=True)
    assert (filled(view) is None) is (answer.form is None)


@settings(deadline=None)
@given(TEXTS, OPTIONS, st.booleans(), TEXTS, st.booleans())
def test_no_choice_in_a_form_breaks_a_limit(
    label: Text, options: tuple[Option, ...], many: bool, fault: Text, optional: bool
) -> None:
    """Few as buttons, many as a menu; and what is chosen to begin with can be chosen."""
    chosen = " ".join(option.value for option in options[:3])
    field = Field("end", label, 60, value=chosen, optional=optional, options=options, many=many, fault=fault)
    form = Form(Verb.AWAY, "", label, label, (field, Field("note", label, 200, fault=fault)), stays=True)
    view = modal(form, Origin("C123"), PlainVoice())

    assert complaints_about_view(view) == []
    assert filled(view) is not None
    [element] = [block["element"] for block in view["blocks"] if block.get("block_id") == "end"]
    assert (
        element["type"]
        == {
            (False, True): "radio_buttons",
            (True, True): "checkboxes",
            (False, False): "static_select",
            (True, False): "multi_static_select",
        }[(many, len(options) <= 10)]
    )
    assert len(element["options"]) == min(len(options), MOST_OPTIONS)


def test_what_was_chosen_is_read_back() -> None:
    """One, several, none, and what was typed beside them."""
    view = {
        "state": {
            "values": {
                "end": {"typed": {"type": "radio_buttons", "selected_option": {"value": "for.60"}}},
                "shops": {"typed": {"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}},
                "contact": {"typed": {"type": "radio_buttons", "selected_option": None}},
                "note": {"typed": {"type": "plain_text_input", "value": "gone fishing"}},
            }
        }
    }

    assert values(view) == {"end": "for.60", "shops": "a b", "contact": "", "note": "gone fishing"}


def test_what_waits_for_an_answer_says_so() -> None:
    """In a window that Slack takes, and that nothing can be sent from."""
    view = waiting_view(PlainVoice())

    assert complaints_about_view(view) == []
    assert len(str(view["title"]["text"])) <= TITLE
    assert plain(View("V", "T", "U", view, "", "V")).splitlines() == ["Shopbell", "One moment…", "[Close]"]


def acting(block: dict[str, object]) -> list[dict[str, object]]:
    elements = block.get("elements") if block["type"] == "actions" else None
    found = [*elements] if isinstance(elements, list) else []
    accessory = block.get("accessory")
    return [*found, *([accessory] if isinstance(accessory, dict) else [])]


def replace_rows(*rows: Row) -> Section:
    return Section(ADDRESS, (Words("Bell"),), (), (), (), rows, (), ())
