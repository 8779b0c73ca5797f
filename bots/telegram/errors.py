"""Telegram's refusals in the words of `core.errors`: one table, by class and then by what Telegram says."""

from collections.abc import Iterator
from contextlib import contextmanager

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from bots.telegram.transport import AnswerLost, TooManyRequests, Unreachable
from core.errors import AccessLost, Gone, Moved, Ours, OutsideError, Rejected, ThreadGone, TryLater, Unknown, ours

CONFLICT_SECONDS = 2.0  # the other poll ends with the next answer it gets


class TopicClosed(AccessLost):
    """Nobody but administrators may write in the topic until it is open again."""


class Unshowable(Rejected):
    """The markup or a button is at fault, not the words: the words may go out plainly."""


OTHER = "other"  # the name of what is said where we have no words of our own: Telegram's

# With the name of what we say of it. Compared with the casefolded description: PTB changes the case.
_SAID: tuple[tuple[str, type[OutsideError], str], ...] = (
    ("bot was blocked by the user", AccessLost, "blocked"),
    ("user is deactivated", AccessLost, "account_deleted"),
    ("can't initiate conversation with a user", AccessLost, "not_started"),
    ("chat not found", AccessLost, "chat_not_found"),
    ("bot was kicked", AccessLost, "removed"),
    ("bot is not a member", AccessLost, "not_member"),
    ("group chat was deactivated", AccessLost, "group_gone"),
    ("group is deactivated", AccessLost, "group_gone"),
    ("chat_write_forbidden", AccessLost, "may_not_write"),
    # A chat may take words and no pictures: it is well all the same.
    ("not enough rights to send photos", Rejected, "no_pictures"),
    ("not enough rights to send documents", Rejected, "no_files"),
    ("chat_send_photos_forbidden", Rejected, "no_pictures"),
    ("chat_send_docs_forbidden", Rejected, "no_files"),
    ("chat_send_media_forbidden", Rejected, "no_pictures"),
    ("no rights to send", AccessLost, "may_not_write"),
    ("not enough rights to send", AccessLost, "may_not_write"),
    ("topic_closed", TopicClosed, "topic_closed"),
    ("message thread not found", ThreadGone, "topic_deleted"),
    ("topic_deleted", ThreadGone, "topic_deleted"),
    ("topic_id_invalid", ThreadGone, "topic_deleted"),
    ("message to edit not found", Gone, "message_deleted"),
    ("message to react not found", Gone, "message_deleted"),
    ("message can't be edited", Gone, "not_changeable"),
    ("message_id_invalid", Gone, "message_deleted"),
    ("not enough rights to create a topic", Rejected, "no_topics"),
    ("chat is not a forum", Rejected, "no_forum"),
    ("file is too big", Rejected, "file_too_big"),
    ("wrong file_id", Gone, "file_gone"),
    ("invalid file_id", Gone, "file_gone"),
    ("can't parse entities", Unshowable, OTHER),
    ("message is too long", Unshowable, OTHER),
    ("message_too_long", Unshowable, OTHER),
    ("entities_too_long", Unshowable, OTHER),
    ("reply markup is too long", Unshowable, OTHER),
    ("inline keyboard button", Unshowable, OTHER),
    ("wrong http url", Unshowable, OTHER),
    ("button_", Unshowable, OTHER),
)
_NOT_MODIFIED = ("message is not modified", "topic_not_modified")


def said(text: str, /, **values: str | int) -> Ours:
    """A text of `telegram/problems`; its values are Telegram's own words."""
    return ours(f"telegram/problems#{text}", **values)


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
        if not any(words in error.message.casefold() for words in _NOT_MODIFIED):
            raise


def translated(error: TelegramError, *, sends: bool) -> OutsideError:
    match error:
        case TooManyRequests():
            return TryLater(said("limited"), after=error.after, everything=True)
        case Unreachable():
            return TryLater(error.problem)
        case AnswerLost():
            return Unknown(error.problem) if sends else TryLater(error.problem)
        case ChatMigrated():
            chat = str(error.new_chat_id)
            return Moved(said("moved", chat=chat), chat)
        case InvalidToken():
            return AccessLost(said("token_unknown"))
        case Conflict():
            return TryLater(error.message, after=CONFLICT_SECONDS)
        case BadRequest() | Forbidden():
            return _refused(error)
    # What is left is an answer that nobody understood, or a status that no method of ours can get.
    return Unknown(error.message) if sends else TryLater(error.message)


def _refused(error: BadRequest | Forbidden) -> OutsideError:
    words = error.message.casefold()
    for fragment, kind, text in _SAID:
        if fragment in words:
            return kind(said(text, said=error.message) if text == OTHER else said(text))
    kind = AccessLost if isinstance(error, Forbidden) else Rejected
    return kind(said(OTHER, said=error.message))


def reachable_no_more(status: str) -> Ours:
    """Why, as the bot's own membership in the chat says."""
    return said(f"now_{status}" if status in {"kicked", "left", "restricted"} else "now_mute")
