"""Members: an owner gives roles and removes; and one human in two chats is one person in all that counts."""

import asyncio
from dataclasses import replace

from core.domain.actions import Command, Press, Submit
from core.domain.cards import Answer, Card, CardState, Note, NoteKind, Verb
from core.domain.claims import Choice
from core.domain.habits import Habits
from core.domain.members import Identity, Role
from core.domain.reminders import Ladder
from core.domain.rooms import RoomKind
from core.domain.texts import plain
from core.domain.zones import HOUR, MINUTE, SECOND
from core.services.terms import habits_of, set_habits, set_terms
from core.store.conversations import conversation_id
from core.store.links import make_link
from core.store.members import read_role
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage


async def team(stage: Stage) -> None:
    """Sam, who owns it, and Kim in `sales`; Lou, an agent, in the attic."""
    await stage.link("sales")
    await stage.link("attic", user="lou")
    await say(stage, "status", "kim")


async def say(stage: Stage, word: str, user: str = "sam", board: str = "sales", rest: str = "") -> Answer:
    return await stage.act(Command(f"c-{next(stage.counter)}", person(user), place(board), word, rest))


async def press(
    stage: Stage, shown: Answer, label: str, user: str = "sam", board: str = "sales", *, by: Identity | None = None
) -> Answer:
    found = next(each for each in shown.buttons if plain(each.label) == label)
    assert found.verb is not None
    key = f"p-{next(stage.counter)}"
    return await stage.act(Press(key, by or person(user), place(board), found.verb, found.target, found.choice))


async def give(stage: Stage, who: str, role: str, user: str = "sam") -> Answer:
    chosen = await press(stage, await press(stage, await say(stage, "members", user), who, user), role, user)
    return await press(stage, chosen, "Yes, remove" if role == "Remove" else "Yes, change it", user)


async def role(stage: Stage, user: str) -> Role | None:
    return await read_role(stage.deps.store, stage.seller, person(user))


async def code_of(stage: Stage, user: str, board: str) -> str:
    """Made where nobody else reads."""
    where = place(board, RoomKind.DIRECT)
    listed = await stage.act(Command(f"c-{next(stage.counter)}", person(user), where, "members"))
    choice = next(each.choice for each in listed.buttons if each.choice == "join")
    offered = await stage.act(Press(f"p-{next(stage.counter)}", person(user), where, Verb.MEMBERS, "", choice))
    assert offered.copy is not None
    return offered.copy.rpartition(" ")[2]


async def join(stage: Stage) -> None:
    """Sam of `sales` is Lou of the attic."""
    asked = await say(stage, "link", "lou", "attic", await code_of(stage, "sam", "sales"))
    await press(stage, asked, "Yes, that is me", "lou", "attic")


def labels(shown: Answer) -> list[str]:
    return [plain(each.label) for each in shown.buttons]


async def test_members_are_listed_with_role_and_chat(stage: Stage) -> None:
    """Whoever did something here is on the list; only an owner gets a button for each."""
    await team(stage)

    owners, agents = await say(stage, "members"), await say(stage, "members", "lou", "attic")

    told = plain(owners.text).splitlines()
    assert told[0] == "3 people work for this seller:"
    assert [line.split(", last here")[0] for line in told[1:4]] == [
        "• Sam: owner, Chalkboard",
        "• Lou: agent, Chalkboard",
        "• Kim: no role of their own, Chalkboard",
    ]
    assert all("last here" in line for line in told[1:4])
    assert labels(owners) == ["Sam", "Lou", "Kim", "I am in another chat too"]
    assert labels(agents) == ["I am in another chat too"]


async def test_an_owner_changes_a_role_after_being_asked(stage: Stage) -> None:
    """It holds from the next action on."""
    await team(stage)
    await stage.buyer_writes("Is it blue?")
    shown = await press(stage, await say(stage, "members"), "Kim")
    question = await press(stage, shown, "Viewer")
    before = await role(stage, "kim")

    done = await press(stage, question, "Yes, change it")
    refused = await stage.act(
        Submit("s", person("kim"), place("sales"), Verb.REPLY, conversation_id(stage.shop, "c-1"), {"text": "Yes."})
    )

    assert "they answer where everyone may" in plain(shown.text)
    assert labels(shown) == ["Owner", "Manager", "Agent", "Viewer", "Remove", "Back"]
    assert plain(question.text).startswith("Make Kim a viewer?")
    assert (before, await role(stage, "kim")) == (None, Role.VIEWER)
    assert plain(done.text) == "Kim is a viewer now."
    assert "You may not answer buyers" in plain(refused.text)


async def test_the_last_owner_stays(stage: Stage) -> None:
    """Neither removed nor demoted, also by themselves; with a second one they may go."""
    await team(stage)

    removed, demoted = await give(stage, "Sam", "Remove"), await give(stage, "Sam", "Agent")
    kept = await role(stage, "sam")
    await give(stage, "Kim", "Owner")
    gone = await give(stage, "Sam", "Remove", "kim")

    assert plain(removed.text).startswith("Sam is the only owner")
    assert plain(demoted.text).startswith("Sam is the only owner")
    assert kept is Role.OWNER
    assert plain(gone.text) == "Sam is removed."
    assert (await role(stage, "sam"), await role(stage, "kim")) == (None, Role.OWNER)


async def test_two_owners_who_remove_each_other_at_once_leave_one(stage: Stage) -> None:
    """One outcome, and both are told which."""
    await team(stage)
    await give(stage, "Kim", "Owner")
    questions = []
    for user, other in (("sam", "Kim"), ("kim", "Sam")):
        chosen = await press(stage, await say(stage, "members", user), other, user)
        questions.append(await press(stage, chosen, "Remove", user))

    told = await asyncio.gather(
        press(stage, questions[0], "Yes, remove", "sam"), press(stage, questions[1], "Yes, remove", "kim")
    )

    roles = [await role(stage, "sam"), await role(stage, "kim")]
    assert sorted(map(str, roles)) == ["None", "owner"]
    assert sum("is removed" in plain(each.text) for each in told) == 1


async def test_who_is_removed_is_called_no_more(stage: Stage) -> None:
    """Nothing is kept of them but what they wrote."""
    await team(stage)

    await give(stage, "Lou", "Remove")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("attic"), "the card")

    assert stage.board.cards("attic")[0].calls == ()
    assert "Lou" not in plain((await say(stage, "members")).text)


async def test_a_removal_that_is_carried_out_again_is_answered_as_the_first_time(stage: Stage) -> None:
    """The process died before it was shown: who was removed by this very press is no stranger."""
    await team(stage)
    asked = await press(stage, await press(stage, await say(stage, "members"), "Lou"), "Remove")
    yes = next(each for each in asked.buttons if plain(each.label) == "Yes, remove")
    again = Press("p-again", person("sam"), place("sales"), Verb.MEMBERS, yes.target, yes.choice)

    told = [plain((await stage.act(again)).text) for _ in range(2)]

    assert told == ["Lou is removed."] * 2


async def test_only_an_owner_changes_anything_whatever_is_pressed(stage: Stage) -> None:
    """A manager, an agent, a guest, a button of another seller's, nonsense."""
    await team(stage)
    await give(stage, "Kim", "Manager")
    shown = await say(stage, "members")
    mark = next(each.choice for each in shown.buttons if plain(each.label) == "Sam").removeprefix("show-")

    async def tries(who: Identity, choice: str, target: str = "", board: str = "sales") -> str:
        key = f"p-{next(stage.counter)}"
        return plain((await stage.act(Press(key, who, place(board), Verb.MEMBERS, target, choice))).text)

    guest = person("sam", outsider=True)
    for who in (person("kim"), person("lou"), guest):
        for choice in (f"show-{mark}", f"ask-owner-{mark}", f"set-viewer-{mark}", f"set-removed-{mark}"):
            assert "it takes an owner of this seller" in await tries(who, choice)
    for choice in ("set-viewer-0123456789abcdef", "set-king-" + mark, "set-" + mark, "ask", "", "show-" + mark + "0"):
        assert "does not find that person" in await tries(person("sam"), choice)
    assert "may not" in await tries(guest, "join")
    assert "may not" in await tries(guest, "me", "0" * 32)
    assert "not valid" in await tries(person("sam"), "me", "0" * 32)
    assert "not valid" in await tries(person("sam"), "me")
    assert await role(stage, "sam") is Role.OWNER


async def test_a_code_that_joins_is_given_where_nobody_else_reads(stage: Stage) -> None:
    """In a chat with others it would be read by all; a platform that whispers may give it anywhere."""
    await team(stage)

    open_room = await press(stage, await say(stage, "members"), "I am in another chat too")
    stage.board.capabilities = replace(stage.board.capabilities, whispers=True)
    whispered = await press(stage, await say(stage, "members"), "I am in another chat too")

    assert "would be read by everybody" in plain(open_room.text)
    assert open_room.copy is None
    assert whispered.copy is not None
    assert whispered.copy.startswith("/link ")


async def test_a_code_that_joins_asks_before_anything_happens(stage: Stage) -> None:
    """It names who made it; only whoever typed it can say yes, and a code that links a room is another thing."""
    await team(stage)
    code = await code_of(stage, "lou", "attic")

    asked = await say(stage, "link", "sam", "sales", code)
    before = await role(stage, "lou")
    stranger = await press(stage, asked, "Yes, that is me", "kim")
    second = await say(stage, "link", "kim", "sales", code)
    done = await press(stage, asked, "Yes, that is me")
    again = await press(stage, asked, "Yes, that is me")

    assert plain(asked.text).startswith("Lou made this code in Chalkboard. Is that you?")
    assert before is Role.AGENT
    assert "not valid" in plain(stranger.text)
    assert "not valid" in plain(second.text)
    assert plain(done.text) == plain(again.text) == "You are one person in both chats now."
    assert (await role(stage, "lou"), await role(stage, "kim")) == (Role.OWNER, None)


async def test_a_code_that_joins_is_good_for_ten_minutes_and_for_one_seller(stage: Stage) -> None:
    """Typed in a chat that is not linked it says so; once its time is up it is nothing."""
    await team(stage)
    code = await code_of(stage, "sam", "sales")

    unlinked = await say(stage, "link", "lou", "kitchen", code)
    stage.pass_time(10 * MINUTE + SECOND)
    late = await say(stage, "link", "lou", "attic", code)
    made, _ = await make_link(stage.deps.store, stage.seller, Role.AGENT, MINUTE)
    room = await say(stage, "link", "lou", "kitchen", made)

    assert "not linked to a seller yet" in plain(unlinked.text)
    assert "not valid" in plain(late.text)
    assert "Linked" in plain(room.text)


async def test_a_role_given_to_one_holds_for_the_person(stage: Stage) -> None:
    """By an owner's button and by a code alike; the list has one line for both."""
    await team(stage)
    await join(stage)
    both = plain((await say(stage, "members")).text)

    await give(stage, "Kim", "Owner")
    await give(stage, "Sam", "Viewer", "kim")
    viewers = [await role(stage, user) for user in ("sam", "lou")]
    code, _ = await make_link(stage.deps.store, stage.seller, Role.MANAGER, MINUTE)
    await say(stage, "link", "lou", "attic", code)

    assert both.splitlines()[0] == "2 people work for this seller:"
    assert "• Sam: owner, Chalkboard and Chalkboard" in both
    assert viewers == [Role.VIEWER] * 2
    assert [await role(stage, user) for user in ("sam", "lou")] == [Role.MANAGER] * 2


async def test_a_joined_person_who_is_removed_is_gone_from_both_chats(stage: Stage) -> None:
    """And is two again, should they come back."""
    await team(stage)
    await join(stage)
    await give(stage, "Kim", "Owner")

    await give(stage, "Sam", "Remove", "kim")
    await give_code(stage, "lou", "attic", Role.AGENT)

    assert [await role(stage, user) for user in ("sam", "lou")] == [None, Role.AGENT]


async def give_code(stage: Stage, user: str, board: str, role: Role) -> None:
    code, _ = await make_link(stage.deps.store, stage.seller, role, MINUTE)
    await say(stage, "link", user, board, code)


async def test_a_claim_in_one_chat_is_known_in_the_other(stage: Stage) -> None:
    """The person lets it go from there, and meets no question."""
    await team(stage)
    await join(stage)
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales") and stage.board.cards("attic"), "the cards")

    await claim(stage, "sam", "sales", Choice.CLAIM)
    again = await claim(stage, "lou", "attic", Choice.CLAIM)
    kims = await claim(stage, "kim", "sales", Choice.CLAIM)
    await claim(stage, "lou", "attic", Choice.DROP)
    await stage.wait(lambda: "on it" not in plain(card(stage).status), "the card to be free")

    assert plain(again.text) == ""
    assert "Sam is on it since" in plain(kims.text)


async def claim(stage: Stage, user: str, board: str, choice: Choice) -> Answer:
    target = conversation_id(stage.shop, "c-1")
    key = f"p-{next(stage.counter)}"
    return await stage.act(Press(key, person(user), place(board), Verb.CLAIM, target, choice))


def card(stage: Stage, board: str = "sales") -> Card:
    return stage.board.cards(board)[0]


async def test_a_reminder_calls_the_person_in_both_chats(stage: Stage) -> None:
    """Claimed in one, they are called first in the other too, and nobody else is."""
    await set_terms(stage.deps, stage.seller, ladder=Ladder((20 * HOUR,), soft=False))
    await team(stage)
    await join(stage)
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales") and stage.board.cards("attic"), "the cards")
    await claim(stage, "lou", "attic", Choice.CLAIM)

    stage.clock.shift = 4 * HOUR + SECOND
    await stage.wait(lambda: reminders(stage, "sales") and reminders(stage, "attic"), "a note in each room")

    assert [[who.user for who in note.calls] for note in reminders(stage, "sales")] == [["sam"]]
    assert [[who.user for who in note.calls] for note in reminders(stage, "attic")] == [["lou"]]


def reminders(stage: Stage, board: str) -> list[Note]:
    return [note for note in stage.board.notes(board) if note.kind is NoteKind.REMINDER]


async def test_habits_follow_the_person(stage: Stage) -> None:
    """Those chosen before they joined, and those after, in whichever chat."""
    await team(stage)
    await set_habits(stage.deps, stage.seller, person("lou"), Habits(ladder=Ladder((2 * HOUR,))))
    await join(stage)
    first = await habits_of(stage.deps, stage.seller, person("sam"))

    await set_habits(stage.deps, stage.seller, person("sam"), Habits(ladder=Ladder((HOUR,))))
    second = await habits_of(stage.deps, stage.seller, person("lou"))

    assert (first.ladder, second.ladder) == (Ladder((2 * HOUR,)), Ladder((HOUR,)))


async def test_one_person_does_not_answer_second_to_themselves(stage: Stage) -> None:
    """From the phone and from the desk within seconds; somebody else is asked."""
    await team(stage)
    await join(stage)
    await stage.buyer_writes("Is it blue?", sent_at=stage.clock.now() - SECOND)
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    target = conversation_id(stage.shop, "c-1")

    answers = [
        await stage.act(Submit(f"s-{user}", person(user), place(board), Verb.REPLY, target, {"text": text}))
        for user, board, text in (("sam", "sales", "Yes."), ("lou", "attic", "Sky blue."), ("kim", "sales", "Navy."))
    ]
    await stage.wait(lambda: len(stage.bazaar.texts()) == 2, "both of theirs")
    await stage.wait(lambda: card(stage).state is CardState.ANSWERED, "the answer")

    assert stage.bazaar.texts() == ["Yes.", "Sky blue."]
    assert plain(answers[-1].text).startswith("Lou answered 0 s ago: send Ann this as well?")
