"""What Telegram's refusals mean for a delivery."""

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bots.telegram.errors import TopicClosed, Unshowable, border, translated, unless_same
from bots.telegram.transport import AnswerLost, TooManyRequests, Unreachable
from core.errors import AccessLost, Gone, Moved, OutsideError, Rejected, ThreadGone, TryLater, Unknown


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), AccessLost),
        (Forbidden("Forbidden: user is deactivated"), AccessLost),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), AccessLost),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), AccessLost),
        (Forbidden("Forbidden: bot is not a member of the channel chat"), AccessLost),
        (Forbidden("Forbidden: something new"), AccessLost),
        (BadRequest("Bad Request: chat not found"), AccessLost),
        (BadRequest("Bad Request: CHAT_WRITE_FORBIDDEN"), AccessLost),
        (BadRequest("Bad Request: not enough rights to send text messages to the chat"), AccessLost),
        (BadRequest("Bad Request: TOPIC_CLOSED"), TopicClosed),
        (BadRequest("Bad Request: message thread not found"), ThreadGone),
        (BadRequest("Bad Request: TOPIC_DELETED"), ThreadGone),
        (BadRequest("Bad Request: message to edit not found"), Gone),
        (BadRequest("Bad Request: message can't be edited"), Gone),
        (BadRequest('Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 3'), Unshowable),
        (BadRequest("Bad Request: message is too long"), Unshowable),
        (BadRequest("Bad Request: BUTTON_DATA_INVALID"), Unshowable),
        (BadRequest("Bad Request: inline keyboard button URL 'x' is invalid: Wrong HTTP URL"), Unshowable),
        (BadRequest("Bad Request: something new"), Rejected),
        (ChatMigrated(-1001), Moved),
        (InvalidToken("Unauthorized"), AccessLost),
        (TooManyRequests(3), TryLater),
        (Conflict("Conflict: terminated by other getUpdates request"), TryLater),
        (Unreachable("no connection"), TryLater),
        (AnswerLost("no answer"), Unknown),
        (TimedOut(), Unknown),
        (NetworkError("what?"), Unknown),
        (TelegramError("Invalid server response"), Unknown),
    ],
)
def test_each_refusal_says_what_to_do(error: TelegramError, kind: type[OutsideError]) -> None:
    """Blocked is not gone, gone is not refused, and a lost answer is none of these."""
    assert type(translated(error, sends=True)) is kind


@pytest.mark.parametrize("error", [AnswerLost("no answer"), TimedOut(), NetworkError("what?")])
def test_an_edit_may_be_tried_again(error: TelegramError) -> None:
    """The same edit twice is one edit, so nothing about it is unknown."""
    assert type(translated(error, sends=False)) is TryLater


def test_a_flood_pauses_the_whole_chat() -> None:
    """Telegram's pause is obeyed to the second, for everything that goes there."""
    refused = translated(TooManyRequests(17), sends=True)

    assert isinstance(refused, TryLater)
    assert (refused.after, refused.everything) == (17, True)


def test_a_migrated_group_is_named() -> None:
    """The room can follow to the new group's id."""
    moved = translated(ChatMigrated(-1001), sends=True)

    assert isinstance(moved, Moved)
    assert moved.chat == "-1001"


def test_nothing_of_the_librarys_crosses_the_border() -> None:
    """The core sees its own errors only."""
    with pytest.raises(Rejected), border(sends=True):
        raise BadRequest("Bad Request: x")


def test_an_edit_that_changes_nothing_is_made() -> None:
    """Telegram's complaint about an unchanged text is a success."""
    with border(sends=False), unless_same():
        raise BadRequest("Bad Request: message is not modified: specified new message content …")
