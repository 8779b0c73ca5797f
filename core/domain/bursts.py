"""Bursts: from when on many reminders become one note, and many new conversations one list."""

from core.domain.zones import MINUTE

TOGETHER = 5 * MINUTE
FLOOD = 10  # new conversations within that time that are still shown one by one
