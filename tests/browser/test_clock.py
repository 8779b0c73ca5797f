"""The clock on the page: two months pass in one press, and everything that was to come of them has come."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.screen import SOON, Screen


def test_sixty_one_days(show: Callable[..., Screen]) -> None:
    """One notice in each chat, the miss in the ledger, and none of it in a rate that looks back sixty days."""
    screen = show()
    expect(screen.card_in_slack("Ann")).to_be_visible(timeout=SOON)

    screen.part("Clock").get_by_role("button", name="+61 days").click()
    expect(screen.card_in_slack("Ann")).to_contain_text("Overdue since", timeout=SOON)
    expect(screen.telegram("It counts as missed")).to_be_visible(timeout=SOON)

    expect(screen.part("Clock")).to_contain_text("61 days ahead")
    row = screen.part("Rates and ledger").get_by_role("row").filter(has_text="Ann")
    expect(row).to_contain_text("missed", timeout=SOON)
    expect(screen.part("Telegram").get_by_role("listitem").filter(has_text="It counts as missed")).to_have_count(1)
