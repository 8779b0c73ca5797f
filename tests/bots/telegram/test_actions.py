"""What an update says somebody did: the cases that the stand-in's people do not get into."""

from typing import Any

import pytest
from telegram import Update

from bots.telegram.actions import Heard, hear
from bots.telegram.app import Me
from core.domain.actions import Amend, Press, Reach, Write
from core.domain.cards import CardRef
from core.domain.rooms import Address

ME = Me("7001", "shopbell_bot")
ANN = {"id": 5, "is_bot": False, "first_name": "Ann", "last_name": "Lee"}
BOT = {"id": 7001, "is_bot": True, "first_name": "Shopbell", "username": "shopbell_bot"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Sellers"}
ALONE = {"id": 5, "type": "private", "first_name": "Ann", "last_name": "Lee"}


def heard(kind: str, body: dict[str, Any]) -> Heard | None:
    update = Update.de_json({"update_id": 1, kind: body}, None)
    return hear(update, "the key", ME)


def message(chat: dict[str, Any], **fields: object) -> dict[str, Any]:
    return {"message_id": 9, "date": 1, "chat": chat, "from": ANN, **fields}


def test_an_album_is_answered_once() -> None:
    """Ten pictures arrive as ten messages of one album, and one sentence is enough."""
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    first = heard("message", message(ALONE, photo=photo, media_group_id="77"))

    assert first is not None
    assert (first.say, first.say_once) == ("album", "5/album/77")


def test_a_press_on_an_old_message_counts() -> None:
    """Telegram shows no more of a message older than 48 hours than its number; its buttons work all the same."""
    old = {"chat": GROUP, "message_id": 3, "date": 0}
    query = {"id": "1", "from": ANN, "chat_instance": "1", "message": old, "data": "v1:send:d:03d::2"}
    press = heard("callback_query", query)

    assert press is not None
    assert isinstance(press.action, Press)
    assert press.action.ref == CardRef(Address("telegram", "7001", "-1001"), "3")
    assert (press.action.version, press.action.by.name) == (2, "Ann Lee")


@pytest.mark.parametrize(("may", "outcome"), [(True, []), (False, [False])])
def test_a_muted_bot_is_out_of_reach(may: bool, outcome: list[bool]) -> None:
    """Being restricted is being lost only where the bot may not write any more; another change is none for us."""
    rights = (
        "can_change_info can_invite_users can_pin_messages can_send_polls can_send_other_messages "
        "can_add_web_page_previews can_manage_topics can_send_audios can_send_documents can_send_photos "
        "can_send_videos can_send_video_notes can_send_voice_notes can_react_to_messages can_edit_tag"
    ).split()
    muted = {"status": "restricted", "user": BOT, "is_member": True, "can_send_messages": may, "until_date": 0}
    body = {
        "chat": GROUP,
        "from": ANN,
        "date": 1,
        "old_chat_member": {"status": "member", "user": BOT},
        "new_chat_member": {**muted, **dict.fromkeys(rights, False)},
    }
    change = heard("my_chat_member", body)

    assert [h.action.reachable for h in [change] if h and isinstance(h.action, Reach)] == outcome


def test_a_linked_channels_post_is_nobodys() -> None:
    """What a channel posts into its group is heard as an outsider's, also where it answers a card."""
    channel = {"id": -1009, "type": "channel", "title": "News"}
    card = {"message_id": 3, "date": 1, "chat": GROUP, "from": BOT, "text": "a card"}
    post = heard("message", message(GROUP, text="Blue.", sender_chat=channel, reply_to_message=card))

    assert post is not None
    assert isinstance(post.action, Write)
    assert (post.by.outsider, post.by.name, post.action.conversation) == (True, "News", None)


@pytest.mark.parametrize(
    "fields",
    [
        {"pinned_message": {"message_id": 3, "date": 0, "chat": ALONE}},
        {"new_chat_title": "x"},
        {"text": "to a colleague", "chat": GROUP},
        {"text": "/status@other_bot", "chat": GROUP},
    ],
)
def test_what_is_not_for_us_is_left_alone(fields: dict[str, Any]) -> None:
    """Notices of Telegram's own, talk, and other bots' commands get no answer."""
    assert heard("message", {**message(ALONE), **fields}) is None


def test_a_caption_that_is_changed_changes_the_words() -> None:
    """As a text that is: under the name of what was sent first."""
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    changed = heard("edited_message", message(ALONE, photo=photo, caption="In blue", edit_date=2))

    assert changed is not None
    assert isinstance(changed.action, Amend)
    assert (changed.action.text, changed.action.of) == ("In blue", f"{ME.bot_id}/message/5/9")
