"""Telegram's refusals in the words of `core.errors`: one table, by class and then by what Telegram says."""

from collections.abc import Iterator
from contextlib import contextmanager

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from bots.telegram.transport import AnswerLost, TooManyRequests, Unreachable
from core.errors import AccessLost, Gone, Moved, OutsideError, Rejected, ThreadGone, TryLater, Unknown

CONFLICT_SECONDS = 2.0  # the other poll ends with the next answer it gets


class TopicClosed(AccessLost):
    """Nobody but administrators may write in the topic until it is open again."""


class Unshowable(Rejected):
    """The markup or a button is at fault, not the words: the words may go out plainly."""


# Compared with the casefolded description: PTB changes the case of what Telegram said.
_SAID: tuple[tuple[str, type[OutsideError], str], ...] = (
    ("bot was blocked by the user", AccessLost, "This person has blocked the bot. They must unblock it in Telegram."),
    ("user is deactivated", AccessLost, "This Telegram account was deleted."),
    (
        "can't initiate conversation with a user",
        AccessLost,
        "This person has not opened the bot yet. They must open its chat in Telegram and press Start.",
    ),
    ("chat not found", AccessLost, "Telegram finds no such chat for the bot. Open the bot's chat, or add it again."),
    ("bot was kicked", AccessLost, "The bot was removed from the chat. Add it again."),
    ("bot is not a member", AccessLost, "The bot is not in the chat any more. Add it again."),
    ("group chat was deactivated", AccessLost, "The group no longer exists."),
    ("group is deactivated", AccessLost, "The group no longer exists."),
    ("chat_write_forbidden", AccessLost, "The bot may not write in the chat. Give it the right to send messages."),
    # A chat may take words and no pictures: it is well all the same.
    ("not enough rights to send photos", Rejected, "The bot may not send pictures in the chat."),
    ("not enough rights to send documents", Rejected, "The bot may not send files in the chat."),
    ("chat_send_photos_forbidden", Rejected, "The bot may not send pictures in the chat."),
    ("chat_send_docs_forbidden", Rejected, "The bot may not send files in the chat."),
    ("chat_send_media_forbidden", Rejected, "The bot may not send pictures in the chat."),
    ("no rights to send", AccessLost, "The bot may not write in the chat. Give it the right to send messages."),
    ("not enough rights to send", AccessLost, "The bot may not write in the chat. Give it the right to send messages."),
    ("topic_closed", TopicClosed, "The topic is closed. Reopen it, or link another place."),
    ("message thread not found", ThreadGone, "The topic was deleted."),
    ("topic_deleted", ThreadGone, "The topic was deleted."),
    ("topic_id_invalid", ThreadGone, "The topic was deleted."),
    ("message to edit not found", Gone, "The message was deleted."),
    ("message to react not found", Gone, "The message was deleted."),
    ("message can't be edited", Gone, "The message cannot be changed any more."),
    ("message_id_invalid", Gone, "The message was deleted."),
    ("not enough rights to create a topic", Rejected, "The bot may not manage topics here."),
    ("chat is not a forum", Rejected, "The group has no topics any more."),
    ("file is too big", Rejected, "Telegram gives bots no file over 20 MB."),
    ("wrong file_id", Gone, "Telegram does not have it any more."),
    ("invalid file_id", Gone, "Telegram does not have it any more."),
    ("can't parse entities", Unshowable, ""),
    ("message is too long", Unshowable, ""),
    ("message_too_long", Unshowable, ""),
    ("entities_too_long", Unshowable, ""),
    ("reply markup is too long", Unshowable, ""),
    ("inline keyboard button", Unshowable, ""),
    ("wrong http url", Unshowable, ""),
    ("button_", Unshowable, ""),
)
_NOT_MODIFIED = ("message is not modified", "topic_not_modified")


@contextmanager
def border(*, sends: bool) -> Iterator[None]:
    """Lets no error of Telegram's out. `sends`: what was asked cannot be asked twice, so a lost answer is Unknown."""
    try:
        yield
    except TelegramError as error:
        raise translated(error, sends=sends) from error


@contextmanager
def unless_same() -> Iterator[None]:
    """An edit that changes nothing is an edit that was made."""
    try:
        yield
    except BadRequest as error:
        if not any(said in error.message.casefold() for said in _NOT_MODIFIED):
            raise


def translated(error: TelegramError, *, sends: bool) -> OutsideError:
    match error:
        case TooManyRequests():
            return TryLater("Telegram asks for a pause.", after=error.after, everything=True)
        case Unreachable():
            return TryLater(error.message)
        case AnswerLost():
            return Unknown(error.message) if sends else TryLater(error.message)
        case ChatMigrated():
            chat = str(error.new_chat_id)
            return Moved(f"The group has become a supergroup with the new id {chat}.", chat)
        case InvalidToken():
            return AccessLost(
                "Telegram does not know this bot's token. Take it from @BotFather, /mybots, and set "
                "TELEGRAM_BOT_TOKEN; if it is right, look at TELEGRAM_API_URL."
            )
        case Conflict():
            return TryLater(error.message, after=CONFLICT_SECONDS)
        case BadRequest() | Forbidden():
            return _refused(error)
    # What is left is an answer that nobody understood, or a status that no method of ours can get.
    return Unknown(error.message) if sends else TryLater(error.message)


def _refused(error: BadRequest | Forbidden) -> OutsideError:
    said = error.message.casefold()
    for fragment, kind, detail in _SAID:
        if fragment in said:
            return kind(detail or f"Telegram: {error.message}")
    kind = AccessLost if isinstance(error, Forbidden) else Rejected
    return kind(f"Telegram: {error.message}")


def reachable_no_more(status: str) -> str:
    """Why, as the bot's own membership in the chat says."""
    return {
        "kicked": "The bot was blocked or removed.",
        "left": "The bot is not in the chat any more.",
        "restricted": "The bot may not write in the chat.",
    }.get(status, "The bot cannot write in the chat.")
