"""What a button carries: `v1:<verb>:<o|d>:<target>:<choice>:<version>`, at most 64 bytes.

It can be forged: it names things and grants nothing. `o` says that a form comes back.
"""

import re
from dataclasses import dataclass

from core.domain.cards import Button, Verb

LIMIT = 64  # bytes, core.telegram.org/bots/api#inlinekeyboardbutton

_GRAMMAR = re.compile(
    r"v1:(?P<verb>[a-z_]{1,20}):(?P<opens>[od]):(?P<target>[A-Za-z0-9]{0,32}):(?P<choice>[A-Za-z0-9_.-]{0,32}):(?P<version>[0-9]{1,12})"
)
_VERBS = {verb.value: verb for verb in Verb}
_CONVERSATION = re.compile(r"[0-9]{2}c[a-z2-7]{20}")


@dataclass(frozen=True, slots=True)
class Carried:
    verb: Verb
    opens: bool
    target: str
    choice: str
    version: int


def carry(button: Button) -> str:
    """Raises ValueError for what does not fit: then a verb, an id or a choice of ours grew too long."""
    if button.verb is None:
        raise ValueError("a button without a verb carries nothing")
    data = ":".join(
        ("v1", button.verb.value, "od"[not button.opens], button.target, button.choice, str(button.version))
    )
    if len(data.encode()) > LIMIT or not _GRAMMAR.fullmatch(data):
        raise ValueError(f"a button cannot carry {data!r}")
    return data


def carried(data: str | None) -> Carried | None:
    """None for what no button of ours says."""
    match = _GRAMMAR.fullmatch(data or "")
    if match is None or match["verb"] not in _VERBS or len((data or "").encode()) > LIMIT:
        return None
    return Carried(
        _VERBS[match["verb"]], match["opens"] == "o", match["target"], match["choice"], int(match["version"])
    )


def conversation_of(verb: Verb, target: str) -> str | None:
    """The conversation that a reply button or form names, by which a card whose ref was lost is still known."""
    return target if verb is Verb.REPLY and _CONVERSATION.fullmatch(target) else None
