"""Quick responses that nobody would write: each is refused, or filled in at once, and lets no buyer do anything.

`make quick-responses` writes a hundred thousand of them.
"""

import os
import random
import re
import time

from bots.slack.blocks import answer_message
from bots.telegram.messages import draw_answer
from core.domain.cards import Answer
from core.domain.quick_responses import FILTER_NAMES, NAMES, Piece, Unreadable, fill, missing
from core.domain.texts import Quote
from core.rendering import read_quick_response, say

COUNT = int(os.environ.get("SHOPBELL_QUICK_RESPONSES", "3000"))
MOST = 0.005  # seconds of the processor
TRIES = 3  # what another process costs us is not the quick response's
HOSTILE = (
    "<!channel>", "<@U1|x>", "@everyone", "@channel", "<https://evil.example|click>", "https://evil.example", "*bold*",
    "_x_ `y` ~z~", "<b>x</b>", "&lt;!here&gt;", "{{ seller.name }}", "{% raw %}", "[x](tg://user?id=1)",
    "\u202egnp.exe", "ß" * 500, "x" * 5000, "\U0001f4a3" * 300, "line\n> quoted\n\nme", "",
)  # fmt: skip
WORDS = (
    "Hi ", "thank you", "\n", "{{", "}}", "{%", "%}", "{#", "#}", "{", "}", "%", "'", '"', "\\", "(", ")", "[", "]",
    "|", ".", ",", "*", "**", "+", "~", "-", "{%- raw -%}", "{% endraw %}", "{% if buyer %}", "{% endif %}", "self",
    "{% for a in b %}", "{% set a = 1 %}", "{% include 'x' %}", "{{ buyer.name", "range(9999999)", "9**9**9", "loop",
    "'a' * 99999999", "buyer", "order", ".__class__", "|attr('x')", "default('x')", "\x00", "\ud800", "\u202e", "ﬁ",
    "\U0001f4a3", "<!here>",
)  # fmt: skip
TAGS = {"blockquote", "code", "i"}  # as Telegram draws a quotation; in code it makes no links


def placeholder(dice: random.Random) -> str:
    name = dice.choice((*NAMES, *NAMES, "buyer.nme", "buyer", "x"))
    filters = dice.choices((*FILTER_NAMES, "uper", "format"), weights=(9, 9, 9, 9, 9, 1, 1), k=dice.randrange(5))
    said = "".join(f"|{each}" + ("('there')" if each == "default" else "") for each in filters)
    return f"{{{{ {name}{said} }}}}"


def written(dice: random.Random) -> str:
    """Anything between a good one and noise, long and short."""
    noise = dice.choice((0.0, 0.0, 0.02, 0.3, 0.9))
    pieces = [
        dice.choice(WORDS) * dice.choice((1, 1, 1, dice.randrange(1, 2000)))
        if dice.random() < noise
        else dice.choice((placeholder(dice), "Hello there, ", "\n"))
        for _ in range(dice.choice((3, 20, 60)))
    ]
    return "".join(pieces)[: dice.choice((200, 4000, 5000))]


def read(source: str) -> tuple[Piece, ...] | None:
    """None where it is refused; anything else that is raised is a failure."""
    try:
        return read_quick_response(source)
    except Unreadable:
        return None


def seconds(source: str, values: dict[str, str]) -> float:
    """What it takes to read and to fill in, for the first time."""
    read_quick_response.cache_clear()
    began = time.process_time()
    fill(read_quick_response(source), values)
    return time.process_time() - began


def test_each_is_filled_in_at_once_or_refused() -> None:
    """Within five milliseconds; with nothing of a value read, and nothing of it obeyed by either chat."""
    dice = random.Random(4)
    filled = refused = 0
    for number in range(COUNT):
        source, values = written(dice), {name: dice.choice(HOSTILE) for name in NAMES}
        pieces = read(source)
        if pieces is None:
            refused += 1
            continue
        values |= dict.fromkeys(missing(pieces, values), "typed")
        text = fill(pieces, values)
        filled += 1

        assert any(seconds(source, values) < MOST for _ in range(TRIES)), source
        if number % 20 == 0:
            assert_harmless(text)

    assert min(filled, refused) > COUNT // 10, (filled, refused)


def assert_harmless(text: str) -> None:
    """As a member is shown it before anything is sent."""
    shown = Answer(quote=Quote(text))
    for block in answer_message(shown, say).get(
        "blocks", ()
    ):  # none where nothing of it can be seen: it is not sent either
        said = block["text"]["text"]
        assert block["text"]["verbatim"]
        assert "<" not in said
        assert all(line.startswith(">") for line in said.splitlines())
    [drawn] = draw_answer(shown, say)
    assert set(re.findall(r"</?(\w*)", drawn.html)) <= TAGS, drawn.html
