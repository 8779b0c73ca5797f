"""The Slack pane: what it draws of what was sent, and what hands and keys do there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.browser.screen import SOON, Screen

HOSTILE = "<!channel> @here *bold* `code` <https://evil.example|your invoice> https://evil.example :bell: &lt;!here&gt;"
OBEYED = "a, button, strong, em, s, code, pre, .pill, .emoji"


def test_a_buyers_words_stay_words(show: Callable[..., Screen]) -> None:
    """Nothing in them pings, links or formats."""
    screen = show()
    screen.write_as_buyer(HOSTILE)
    screen.card_in_slack("Ann").get_by_role("button", name="1 reply").click()

    quote = screen.part("Thread in sales").locator("blockquote").last
    expect(quote).to_contain_text("your invoice", timeout=SOON)
    assert quote.inner_text().replace("\u200b", "") == HOSTILE
    assert quote.locator(OBEYED).count() == 0


def test_the_keyboard_alone_answers(show: Callable[..., Screen]) -> None:
    """Up to the card, into its button, through the form, and back to where it was."""
    screen = show()
    keys, slack = screen.page.keyboard, screen.part("Slack")
    expect(screen.card_in_slack("Ann")).to_be_visible(timeout=SOON)

    slack.get_by_role("region", name="Messages in sales").focus()
    keys.press("ArrowUp")
    keys.press("Tab")
    button = screen.card_in_slack("Ann").get_by_role("button", name="Reply to Ann")
    expect(button).to_be_focused()
    keys.press("Enter")
    field = screen.page.get_by_role("dialog").get_by_role("textbox")
    expect(field).to_be_focused(timeout=SOON)
    screen.page.get_by_role("button", name="Send to Ann").press("Enter")
    expect(field).to_have_accessible_description(re.compile("^Please complete this"), timeout=SOON)
    expect(field).to_be_focused()
    keys.press("Escape")

    expect(screen.page.get_by_role("dialog")).to_be_hidden(timeout=SOON)
    expect(button).to_be_focused()


def test_a_draft_waits_for_its_author(show: Callable[..., Screen]) -> None:
    """Kim sees nothing of what Sam has not sent; Sam finds it again, in the form and below the channel."""
    screen = show()
    slack = screen.part("Slack")
    expect(screen.card_in_slack("Ann")).to_be_visible(timeout=SOON)
    said, form = slack.get_by_role("textbox", name="Message #sales"), slack.get_by_role("dialog")

    said.fill("half a thought")
    screen.card_in_slack("Ann").get_by_role("button", name="Reply to Ann").click()
    form.get_by_role("textbox").fill("half a reply")
    slack.get_by_role("radio", name="Kim").check()
    expect(form).to_be_hidden(timeout=SOON)
    expect(said).to_have_value("")
    slack.get_by_role("radio", name="Sam").check()

    expect(form.get_by_role("textbox")).to_have_value("half a reply", timeout=SOON)
    form.get_by_role("button", name="Cancel").click()
    expect(said).to_have_value("half a thought")


def test_what_cannot_be_drawn_is_seen(show: Callable[..., Screen]) -> None:
    """A block that is not known stands there by its name; those around it are drawn."""
    screen = show()

    def with_a_carousel(route: Route) -> None:
        given = route.fetch().json()
        for message in given["messages"]:
            message["blocks"].insert(1, {"type": "carousel", "block_id": "new"})
        route.fulfill(body=json.dumps(given), content_type="application/json")

    screen.page.route("**/page/slack*", with_a_carousel)
    screen.page.reload()

    expect(screen.card_in_slack("Ann")).to_contain_text("cannot be drawn: carousel", timeout=SOON)
    expect(screen.card_in_slack("Ann").get_by_role("button", name="Reply to Ann")).to_be_visible()
    screen.page.unroute_all(behavior="wait")  # what is asked at this moment would fail with the page, in the next test
