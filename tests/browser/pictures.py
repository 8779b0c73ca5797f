"""`make pictures`: the README's pictures, taken of a real play. They are looked at before they are kept."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import ARGS, PROGRAMS, ROOT, serving
from tests.browser.screen import DESKTOP, PHONE, SOON, Screen, Size

FOLDER = ROOT / "bots" / "playground" / "page" / "pictures"
SHARP = 2  # pixels of a picture for each of the page, as good screens have them
QUALITY = 85
MARGIN = 10
SHOP = "bell"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    command = (str(PROGRAMS / "shopbell"), "play", "--port", "0", "--json")
    with serving(*command) as said, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        with browser.new_context(
            viewport={"width": DESKTOP.width, "height": DESKTOP.height},
            base_url=str(said["page"]),
            device_scale_factor=SHARP,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/Paris",
        ) as context:
            page = context.new_page()
            page.goto(str(said["page"]))
            live(Screen(page, DESKTOP))
            for name, scheme, size in (
                ("light", "light", DESKTOP),
                ("dark", "dark", DESKTOP),
                ("phone", "light", PHONE),
            ):
                take(page, FOLDER / f"playground-{name}.webp", scheme, size)
        browser.close()


def live(screen: Screen) -> None:
    """Answers from both chats, an order, and a buyer who has just written and waits."""
    order = {"id": "FO-2107", "title": "Poster, A1", "status": "active"}
    hand(screen.page, "order_started", buyer="Mia", order=order, conversation="c-order")
    hand(screen.page, "write", buyer="Mia", text="Thank you so much! 🎉", order=order, conversation="c-order")
    screen.step(2, "Answer from Slack")
    screen.step(3, "Answer from Telegram")
    screen.step(1, "A buyer writes")


def hand(page: Page, name: str, **given: object) -> None:
    done = page.request.post(f"/marketplace/hands/{name}", data={"shop": SHOP, **given})
    assert done.ok, done.text()


def take(page: Page, file: Path, scheme: str, size: Size) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size.width, "height": size.height})
    if size is PHONE:
        Screen(page, PHONE).part("Slack")
    expect(page.get_by_role("heading", name="Shopbell playground")).to_be_visible(timeout=SOON)
    page.wait_for_timeout(1_500)
    # What stands under the panes is another picture.
    shown = page.get_by_role("list", name="How it stands").bounding_box() if size is DESKTOP else None
    height = shown["y"] + shown["height"] + MARGIN if shown else size.height
    clip = {"x": 0, "y": 0, "width": size.width, "height": height, "scale": SHARP}
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "clip": clip})
    file.write_bytes(base64.b64decode(shot["data"]))


if __name__ == "__main__":
    main()
