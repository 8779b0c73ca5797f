"""The few sentences that only this chat needs; all others come from the core."""

from core.domain.texts import Words

FILES = "Pictures and files cannot be sent from here yet. Please send words, or open it on the site."
OLD_BUTTON = "This button is from another version. Press one on the newest card, or type /status."
CUT = " … (cut, open on the site)"
COPY_BUTTON = "📋 Copy"
OPEN_CARD = Words("Open the card ↗")
PLACEHOLDER = "Your answer"
NOTHING = {"-", "–", "—"}
MAY_STAY_EMPTY = "Send - to leave this empty."


def attachments_left(count: int) -> str:
    return f"📎 and {count} more"


def reachable_no_more(status: str) -> str:
    return {
        "kicked": "The bot was blocked or removed.",
        "left": "The bot is not in the chat any more.",
        "restricted": "The bot may not write in the chat.",
    }.get(status, "The bot cannot write in the chat.")
