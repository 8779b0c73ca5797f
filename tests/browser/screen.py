"""The page as a person meets it: by roles and names, on a desk or on a phone, where one part is in view at a time."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import CDPSession, Locator, Page, expect

HELD = 25_000  # milliseconds; a reply is held for eight seconds, so that it can be taken back
SOON = 10_000


@dataclass(frozen=True, slots=True)
class Size:
    name: str
    width: int
    height: int

    def __str__(self) -> str:
        return self.name


DESKTOP, PHONE = Size("desktop", 1440, 900), Size("phone", 390, 844)
NARROW = 700
PARTS = {
    "Clock": "Clock & rates",
    "Faults": "Clock & rates",
    "Rates and ledger": "Clock & rates",
    "Thread in sales": "Slack",
}


@dataclass(frozen=True, slots=True)
class Screen:
    page: Page
    size: Size
    meter: CDPSession | None = None

    def processor_ms(self) -> float:
        """What the page's own thread has worked so far, by the browser's count; other programs are not in it."""
        assert self.meter is not None
        counted = self.meter.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in counted if each["name"] == "TaskDuration")) * 1_000

    def part(self, name: str) -> Locator:
        """A region of the page, brought into view where the screen has room for one only."""
        if self.size.width < NARROW:
            parts = self.page.get_by_role("navigation", name="Parts of the page")
            parts.get_by_role("button", name=PARTS.get(name, name)).click()
        region = self.page.get_by_role("region", name=name, exact=True)
        expect(region).to_be_visible(timeout=SOON)
        return region

    @property
    def marketplace(self) -> Locator:
        return self.part("Marketplace")

    def slack(self, words: str) -> Locator:
        """The newest message in Slack with these words."""
        return self.part("Slack").get_by_role("article").filter(has_text=words).last

    def telegram(self, words: str) -> Locator:
        """The newest message in Telegram with these words."""
        return self.part("Telegram").get_by_role("listitem").filter(has_text=words).last

    def card_in_slack(self, buyer: str) -> Locator:
        return self.part("Slack").get_by_role("article").filter(has=self._title(buyer)).last

    def card_in_telegram(self, buyer: str) -> Locator:
        """Not what answers it, where its title is only quoted."""
        return self.part("Telegram").get_by_role("listitem").filter(has=self._title(buyer)).last

    def _title(self, buyer: str) -> Locator:
        return self.page.get_by_text(f"{buyer} · Playground Market", exact=True)

    def said_by_buyer(self, buyer: str, words: str) -> Locator:
        talk = self.marketplace.get_by_role("region", name=f"{buyer}'s conversation")
        return talk.get_by_role("article").filter(has_text=words).last

    def step(self, number: int, title: str) -> None:
        """Does a step of the tour and waits until it says that it is done."""
        tour = self.page.get_by_role("region", name="Try it")
        tour.get_by_role("button", name=title).click()
        expect(tour.get_by_role("status")).to_contain_text(f"Step {number} is done", timeout=HELD + SOON)

    def write_as_buyer(self, text: str) -> None:
        """In the conversation that is open."""
        market = self.marketplace
        market.get_by_role("textbox", name="Message").fill(text)
        market.get_by_role("button", name="Send").click()
        expect(market.get_by_role("log").get_by_role("article").filter(has_text=text)).to_be_visible(timeout=SOON)

    def reply_in_slack(self, buyer: str, text: str, *, button: str = "Reply to") -> None:
        self.card_in_slack(buyer).get_by_role("button", name=f"{button} {buyer}").click()
        form = self.page.get_by_role("dialog")
        form.get_by_role("textbox").fill(text)
        form.get_by_role("button", name=f"Send to {buyer}").click()
        expect(form).to_be_hidden(timeout=SOON)

    def fault(self, side: str, title: str) -> Locator:
        return self.part("Faults").get_by_role("group", name=side).get_by_role("switch", name=title)

    def turn(self, side: str, title: str, *, on: bool) -> None:
        switch = self.fault(side, title)
        switch.click()
        expect(switch).to_be_checked(checked=on, timeout=SOON)
