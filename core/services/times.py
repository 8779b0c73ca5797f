"""Times in the reader's language, for what no chat draws by itself: buttons, lists, spans."""

from core.domain.texts import Text, Words, plain
from core.domain.zones import MINUTE, SECOND, local, zone_named
from core.rendering import say


def when(at: int, zone: str) -> Text:
    """`Tue 24 Nov, 14:05 CET`."""
    there = local(zone_named(zone), at)
    weekday = _names("weekdays")[there.weekday()]
    clock, zone_name = Words(f"{there:%H:%M}"), Words(f"{there:%Z}")
    return say("times#when", weekday=weekday, day=there.day, month=_month(there.month), clock=clock, zone=zone_name)


def clock(at: int, zone: str) -> Words:
    """`14:05`."""
    return Words(f"{local(zone_named(zone), at):%H:%M}")


def day(at: int, zone: str) -> Text:
    """`24 Nov`."""
    there = local(zone_named(zone), at)
    return say("times#day", day=there.day, month=_month(there.month))


def span(milliseconds: int) -> Text:
    """To the minute: `1 h`, `3 h 20 min`, `2 days 1 h`; at least a minute."""
    minutes = max(1, round(milliseconds / MINUTE))
    days, hours = minutes // 1440, minutes // 60 % 24
    return say("times#span", days=days, hours=hours, minutes=0 if days else minutes % 60)


def brief_span(milliseconds: int) -> Text:
    """The same, and below a minute to the second."""
    if milliseconds < MINUTE:
        return say("times#seconds", seconds=max(0, milliseconds) // SECOND)
    return span(milliseconds)


def _month(number: int) -> Words:
    return _names("months")[number - 1]


def _names(block: str) -> list[Words]:
    return [Words(name) for name in plain(say(f"times#{block}")).split()]
