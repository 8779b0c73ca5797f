"""Hints: what looks like spam is known by what it asks for, and an honest message is left alone."""

import time

import pytest

from core.domain.hints import LONGEST, Hint, hint, likeness

OFF_SITE = [
    "Please contact me on WhatsApp.",
    "add me at telegram, we talk there",
    "Write to https://t.me/somebody",
    "here is wa.me/123456",
    "join us: discord.gg/abc",
    "I will pay you outside the platform, cheaper for both",
    "Can I pay by PayPal?",
]
PHISHING = [
    "Your payout is on hold. Verify your account: https://fiverr-help.xyz/login",
    "Please confirm your payment at www.secure-orders.example",
    "click secure-orders.top/x to unlock your shop",
]
HONEST = [
    "Is it blue?",
    "Could you do https://my-shop.example/logo.png in blue, for 20 dollars?",
    "I need a Telegram bot that sends signals, and a Discord server banner.",
    "Please update my account page design, no hurry.",
    "We want to verify the logo with our team first.",
    "How do I pay for a second revision?",
    "",
]


@pytest.mark.parametrize("text", OFF_SITE)
def test_a_wish_to_go_on_elsewhere(text: str) -> None:
    """Off the site, to a messenger or another way to pay."""
    assert hint(text) is Hint.OFF_SITE


@pytest.mark.parametrize("text", PHISHING)
def test_an_account_to_be_confirmed_behind_a_link(text: str) -> None:
    """Both at once; neither alone."""
    assert hint(text) is Hint.PHISHING


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_message_looks_like_none(text: str) -> None:
    """Also one about bots and accounts, which sellers are asked for."""
    assert hint(text) is None


def test_the_same_words_to_several_shops() -> None:
    """From two on; what is more telling is said before it."""
    assert hint("Is it blue?", 1) is None
    assert hint("Is it blue?", 2) is Hint.ALIKE
    assert hint(OFF_SITE[0], 5) is Hint.OFF_SITE


def test_texts_are_alike_by_their_words() -> None:
    """Whatever the signs, spaces and cases; what is short is alike by chance, and is none."""
    pitch = "Hello dear seller, we bring you 1,000 orders!"

    assert likeness(pitch) == likeness("  HELLO dear\nseller — we bring you 1 000 orders")
    assert likeness(pitch) != likeness(pitch.replace("orders", "followers"))
    assert likeness("Is it blue?") is None
    assert likeness("!!! ??? … —" * 20) is None


@pytest.mark.parametrize(
    "piece", ["contact me ", "pay ", "verify your ", "a" * 40, "www.", "add on via at in ", "a-" * 20]
)
def test_no_text_is_slow_to_look_at(piece: str) -> None:
    """Whatever a stranger writes to make it so."""
    text = piece * (2 * LONGEST // len(piece))
    began = time.process_time()

    hint(text)
    likeness(text)

    assert time.process_time() - began < 0.05
