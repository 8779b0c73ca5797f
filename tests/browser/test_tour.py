"""The six steps of the tour: each is seen in all three panes, on a desk and on a phone, and by the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.screen import DESKTOP, HELD, PHONE, SOON, Screen, Size


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=str)
def test_the_six_steps(show: Callable[..., Screen], size: Size) -> None:
    """A buyer writes; answers from both chats; spam; away and what buyers read of it; a deadline that comes near."""
    screen = show(size)

    screen.step(1, "A buyer writes")
    expect(screen.said_by_buyer("Kenji", "Hello from Tokyo!")).to_be_visible()
    expect(screen.card_in_slack("Kenji").get_by_role("button", name="Reply to Kenji")).to_be_visible()
    expect(screen.card_in_telegram("Kenji").get_by_role("button", name="Reply to Kenji")).to_be_visible()

    screen.step(2, "Answer from Slack")
    expect(screen.said_by_buyer("Kenji", "It leaves tomorrow morning")).to_contain_text("Sam")
    expect(screen.card_in_slack("Kenji")).to_contain_text("Answered by Sam", timeout=SOON)
    expect(screen.card_in_telegram("Kenji")).to_contain_text("Answered by Sam", timeout=SOON)

    screen.step(3, "Answer from Telegram")
    expect(screen.said_by_buyer("Zoë", "you will hear from me here")).to_contain_text("Eve")
    expect(screen.card_in_slack("Zoë")).to_contain_text("Answered by Eve", timeout=SOON)
    expect(screen.card_in_telegram("Zoë")).to_contain_text("Answered by Eve", timeout=SOON)

    screen.step(4, "Report spam")
    expect(screen.said_by_buyer("Shop Support", "Confirm your account")).to_contain_text("reported this as spam")
    expect(screen.card_in_slack("Shop Support")).to_contain_text("Reported as spam by Sam", timeout=SOON)
    expect(screen.card_in_telegram("Shop Support")).to_contain_text("Reported as spam by Sam", timeout=SOON)

    screen.step(5, "Go away")
    expect(screen.marketplace.get_by_text("At the fair; back in the evening.")).to_be_visible()
    expect(screen.slack("Playground Market is away until")).to_be_visible()
    expect(screen.telegram("Playground Market is away until")).to_be_visible()

    screen.step(6, "A deadline comes near")
    expect(screen.said_by_buyer("Omar", "could I have it framed")).to_be_visible()
    expect(screen.slack("Omar (Playground Market)")).to_be_visible()
    expect(screen.telegram("Omar (Playground Market)")).to_be_visible()
    expect(screen.part("Clock")).to_contain_text("ahead")


def test_the_tour_begins_wherever_one_is(show: Callable[..., Screen]) -> None:
    """With a form left open, Slack's Home in view and a team's topics: each step is done, and is seen to be."""
    screen = show()
    screen.card_in_slack("Ann").get_by_role("button", name="Reply to Ann").click()
    expect(screen.page.get_by_role("dialog")).to_be_visible(timeout=SOON)
    screen.part("Telegram").get_by_role("button", name=re.compile("Bell team")).click()
    screen.page.reload()

    screen.step(2, "Answer from Slack")
    slack = screen.part("Slack")
    slack.get_by_role("navigation", name="Channels and apps").get_by_role("button", name="Shopbell").click()
    slack.get_by_role("navigation", name="Tabs of Shopbell").get_by_role("button", name="Home").click()
    screen.page.reload()
    expect(slack.get_by_role("region", name="Home of Shopbell")).to_contain_text("Bell & Daughters", timeout=SOON)
    screen.step(1, "A buyer writes")

    expect(screen.said_by_buyer("Kenji", "Hello from Tokyo!")).to_be_visible()
    expect(screen.card_in_slack("Kenji").get_by_role("button", name="Reply to Kenji")).to_be_visible()
    expect(screen.card_in_telegram("Kenji").get_by_role("button", name="Reply to Kenji")).to_be_visible()


def test_an_answer_by_the_keyboard_alone(show: Callable[..., Screen]) -> None:
    """From the top of the page to the buyer's inbox with Tab, Enter and letters; the focus is never lost on the way."""
    screen = show()
    page = screen.page
    expect(screen.card_in_slack("Ann").get_by_role("button", name="Reply to Ann")).to_be_visible()

    go_to(page, screen.part("Slack").get_by_role("button", name="Reply to Ann").last)
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog")
    expect(form.get_by_role("textbox")).to_be_focused(timeout=SOON)
    page.keyboard.type("Yes, by Thursday.")
    go_to(page, form.get_by_role("button", name="Send to Ann"))
    page.keyboard.press("Enter")
    expect(form).to_be_hidden(timeout=SOON)
    focused_in = page.evaluate("document.activeElement.closest('[data-pane]')?.dataset.pane")

    expect(screen.said_by_buyer("Ann", "Yes, by Thursday.")).to_be_visible(timeout=HELD)
    assert focused_in == "slack"


def go_to(page: Page, wanted: Locator, most: int = 120) -> None:
    """With Tab, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"{most} times Tab do not lead to {wanted}")
