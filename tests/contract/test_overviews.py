"""The overview: all of a member's sellers at a glance, for those who may see it, kept current while they look."""

from dataclasses import replace

import pytest

from core.domain.actions import Command, Press, Submit, Visit
from core.domain.cards import Answer, Button, Card, Verb
from core.domain.members import Identity, Role
from core.domain.overviews import SHOWN_FOR, Overview, Section
from core.domain.rooms import Place, RoomKind
from core.domain.shops import Shop, ShopSecrets
from core.domain.texts import plain
from core.domain.zones import HOUR
from core.errors import AccessLost, TryLater
from core.ids import new_id
from core.policies import load
from core.services.deliveries import carry
from core.services.presses import PRESSES
from core.store import keys
from core.store.links import make_link
from core.store.rooms import unlink_room
from core.store.sellers import add_seller
from core.store.shops import add_shop
from tests.contract.chalkboard.adapter import NAME, person, place
from tests.fixtures.core import MINUTE, Stage

ANYWHERE = Place.of_workspace(NAME, "school")


async def visit(stage: Stage, user: str = "sam", by: Identity | None = None) -> None:
    await stage.act(Visit(f"v-{next(stage.counter)}", by or person(user), ANYWHERE))


async def seen(stage: Stage, words: str, user: str = "sam") -> Overview:
    """What the member sees once these words are on it."""

    def found() -> bool:
        return bool(stage.board.overviews.get(user)) and words in said(stage.board.overviews[user][-1])

    await stage.wait(found, f"{words!r} on the overview of {user}")
    return stage.board.overviews[user][-1]


def said(shown: Overview) -> str:
    lines = [plain(shown.head)]
    for section in shown.sections:
        texts = [section.title, section.availability, section.waiting, *(row.text for row in section.rows)]
        lines += [plain(text) for text in texts] + [f"[{label}]" for label in labels(section)]
    return "\n".join([*lines, plain(shown.foot)])


def every(section: Section) -> list[Button]:
    rows = [button for row in section.rows for button in row.buttons]
    return [*section.switch, *rows, *section.turns, *section.menu]


def labels(section: Section) -> list[str]:
    return [plain(button.label) for button in every(section)]


async def press(stage: Stage, shown: Overview, label: str, user: str = "sam", number: int = 0) -> Answer:
    """As the platform hands it over: on the section's room, from elsewhere."""
    section = shown.sections[number]
    found = next(button for button in every(section) if plain(button.label).startswith(label))
    assert found.verb is not None
    where = Place(section.address, RoomKind.PRIVATE, apart=True)
    key = f"p-{next(stage.counter)}"
    return await stage.act(Press(key, person(user), where, found.verb, found.target, found.choice, found.version))


async def say(stage: Stage, word: str, user: str, board: str = "sales") -> None:
    await stage.act(Command(f"c-{next(stage.counter)}", person(user), place(board), word))


async def invite(stage: Stage, user: str, role: Role, board: str = "sales") -> None:
    code, _ = await make_link(stage.deps.store, stage.seller, role, 10 * MINUTE)
    await stage.act(Command(f"link-{next(stage.counter)}", person(user), place(board), "link", code))


async def second_seller(stage: Stage, board: str, user: str = "sam") -> str:
    """With a shop, and linked to a board by the same person."""
    store = stage.deps.store
    seller = await add_seller(store, "Other & Sons", 2, hold=0)
    shop = Shop(new_id("shop", 2), seller.id, "Other Market", "fiverr")
    await add_shop(store, shop, ShopSecrets(("whsec_c",), ("whsec_d",)), load()["fiverr"])
    code, _ = await make_link(store, seller.id, Role.OWNER, 10 * MINUTE)
    await stage.act(Command(f"link-{next(stage.counter)}", person(user), place(board), "link", code))
    return seller.id


async def test_it_shows_availability_what_waits_and_what_the_member_may_do(stage: Stage) -> None:
    """The most urgent first, each with a way to its card; the counts of what waits and what is overdue."""
    await stage.link("sales")
    await stage.buyer_writes("Too late?", conversation="c-late", buyer="Zoe", sent_at=stage.clock.now() - 30 * HOUR)
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: len(stage.board.cards("sales")) == 2, "both cards")
    await visit(stage)

    shown = await seen(stage, "1 of them is overdue.")

    [section] = shown.sections
    assert plain(section.title) == "Bell & Co"
    assert plain(section.availability) == "Example Market: available."
    assert plain(section.waiting).startswith("2 conversations wait for an answer.")
    assert "1. Zoe (Example Market): “Too late?”. Overdue since" in plain(section.rows[0].text)
    lines = stage.board.boards["sales"]
    stands = {plain(line.shown.title): line.number for line in lines if isinstance(line.shown, Card)}
    assert [row.card.message for row in section.rows if row.card] == [
        stands[f"{buyer} · Example Market"] for buyer in ("Zoe", "Ann")
    ]
    assert labels(section) == [
        "Go away…",
        "Reply to Zoe",
        "Reply to Ann",
        "Inbox",
        "Quick responses",
        "Rates",
        "Settings",
        "Members",
        "Help",
    ]


async def test_it_is_drawn_again_when_something_changes(stage: Stage) -> None:
    """A message, an answer, an absence: whoever looks sees it, without having asked."""
    await stage.link("sales")
    await visit(stage)
    await seen(stage, "Nothing waits for an answer.")

    await stage.buyer_writes("Is it blue?")
    shown = await seen(stage, "“Is it blue?”")
    form = await press(stage, shown, "Reply to Ann")
    assert form.form is not None
    where = Place(shown.sections[0].address, RoomKind.PRIVATE, apart=True)
    await stage.act(Submit("s-1", person("sam"), where, Verb.REPLY, form.form.target, {"text": "Yes."}))
    await seen(stage, "Nothing waits for an answer.")

    assert stage.bazaar.texts() == ["Yes."]


async def test_what_changes_while_it_is_drawn_is_drawn_after_it(still: Stage) -> None:
    """One drawing at a time for each seller of a member, however much happens; the last one has it all."""
    await still.link("sales")
    await visit(still)
    [drawing] = [each for each in await still.claim() if each.kind == "overview"]
    await still.buyer_writes("First?", conversation="c-1")
    await still.buyer_writes("Second?", conversation="c-2", buyer="Zoe")
    meanwhile = [each for each in await still.claim() if each.kind == "overview"]
    await carry(still.deps, drawing)
    await carry(still.deps, drawing)  # a stale worker's second try finishes nothing
    after = [each for each in await still.claim() if each.kind == "overview"]

    assert meanwhile == []
    assert len(after) == 1


async def test_it_is_kept_current_for_thirty_days(still: Stage) -> None:
    """After that what changes is drawn for nobody, until they open it anew."""
    await still.link("sales")
    await visit(still)
    await carry_all(still)
    drawn = len(still.board.overviews["sam"])
    still.clock.shift = SHOWN_FOR + HOUR
    await still.buyer_writes("Is it blue?")
    await carry_all(still)
    late = len(still.board.overviews["sam"])
    await still.buyer_writes("Hello?", conversation="c-2")
    forgotten = [each for each in await still.claim() if each.kind == "overview"]
    await visit(still)
    await carry_all(still)

    assert drawn == 1
    assert late <= 2  # the last one finds out
    assert forgotten == []
    assert "“Hello?”" in said(still.board.overviews["sam"][-1])


async def test_a_page_is_turned_and_stays_turned(stage: Stage) -> None:
    """What changes meanwhile is drawn at the page where the member is."""
    await stage.link("sales")
    for number in range(9):
        sent = stage.clock.now() - (20 - number) * MINUTE
        await stage.buyer_writes(f"Text {number}", conversation=f"c-{number}", sent_at=sent)
    await visit(stage)
    first = await seen(stage, "page 1 of 2")
    await press(stage, first, "Next")
    await seen(stage, "“Text 8”")
    await stage.buyer_writes("Newest", conversation="c-9")

    shown = await seen(stage, "“Newest”")

    assert "page 2 of 2" in said(shown)
    assert "Previous" in labels(shown.sections[0])


async def test_all_sellers_of_a_member_stand_on_it_and_each_button_acts_on_its_own(stage: Stage) -> None:
    """Those of others do not, and what is pressed about one leaves the other as it is."""
    await stage.link("sales")
    await second_seller(stage, "attic")
    await stage.buyer_writes("Is it blue?")
    await say(stage, "status", "kim")
    await visit(stage)
    shown = await seen(stage, "“Is it blue?”")
    titles = [plain(section.title) for section in shown.sections]
    other = titles.index("Other & Sons")
    foreign = next(b for b in every(shown.sections[1 - other]) if b.verb is Verb.REPLY)
    elsewhere = Place(shown.sections[other].address, RoomKind.PRIVATE, apart=True)
    crossed = await stage.act(Press("x-1", person("sam"), elsewhere, Verb.REPLY, foreign.target))
    members = await press(stage, shown, "Members", number=other)
    await visit(stage, "kim")
    kims = await seen(stage, "“Is it blue?”", "kim")

    assert sorted(titles) == ["Bell & Co", "Other & Sons"]
    assert crossed.form is None
    assert "Kim" not in plain(members.text)
    assert [plain(section.title) for section in kims.sections] == ["Bell & Co"]


async def test_who_may_less_is_offered_less(stage: Stage) -> None:
    """By the same tables as in the room: a viewer cannot answer, and an agent sets no availability."""
    await stage.link("sales")
    await invite(stage, "vic", Role.VIEWER)
    await invite(stage, "max", Role.MANAGER)
    await say(stage, "status", "kim")
    await stage.buyer_writes("Is it blue?")
    offered = {}
    for user in ("vic", "kim", "max"):
        await visit(stage, user)
        offered[user] = labels((await seen(stage, "“Is it blue?”", user)).sections[0])

    assert offered["vic"][0] == "Inbox"
    assert offered["kim"][:2] == ["Reply to Ann", "Inbox"]
    assert offered["max"][:2] == ["Go away…", "Reply to Ann"]


async def test_a_guest_or_stranger_sees_how_to_connect_and_nothing_else(stage: Stage) -> None:
    """Also one who looked at a linked chat, or who presses what another was shown."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    guest = person("gus", outsider=True)
    await stage.act(Command("c-g", guest, place("sales"), "status"))
    await visit(stage, by=guest)
    await visit(stage, "zed")
    await visit(stage)
    shown = await seen(stage, "“Is it blue?”")
    refused = [await press(stage, shown, label, "zed") for label in ("Reply to", "Inbox", "Go away")]
    where = Place(shown.sections[0].address, RoomKind.PRIVATE, apart=True)
    by_guest = await stage.act(Press("g-1", guest, where, Verb.COMMAND, "", "inbox"))

    for user in ("gus", "zed"):
        [only] = stage.board.overviews[user]
        assert only.sections == ()
        assert plain(only.head).startswith("Shopbell shows here what waits for the sellers that you act for")
    assert all(plain(each.text).startswith("You do not see that chat any more") for each in (*refused, by_guest))


async def test_somebody_who_only_read_along_sees_the_sellers_of_their_chats(stage: Stage) -> None:
    """They need not have pressed anything: by the chats that they are in they act for the sellers linked there."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    stage.board.sits_at["kim"] = ["lunch", "sales"]
    await visit(stage, "kim")

    shown = await seen(stage, "“Is it blue?”", "kim")

    assert [plain(section.title) for section in shown.sections] == ["Bell & Co"]


async def test_who_opens_it_first_sees_the_sellers_of_all_their_chats(stage: Stage) -> None:
    """Not only of those where they did something; who has opened it is not asked for again."""
    await stage.link("sales")
    await second_seller(stage, "attic", "lou")
    stage.board.sits_at["sam"] = ["sales", "attic"]
    await visit(stage)
    shown = await seen(stage, "Other & Sons")
    stage.board.sits_at["sam"] = []
    await visit(stage)
    await stage.buyer_writes("Is it blue?")
    again = await seen(stage, "“Is it blue?”")

    assert sorted(plain(section.title) for section in shown.sections) == ["Bell & Co", "Other & Sons"]
    assert len(again.sections) == 2


async def test_more_sellers_than_fit_are_counted(stage: Stage) -> None:
    """Those that fit are shown whole."""
    await stage.link("sales")
    for number in range(5):
        await second_seller(stage, f"board-{number}")
    await visit(stage)

    shown = await seen(stage, "1 more seller of yours does not fit here")

    assert len(shown.sections) == 5


async def test_who_left_the_chat_and_has_no_role_sees_it_no_more(stage: Stage) -> None:
    """Neither on the overview nor by its buttons; with a role of their own they still do."""
    await stage.link("sales")
    await say(stage, "status", "kim")
    await invite(stage, "max", Role.MANAGER)
    await visit(stage, "kim")
    before = await seen(stage, "Bell & Co", "kim")
    stage.board.shut_out |= {"kim", "max"}
    late = await press(stage, before, "Inbox", "kim")
    await visit(stage, "kim")
    after = await seen(stage, "there is none yet", "kim")
    await visit(stage, "max")

    assert plain(late.text).startswith("You do not see that chat any more")
    assert after.sections == ()
    assert len((await seen(stage, "Bell & Co", "max")).sections) == 1


async def test_who_has_a_role_keeps_it_when_the_room_is_unlinked(stage: Stage) -> None:
    """Another room of the seller serves; where none is left there is nothing to see."""
    await stage.link("sales")
    await invite(stage, "max", Role.MANAGER)
    await stage.link("attic", user="lou")
    await unlink_room(stage.deps.store, await stage.room("sales"))
    await visit(stage, "max")
    shown = await seen(stage, "Bell & Co", "max")
    await unlink_room(stage.deps.store, await stage.room("attic"))
    await visit(stage, "max")
    after = await seen(stage, "there is none yet", "max")

    assert shown.sections[0].address.chat == "attic"
    assert after.sections == ()


async def test_what_the_platform_refuses_is_not_tried_until_it_is_opened_again(still: Stage) -> None:
    """What may pass later is; a token that was revoked ends it."""
    await still.link("sales")
    mine = place("@sam").address.chat
    still.board.troubles[mine] = [TryLater("outrun", after=0), TryLater("busy", after=1.0), AccessLost("revoked")]
    await visit(still)
    await carry_all(still)
    still.pass_time(2_000)
    await carry_all(still)
    await still.buyer_writes("Is it blue?")
    waiting = [each for each in await still.claim() if each.kind == "overview"]
    await visit(still)
    await carry_all(still)

    assert still.board.troubles[mine] == []
    assert waiting == []
    assert "“Is it blue?”" in said(still.board.overviews["sam"][-1])


@pytest.mark.parametrize("word", ["inbox", "quick", "rates", "settings", "members", "help", "nonsense"])
async def test_a_button_of_the_menu_does_what_the_command_does(stage: Stage, word: str) -> None:
    """The same words, the same buttons; a word that is none gets help."""
    await stage.link("sales")
    where = replace(place("sales"), apart=True)
    pressed = await stage.act(Press("p-1", person("sam"), where, Verb.COMMAND, "", word))
    typed = await stage.act(Command("c-1", person("sam"), place("sales"), word))

    assert Verb.COMMAND in PRESSES
    assert plain(pressed.text) == plain(typed.text)
    assert pressed.buttons == typed.buttons
    assert pressed.text


async def test_no_key_of_a_viewer_outlives_thirty_days(still: Stage) -> None:
    """Once nobody looks there is nothing left of it but what says for whom they act."""
    await still.link("sales")
    await visit(still)
    await carry_all(still)
    still.clock.shift = SHOWN_FOR + HOUR
    await still.buyer_writes("Is it blue?")
    await carry_all(still)

    tag = keys.tag_of(still.seller)
    assert await still.deps.store.engine.call("EXISTS", keys.viewers(tag, still.seller)) == 0


async def carry_all(still: Stage) -> None:
    while claimed := await still.claim():
        for delivery in claimed:
            await carry(still.deps, delivery)
