"""A fault from the menu: what people see of it, and how it heals. One on each side."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.screen import HELD, SOON, Screen


def test_an_archived_channel(show: Callable[..., Screen]) -> None:
    """Telegram says that the channel is lost; what came meanwhile stands in Slack when it is open again."""
    screen = show()
    expect(screen.card_in_slack("Ann")).to_be_visible(timeout=SOON)

    screen.turn("Slack", "Channel archived", on=True)
    expect(screen.telegram("cannot be reached")).to_contain_text("archived", timeout=SOON)
    screen.write_as_buyer("Are you still there?")
    expect(screen.telegram("Are you still there?")).to_be_visible(timeout=SOON)
    expect(screen.card_in_slack("Ann")).not_to_contain_text("2 messages wait")
    screen.turn("Slack", "Channel archived", on=False)

    expect(screen.card_in_slack("Ann")).to_contain_text("2 messages wait", timeout=SOON)
    screen.card_in_slack("Ann").get_by_role("button", name="1 reply").click()
    expect(screen.part("Thread in sales").get_by_text("Are you still there?")).to_be_visible(timeout=SOON)


def test_a_blocked_bot(show: Callable[..., Screen]) -> None:
    """Slack says that Eve cannot be reached; she has everything once she is back."""
    screen = show()
    expect(screen.card_in_telegram("Ann")).to_be_visible(timeout=SOON)

    screen.turn("Telegram", "Bot blocked", on=True)
    expect(screen.slack("Telegram Eve cannot be reached")).to_contain_text("blocked", timeout=SOON)
    screen.write_as_buyer("Are you still there?")
    expect(screen.card_in_slack("Ann")).to_contain_text("2 messages wait", timeout=SOON)
    missing = screen.part("Telegram").get_by_role("listitem").filter(has_text="Are you still there?").count()
    screen.turn("Telegram", "Bot blocked", on=False)

    expect(screen.telegram("Are you still there?")).to_be_visible(timeout=SOON)
    assert missing == 0


def test_a_marketplace_that_refuses(show: Callable[..., Screen]) -> None:
    """Whoever wrote the reply reads why it was refused; sent again, the buyer has it, once."""
    screen = show()
    expect(screen.card_in_slack("Ann")).to_be_visible(timeout=SOON)

    screen.turn("Marketplace", "Refuses replies", on=True)
    screen.reply_in_slack("Ann", "Yes, in blue.")
    expect(screen.part("Slack")).to_contain_text("This conversation is closed: the buyer has left.", timeout=HELD)
    screen.turn("Marketplace", "Refuses replies", on=False)
    screen.reply_in_slack("Ann", "Yes, in blue, by Friday.", button="Try again to")

    expect(screen.said_by_buyer("Ann", "Yes, in blue, by Friday.")).to_be_visible(timeout=HELD)
    expect(screen.card_in_slack("Ann")).to_contain_text("Answered by Sam", timeout=SOON)
    expect(screen.marketplace.get_by_role("log").get_by_text("Yes, in blue")).to_have_count(1)
