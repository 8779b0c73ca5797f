"""What axe-core finds on the page, in light and in dark, on a desk and on a phone: nothing that keeps anybody out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.screen import DESKTOP, PHONE, SOON, Screen, Size


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light")], ids=str)
def test_nobody_is_kept_out(show: Callable[..., Screen], size: Size, scheme: str) -> None:
    """Neither by the page nor by a form that is open over it."""
    screen = show(size, scheme=scheme)
    screen.step(1, "A buyer writes")
    parts = ["Marketplace", "Slack", "Telegram"]
    found = [each for part in parts for each in violations(screen, part)]
    screen.card_in_slack("Kenji").get_by_role("button", name="Reply to Kenji").click()
    expect(screen.page.get_by_role("dialog")).to_be_visible(timeout=SOON)

    assert found + violations(screen, "") == []


def violations(screen: Screen, part: str) -> list[str]:
    """The serious and the critical, each with where it is."""
    if part:
        screen.part(part)
    found = Axe().run(screen.page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{part or 'form'}: {each['id']}: {each['help']}: {node['html'][:160]}: {node['failureSummary'][:300]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
