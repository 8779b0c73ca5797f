"""The few sentences that only this chat needs; all others come from the core."""

from core.domain.texts import Words

FILES = "Pictures and files cannot be sent from here yet. Please send words, or open it on the site."
EDITED = "Already taken as it was first written; send a new message to correct it."
OLD_BUTTON = "This button is from another version. Press one on the newest card, or type /status."
CUT = " … (cut, open on the site)"
COPY_BUTTON = "📋 Copy"
OPEN_CARD = Words("Open the card ↗")
PLACEHOLDER = "Your answer"
NOTHING = {"-", "–", "—"}
MAY_STAY_EMPTY = "Send - to leave this empty."

# What Telegram's menu says of each command; the help in full is the core's.
COMMANDS = {
    "link": "Link this chat to a seller with a code",
    "inbox": "What waits, by time left; or look for a buyer or words",
    "status": "What waits for an answer",
    "rates": "Your response rates, and what cost them",
    "ring": "Choose how new messages ring for you",
    "unlink": "End the link of this chat",
    "help": "What can be done here",
}


def attachments_left(count: int) -> str:
    return f"📎 and {count} more"


def reachable_no_more(status: str) -> str:
    return {
        "kicked": "The bot was blocked or removed.",
        "left": "The bot is not in the chat any more.",
        "restricted": "The bot may not write in the chat.",
    }.get(status, "The bot cannot write in the chat.")
