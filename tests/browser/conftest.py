"""A browser before the playground's page, with the real Shopbell behind it: a test has only eyes and hands."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.screen import DESKTOP, Screen, Size

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / ".venv" / "bin"
# As root, and asking nobody for anything.
ARGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
Open = Callable[..., Screen]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's own, or whatever `chromium` is here."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "There is no chromium: apt-get install chromium fonts-noto-color-emoji"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@contextmanager
def serving(*command: str) -> Iterator[dict[str, object]]:
    """What a command prints in its first line, while it serves."""
    with subprocess.Popen([*command], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture
def play() -> Iterator[str]:
    """`shopbell play`, as anybody starts it, from its first card on; the page's address."""
    with serving(str(PROGRAMS / "shopbell"), "play", "--port", "0", "--json") as said:
        yield str(said["page"])


@pytest.fixture
def show(browser: Browser, play: str) -> Iterator[Open]:
    """`show(PHONE, scheme="dark")` opens the page. At the end nothing may have been wrong with any that was opened."""
    with ExitStack() as stack:
        yield lambda size=DESKTOP, **more: stack.enter_context(shown(browser, play, size, **more))


@contextmanager
def shown(
    browser: Browser, address: str, size: Size, *, scheme: str = "light", script: str = "", measured: bool = False
) -> Iterator[Screen]:
    """Fails where the console said anything, or a request left the page's own host. `script` runs before its own."""
    with browser.new_context(
        viewport={"width": size.width, "height": size.height}, color_scheme=scheme, locale="en-GB", timezone_id="UTC"
    ) as context:
        page, wrong = context.new_page(), list[str]()
        here = urlsplit(address).netloc
        page.on("console", lambda message: wrong.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        context.on(
            "request",
            lambda request: wrong.append(f"asked {request.url}") if urlsplit(request.url).netloc != here else None,
        )
        page.add_init_script(script)
        meter = context.new_cdp_session(page) if measured else None
        if meter:
            meter.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(address)
        yield Screen(page, size, meter)
    assert wrong == []
