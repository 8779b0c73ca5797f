"""Telegram as its people use it: a question opens the reply, the bot is asked while one types, a team has topics."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import DESKTOP, HELD, PHONE, SOON, Screen, Size

BOT = "@shopbell_bot"


def written(screen: Screen, chat: str = "Shopbell") -> Locator:
    return screen.part("Telegram").get_by_role("textbox", name=f"Message to {chat}")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=str)
def test_a_question_opens_the_reply(show: Callable[..., Screen], size: Size) -> None:
    """Eve presses Reply, writes into what opens by itself, and the buyer has it."""
    screen = show(size)
    screen.card_in_telegram("Ann").get_by_role("button", name="Reply to Ann").click()
    expect(screen.part("Telegram").get_by_text("Reply to Shopbell").last).to_be_visible(timeout=SOON)
    box = written(screen)

    box.fill("Yes, in blue too.")
    box.press("Enter")
    expect(screen.telegram("Sending to Ann in")).to_be_visible(timeout=SOON)
    expect(box).to_have_value("")

    expect(screen.said_by_buyer("Ann", "Yes, in blue too.")).to_be_visible(timeout=HELD)


def test_a_quick_response_is_found_while_one_types(show: Callable[..., Screen]) -> None:
    """By the keyboard alone: the card is swiped, the bot asked, and what is taken reaches the buyer with her name."""
    screen = show()
    page, box = screen.page, written(screen)
    box.fill("/quick")
    box.press("Enter")
    screen.telegram("There is no quick response yet").get_by_role("button", name=re.compile("Take these")).click()
    expect(screen.telegram("quick responses, the most used first")).to_be_visible(timeout=SOON)

    screen.card_in_telegram("Ann").focus()
    page.keyboard.press("r")
    expect(box).to_be_focused()
    page.keyboard.type(f"{BOT} look into")
    found = screen.part("Telegram").get_by_role("listbox", name="Results of the bot").get_by_role("option")
    expect(found).to_have_count(1, timeout=SOON)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    # What was taken: the bot's answer to it quotes the beginning, and comes at once.
    expect(screen.telegram(f"via {BOT}")).to_contain_text("Hi ‹buyer name›", timeout=SOON)
    expect(screen.said_by_buyer("Ann", "Hi Ann")).to_be_visible(timeout=HELD)


def test_a_team_works_in_topics(show: Callable[..., Screen]) -> None:
    """Max opens the buyer's topic, reads its times in Tokyo, and claims; Eve sees it in her own chat."""
    screen = show()
    telegram = screen.part("Telegram")
    telegram.get_by_text("Max", exact=False).first.click()
    telegram.get_by_role("button", name=re.compile("Bell team")).click()
    telegram.get_by_role("list", name="Topics").get_by_role("button", name=re.compile("Ann")).click()
    card = screen.card_in_telegram("Ann")
    expect(card).to_be_visible(timeout=SOON)

    paris = card.inner_text()
    telegram.get_by_role("combobox", name="The zone of the phone").select_option("Asia/Tokyo")
    tokyo = card.inner_text()
    card.get_by_role("button", name="Claim").click()
    expect(card).to_contain_text("Max is on it", timeout=SOON)
    telegram.get_by_text("Eve", exact=False).first.click()

    expect(screen.card_in_telegram("Ann")).to_contain_text("Max is on it", timeout=SOON)
    assert paris != tokyo
