"""Files that members attach: shown back before anything leaves, given to the marketplace by an address, never kept."""

from dataclasses import replace

import pytest

from core.domain.actions import Amend, Press, Submit, Write
from core.domain.cards import Answer, Verb
from core.domain.files import File, FileLimits
from core.domain.texts import plain
from core.errors import TryLater
from core.services.terms import set_terms
from core.store import keys
from core.store.conversations import conversation_id
from tests.contract.chalkboard.adapter import button, person, place
from tests.fixtures.core import Stage

PHOTO = b"\x89PNG" + b"p" * 236


@pytest.fixture
def desk(stage: Stage) -> Stage:
    """A seller whose marketplace takes two files, and can fetch them."""
    return _with_files(stage)


@pytest.fixture
def quiet(still: Stage) -> Stage:
    return _with_files(still)


def _with_files(stage: Stage) -> Stage:
    stage.bazaar.files = FileLimits(2, 500, ("image/*", "application/pdf"))
    stage.deps.outside.url = "https://bell.example"
    return stage


def words(answer: Answer) -> str:
    return plain(answer.text)


async def write(stage: Stage, text: str, *files: File, alone: bool = False) -> Answer:
    """In the thread of the card, or where nobody else reads."""
    target = conversation_id(stage.shop, "c-1")
    key = f"w-{next(stage.counter)}"
    said = Write(key, person("sam"), place("sales"), text, conversation=target, alone=alone, files=files)
    return await stage.act(said)


async def press(stage: Stage, verb: Verb, target: str) -> Answer:
    return await stage.act(Press(f"p-{next(stage.counter)}", person("sam"), place("sales"), verb, target))


async def test_a_file_is_shown_back_and_sent_with_its_reply(desk: Stage) -> None:
    """The draft names it, nothing leaves before Send, and the address holds nothing of the chat's."""
    await desk.link("sales")
    await desk.buyer_writes("Is it blue?")
    photo = desk.board.put_away("photo.png", PHOTO)

    asked = await write(desk, "Like this one.", photo)
    before = desk.bazaar.texts()
    sent = await press(desk, Verb.SEND, button(asked, Verb.SEND))
    await desk.wait(desk.bazaar.texts, "the reply at the marketplace")
    (reply,) = desk.bazaar.replies.values()
    (file,) = reply.attachments
    await desk.wait(lambda: any("photo.png" in said for said in desk.board.said("sales")), "the receipt to name it")

    assert (words(asked), asked.quote and asked.quote.text) == ("To Ann, with photo.png (240 B):", "Like this one.")
    assert before == []
    assert words(sent) == "On its way to Ann, with photo.png (240 B). The card shows when Example Market has it."
    assert (reply.text, file.name, file.type, file.size) == ("Like this one.", "photo.png", "image/png", 240)
    assert file.url.startswith(f"https://bell.example/v1/files/{desk.shop}.{reply.id}.0.")
    assert photo.ref not in file.url


async def test_a_file_needs_no_words(desk: Stage) -> None:
    """A picture alone says something; the card's receipt names it."""
    await desk.link("sales")
    await desk.buyer_writes("Is it blue?")

    shown = await write(desk, "", desk.board.put_away("photo.png", PHOTO), alone=True)
    await desk.wait(desk.bazaar.texts, "the reply at the marketplace")
    await desk.wait(lambda: any("📎 photo.png (240 B)" in said for said in desk.board.said("sales")), "the receipt")

    assert shown == Answer(conversation=shown.conversation)
    assert [len(reply.attachments) for reply in desk.bazaar.replies.values()] == [1]


async def test_the_form_asks_for_as_many_as_are_taken(desk: Stage) -> None:
    """And what comes with it goes along with its words."""
    await desk.link("sales")
    await desk.buyer_writes("Is it blue?")
    target = conversation_id(desk.shop, "c-1")
    form = (await press(desk, Verb.REPLY, target)).form
    files = (desk.board.put_away("a.png", b"a"), desk.board.put_away("b.pdf", b"b", "application/pdf"))

    filled = Submit("f-1", person("sam"), place("sales"), Verb.REPLY, target, {"text": "Both"}, files)
    await desk.act(filled)
    await desk.wait(desk.bazaar.texts, "the reply at the marketplace")

    assert form is not None
    assert form.files == 2
    assert [file.name for reply in desk.bazaar.replies.values() for file in reply.attachments] == ["a.png", "b.pdf"]


async def test_a_try_that_fails_is_made_again_with_the_same_files(desk: Stage) -> None:
    """The marketplace sees one id and one address, however often it is asked."""
    await desk.link("sales")
    await desk.buyer_writes("Is it blue?")
    desk.bazaar.troubles["c-1"] = [TryLater("busy", after=0.05)]
    await write(desk, "This one", desk.board.put_away("a.png"), alone=True)
    await desk.wait(lambda: len(desk.bazaar.brought) == 2, "two tries")

    first, second = desk.bazaar.brought
    assert first == second
    assert len(first.attachments) == 1


async def test_a_held_reply_keeps_its_files_through_a_change(quiet: Stage) -> None:
    """Undo takes both back, other words keep what was attached."""
    await set_terms(quiet.deps, quiet.seller, hold=8_000)
    await quiet.link("sales")
    await quiet.buyer_writes("Is it blue?")
    held = await write(quiet, "Here", quiet.board.put_away("a.png", PHOTO), alone=True)
    message = button(held, Verb.UNDO)

    changed = await quiet.act(Submit("e-1", person("sam"), place("sales"), Verb.EDIT, message, {"text": "There"}))
    kept = await quiet.deps.store.engine.call("HGET", keys.message(keys.tag_of(message), message), "files")
    undone = await press(quiet, Verb.UNDO, message)

    assert words(held) == "Sending to Ann, with a.png (240 B), in 8 s."
    assert words(changed) == "Changed. Sending to Ann, with a.png (240 B), in 8 s."
    assert b"a.png" in kept
    assert words(undone) == "Taken back: nothing was sent to Ann. Your text:"
    assert await quiet.claim() == () or not quiet.bazaar.replies


async def test_a_text_that_is_changed_in_the_chat_keeps_its_files(quiet: Stage) -> None:
    """What was shown back is asked about anew, with the file beside the new words."""
    await quiet.link("sales")
    await quiet.buyer_writes("Is it blue?")
    asked = await write(quiet, "Helo", quiet.board.put_away("a.png", PHOTO))

    again = await quiet.act(Amend("e-1", person("sam"), place("sales"), "Hello", f"w-{next(quiet.counter) - 1}"))
    old = await press(quiet, Verb.SEND, button(asked, Verb.SEND))

    assert (words(again), again.quote and again.quote.text) == ("To Ann, with a.png (240 B):", "Hello")
    assert not old.buttons


async def test_a_quick_response_put_into_the_form_drops_no_file(desk: Stage) -> None:
    """The form that takes the first one's place asks for files too, and sends what was put there."""
    await desk.link("sales")
    await desk.buyer_writes("Is it blue?")
    target = conversation_id(desk.shop, "c-1")
    await desk.act(Press("q-1", person("sam"), place("sales"), Verb.QUICK_CHANGE, target, "pack"))
    form = (await press(desk, Verb.REPLY, target)).form
    assert form is not None
    insert = next(each for each in form.buttons if each.verb is Verb.INSERT and "look into it" in plain(each.label))
    filled = (
        await desk.act(Press("q-2", person("sam"), place("sales"), Verb.INSERT, insert.target, insert.choice))
    ).form
    assert filled is not None

    file, values = desk.board.put_away("a.png"), {"text": filled.fields[0].value}
    await desk.act(Submit("f-1", person("sam"), place("sales"), filled.verb, filled.target, values, (file,)))
    await desk.wait(desk.bazaar.texts, "the reply at the marketplace")

    assert (form.files, filled.files) == (2, 2)
    assert [file.name for reply in desk.bazaar.replies.values() for file in reply.attachments] == ["a.png"]


async def test_a_file_without_a_target_is_asked_about(quiet: Stage) -> None:
    """Whom it is for is never guessed; what was picked is shown back with it."""
    await quiet.link("sales")
    await quiet.buyer_writes("Is it blue?")
    quiet.pass_time(1)
    await quiet.buyer_writes("Is it red?", conversation="c-2", buyer="Bob")
    photo = quiet.board.put_away("a.png", PHOTO)

    asked = await quiet.act(Write("w-1", person("sam"), place("sales"), "", files=(photo,)))
    picked = await quiet.act(
        Press("p-1", person("sam"), place("sales"), Verb.PICK, button(asked, Verb.PICK), choice="0")
    )

    assert words(asked) == "Whom is this, with a.png (240 B), for?"
    assert words(picked) == "To Ann, with a.png (240 B):"


async def refused(stage: Stage, *files: File) -> str:
    """What is said of these in the thread, and in the same words where nobody else reads."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    answers = [await write(stage, "Look", *files, alone=alone) for alone in (True, False)]
    assert answers[0] == answers[1]
    assert not answers[0].buttons
    return words(answers[0])


async def test_more_than_the_marketplace_takes_is_said_before_anything_leaves(quiet: Stage) -> None:
    """Neither the files nor the words go, and what to do instead is named."""
    said = await refused(quiet, *(quiet.board.put_away(name) for name in ("a.png", "b.png", "c.png")))

    assert said == (
        "There are 3 files; Example Market takes 2 with one reply. Send the rest with another one. Nothing was sent."
    )


async def test_a_file_that_is_too_large_is_said_to_be(quiet: Stage) -> None:
    """By the smaller of what the chat gives and the marketplace takes."""
    said = await refused(quiet, quiet.board.put_away("big.png", b"x" * 600))

    assert said == (
        "big.png has 600 B; at most 500 B can go to Example Market from here. Make it smaller, put a link to it into "
        "the words, or send it on the site. Nothing was sent."
    )


async def test_a_type_that_is_not_taken_is_named_beside_those_that_are(quiet: Stage) -> None:
    """Also where its name says otherwise."""
    said = await refused(quiet, quiet.board.put_away("a.png", type="text/html"))

    assert said == (
        "a.png is text/html; Example Market takes image/*, application/pdf. Send it as one of these, put a link to it "
        "into the words, or send it on the site. Nothing was sent."
    )


async def test_a_marketplace_that_takes_no_files_is_said_to_take_none(quiet: Stage) -> None:
    """Nothing is dropped in silence: the words stay too, and what can be done instead is named."""
    quiet.bazaar.files = FileLimits()
    await quiet.link("sales")
    await quiet.buyer_writes("Is it blue?")

    answer = await write(quiet, "Look", quiet.board.put_away("a.png", PHOTO))

    assert words(answer) == (
        "Example Market takes no files from Shopbell, so a.png (240 B) was not sent, and neither were the words. "
        "Send the words alone, put a link to the file into them, or send it on the site."
    )


async def test_without_an_address_of_ours_no_file_is_taken(quiet: Stage) -> None:
    """The marketplace could not fetch it; whoever runs Shopbell can mend that."""
    quiet.deps.outside.url = ""
    await quiet.link("sales")
    await quiet.buyer_writes("Is it blue?")

    answer = await write(quiet, "Look", quiet.board.put_away("a.png", PHOTO))
    form = (await press(quiet, Verb.REPLY, conversation_id(quiet.shop, "c-1"))).form

    assert "Whoever runs it sets SHOPBELL_PUBLIC_URL" in words(answer)
    assert form is not None
    assert form.files == 0


async def test_names_are_made_harmless(desk: Stage) -> None:
    """A path, a mark that turns the direction of writing and a type that is none reach no marketplace."""
    await desk.link("sales")
    await desk.buyer_writes("Is it blue?")
    desk.bazaar.files = replace(desk.bazaar.files, types=())
    odd = replace(desk.board.put_away("x"), name="../../etc/\u202egnp.pass\x00wd", type="image/png\r\nx: y")

    await write(desk, "Look", odd, alone=True)
    await desk.wait(desk.bazaar.texts, "the reply at the marketplace")
    (file,) = next(iter(desk.bazaar.replies.values())).attachments

    assert (file.name, file.type) == ("_.._etc_gnp.passwd", "application/octet-stream")
