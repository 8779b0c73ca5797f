"""A seller who chose German reads German, also where Slack or Telegram alone has something to say."""

import pytest

from bots.playground.slack import View
from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from core.services.terms import set_terms
from core.store.memory import StoredMemory
from tests.fixtures.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONG = "Is it blue? " * 400
FILES = [{"url": f"https://files.example/{number}", "name": f"{number}.txt"} for number in range(7)]


async def german(house: House) -> None:
    await set_terms(house.deps, house.seller, language="de")
    await house.buyer_writes(LONG, "c-1", attachments=FILES)


async def window(house: House, words: str) -> View:
    """Sam's modal once it says so."""
    slack, sam = house.town.slack, house.town.sam
    return await slack.wait(
        lambda: view if (view := slack.view(sam)) and words in slack_plain(view) else None, f"{words!r} in a window"
    )


async def test_in_slack_cards_forms_and_windows_are_german_throughout(house: House) -> None:
    """What was cut and left out says so; so do the words below a form, around a window, and beside what is wrong."""
    await german(house)
    town, slack = house.town, house.town.slack
    card = await house.story("c-1").in_slack()
    assert await slack.click(town.sam, house.channel, card.ts, "open:reply:0")
    form = slack_plain(await window(house, "An Ann senden"))
    empty = await slack.submit(town.sam, None, {"text/typed": "\u2003"})
    await slack.close(town.sam)
    talk = await slack.say(town.kim, house.channel, "Lunch?")
    assert await slack.message_shortcut(town.sam, house.channel, talk, "save")
    shown = slack_plain(await window(house, "[Schließen]"))

    assert "… (gekürzt, ganz auf der Seite)" in slack_plain(card)
    assert "und 2 weitere, auf der Seite" in slack_plain(card)
    assert "Bilder und Dateien" in form
    assert "[Abbrechen]" in form
    assert empty["errors"] == {"text": "Bitte zuerst etwas schreiben."}
    assert "Close" not in shown


async def test_in_slack_what_is_refused_before_anything_is_done_is_german_too(house: House) -> None:
    """A file that may not be read, and a button of another version: nothing was carried out, and the chat is known."""
    await german(house)
    town, slack = house.town, house.town.slack
    card = await house.story("c-1").in_slack()
    memory = StoredMemory(house.deps.store, "slack")
    await memory.take("slack/scopes")
    slack.workspace.scopes.discard("files:read")
    try:
        photo = await slack.attach(town.sam, "photo.png", b"bytes")
        await slack.say(town.sam, house.channel, "@shopbell Like this", card.ts, files=[photo])
        await house.story("c-1").thread_says("Shopbell darf in diesem Workspace keine Dateien lesen.")
    finally:
        slack.workspace.scopes.add("files:read")
        await memory.take("slack/scopes")
    slack.message(house.channel, card.ts).blocks[-1]["elements"][0]["action_id"] = "do:dance:0"
    assert await slack.click(town.sam, house.channel, card.ts, "Ann antworten")
    await house.heard(town.sam, "Diese Schaltfläche ist zu alt für dieses Shopbell.")

    assert house.replies("c-1") == []


async def test_in_telegram_cards_and_refusals_are_german_throughout(house: House) -> None:
    """What was cut and left out says so; a sticker, an album and a button of another version are answered."""
    await german(house)
    hands, eve = house.town.telegram_stand_in.hands, house.eve
    card = await house.story("c-1").in_telegram()
    for number in range(2):
        await hands.send_photo(eve, card.chat, "All" if not number else "", reply_to=card, album="77", data=b"bytes")
    await hands.send_sticker(eve, card.chat, reply_to=card)
    await house.read("Nur Worte, Bilder, Videos und Dateien können an Käufer gehen.")
    pressed = await hands.press_raw(eve, card.chat, card.id, "v0:reply")

    assert "… (gekürzt, ganz auf der Seite)" in telegram_plain(card)
    assert "📎 und 2 weitere" in telegram_plain(card)
    assert "Ann antworten" in labels(card)
    assert sum("Ein Album kommt hier als einzelne Nachrichten an" in said for said in house.said()) == 1
    assert "Diese Schaltfläche ist aus einer anderen Fassung." in (pressed.text or "")
    assert house.replies("c-1") == []
