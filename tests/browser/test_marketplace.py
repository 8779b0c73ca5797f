"""The marketplace as its buyers use it, and as the seller does on the site itself, without Shopbell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import DESKTOP, PHONE, SOON, Screen, Size


def said(screen: Screen, words: str) -> Locator:
    return screen.marketplace.get_by_role("log").get_by_role("article").filter(has_text=words)


def test_a_double_click_does_it_once(show: Callable[..., Screen]) -> None:
    """A message, a new conversation with its order, and an order that is started in one."""
    screen = show()
    market = screen.marketplace
    market.get_by_role("textbox", name="Message").fill("Only once, please.")
    market.get_by_role("button", name="Send").dblclick()
    screen.write_as_buyer("And this after it.")
    once = said(screen, "Only once, please.").count()

    market.get_by_role("button", name="New conversation").click()
    form = market.get_by_role("form", name="New conversation")
    form.get_by_label("Who writes").select_option("Omar")
    form.get_by_label("Message").fill("Is it still there?")
    form.get_by_role("button", name="Write").dblclick()
    expect(screen.said_by_buyer("Omar", "Is it still there?")).to_be_visible(timeout=SOON)
    screen.write_as_buyer("It is Omar again.")
    begun = said(screen, "Is it still there?").count()

    assert (once, begun) == (1, 1)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=str)
def test_spam_is_reported_on_the_site(show: Callable[..., Screen], size: Size) -> None:
    """The seller does it there, and takes it back there; both cards hear of it from the marketplace."""
    screen = show(size)
    expect(screen.card_in_slack("Ann")).to_be_visible(timeout=SOON)

    screen.marketplace.get_by_text("As the seller, on the site").click()
    asked = "Is the poster also available in blue"
    said(screen, asked).get_by_role("button", name="Report spam").click()
    expect(said(screen, asked)).to_contain_text("The seller reported this as spam")
    expect(screen.card_in_slack("Ann")).to_contain_text("Reported as spam", timeout=SOON)
    expect(screen.card_in_telegram("Ann")).to_contain_text("Reported as spam", timeout=SOON)
    assert screen.marketplace.is_visible()
    said(screen, asked).get_by_role("button", name="Not spam").click()

    expect(screen.card_in_slack("Ann")).not_to_contain_text("Reported as spam", timeout=SOON)
    expect(screen.card_in_telegram("Ann")).not_to_contain_text("Reported as spam", timeout=SOON)
