"""The few sentences that only this chat needs; all others come from the core."""

from core.domain.texts import Words

ALBUM = (
    "Nothing was sent: an album arrives here as single messages, of which nobody says when all are there. "
    "Send its pictures one by one, each as an answer to the card."
)
RECORDINGS = "Nothing was sent: a recording cannot go to a buyer. Write it, or attach it as a file."
NO_FILE = "Nothing was sent: only words, pictures, videos and files can go to a buyer."
WORDS_ONLY = "This question takes words. Please answer it with a text."
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
