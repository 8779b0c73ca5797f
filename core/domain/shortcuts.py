"""The shortcuts, one table for all chats that have them: what they do from anywhere, or about a message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShortcutName:
    """`title` is what a chat's own menu calls it. `about_message`: it is chosen on a message. What it does stands in
    `core.services.shortcuts`.
    """

    name: str
    title: str
    about_message: bool = False


SHORTCUTS = (
    ShortcutName("inbox", "Open Shopbell inbox"),
    ShortcutName("away", "Set shop availability"),
    ShortcutName("reply", "Reply to buyer", about_message=True),
    ShortcutName("save", "Save as quick response", about_message=True),
    ShortcutName("spam", "Report buyer as spam", about_message=True),
)
