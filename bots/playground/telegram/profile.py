"""The Bot API's methods about the bot itself: who it is, its commands, its webhook, its files, its answers."""

from __future__ import annotations

import json
import re

from bots.playground.telegram.calls import BotCall
from bots.playground.telegram.errors import bad_request
from bots.playground.telegram.state import File
from bots.playground.telegram.things import Shape
from bots.playground.telegram.updates import CALLBACK_LIVES, INLINE_QUERY_LIVES, Webhook

DOWNLOAD_LIMIT = 20 * 1024 * 1024
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def get_me(call: BotCall) -> Shape:
    return call.bot.user.shape() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not call.bot.privacy,
        "supports_inline_queries": call.bot.inline,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
    }


async def get_updates(call: BotCall) -> list[Shape]:
    _allow(call)
    return await call.bot.updates.poll(call.get("offset", 0), call.get("limit", 100), call.get("timeout", 0))


def set_webhook(call: BotCall) -> bool:
    url, secret = call.get("url"), call.get("secret_token")
    if not url:
        return delete_webhook(call)
    if not re.match(r"https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/]", url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    connections = call.get("max_connections", 40)
    if not 1 <= connections <= 100:
        raise bad_request("max_connections must be 1-100")
    _allow(call)
    call.bot.updates.set_webhook(Webhook(url, secret, connections), drop=call.flag("drop_pending_updates"))
    return True


def delete_webhook(call: BotCall) -> bool:
    call.bot.updates.set_webhook(None, drop=call.flag("drop_pending_updates"))
    return True


def get_webhook_info(call: BotCall) -> Shape:
    return call.bot.updates.info()


def _allow(call: BotCall) -> None:
    """Sticks until it is given again; an empty list brings back the default."""
    if "allowed_updates" in call.values:
        call.bot.updates.allowed = list(call.get("allowed_updates"))


def answer_callback_query(call: BotCall) -> bool:
    press = call.world.presses.get(call.get("callback_query_id"))
    if press is None or press.bot is not call.bot or call.world.clock() - press.at >= CALLBACK_LIVES:
        raise bad_request(TOO_OLD)
    if len(call.get("text", "")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    if press.answered.is_set():
        call.problems.append("the press was answered before")
    press.answer = {key: value for key, value in call.values.items() if key != "callback_query_id"}
    press.answered.set()
    return True


def answer_inline_query(call: BotCall) -> bool:
    question = call.world.questions.get(call.get("inline_query_id"))
    if question is None or question.bot is not call.bot or call.world.clock() - question.at >= INLINE_QUERY_LIVES:
        raise bad_request(TOO_OLD)
    results = call.get("results")
    if len(results) > 50:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [result["id"] for result in results]
    if any(not 1 <= len(id.encode()) <= 64 for id in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    question.results = results
    question.answered.set()
    return True


def set_my_commands(call: BotCall) -> bool:
    commands = call.get("commands")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.commands[_menu(call)] = commands
    return True


def get_my_commands(call: BotCall) -> list[Shape]:
    return call.bot.commands.get(_menu(call), [])


def delete_my_commands(call: BotCall) -> bool:
    call.bot.commands.pop(_menu(call), None)
    return True


def _menu(call: BotCall) -> tuple[str, str]:
    scope = call.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), _language(call)


def _language(call: BotCall) -> str:
    code: str = call.get("language_code", "")
    if not re.fullmatch(r"([a-z]{2})?", code):
        raise bad_request("invalid language code specified")
    return code


def set_my_description(call: BotCall) -> bool:
    return _describe(call, "description", 512)


def set_my_short_description(call: BotCall) -> bool:
    return _describe(call, "short_description", 120)


def _describe(call: BotCall, name: str, limit: int) -> bool:
    text = call.get(name, "")
    if len(text) > limit:
        raise bad_request(f"{name} must be at most {limit} characters long")
    call.bot.descriptions[name, _language(call)] = text
    return True


def get_file(call: BotCall) -> Shape:
    file: File | None = call.world.files.get(call.get("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.data) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return file.shape() | {"file_path": file.path}
