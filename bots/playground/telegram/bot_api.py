"""The bot's door: `/telegram/bot<token>/<method>`, checked, answered with Telegram's statuses, and recorded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any

from aiohttp import BodyPartReader, web

from bots.playground.faults import Fault, Faults, hang_up
from bots.playground.telegram import chats, messages, profile, schema
from bots.playground.telegram.calls import BotCall, Upload
from bots.playground.telegram.errors import ApiError, bad_request, too_many_requests
from bots.playground.telegram.schema import Checked
from bots.playground.telegram.state import TelegramWorld
from bots.playground.wire import Call, Wire

Result = dict[str, Any] | list[dict[str, Any]] | bool | int

METHODS: dict[str, Callable[[BotCall], Result | Awaitable[Result]]] = {
    "getMe": profile.get_me,
    "getUpdates": profile.get_updates,
    "setWebhook": profile.set_webhook,
    "deleteWebhook": profile.delete_webhook,
    "getWebhookInfo": profile.get_webhook_info,
    "sendMessage": messages.send_message,
    "sendPhoto": messages.send_photo,
    "sendDocument": messages.send_document,
    "sendChatAction": messages.send_chat_action,
    "editMessageText": messages.edit_message_text,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "setMessageReaction": messages.set_message_reaction,
    "pinChatMessage": messages.pin_chat_message,
    "unpinChatMessage": messages.unpin_chat_message,
    "answerCallbackQuery": profile.answer_callback_query,
    "answerInlineQuery": profile.answer_inline_query,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMemberCount": chats.get_chat_member_count,
    "leaveChat": chats.leave_chat,
    "createForumTopic": chats.create_forum_topic,
    "editForumTopic": chats.edit_forum_topic,
    "closeForumTopic": chats.close_forum_topic,
    "reopenForumTopic": chats.reopen_forum_topic,
    "deleteForumTopic": chats.delete_forum_topic,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyDescription": profile.set_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getFile": profile.get_file,
}
# Telegram compares method names without case.
NAMES = {name.casefold(): name for name in schema.load().methods}
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_thread_id": "message thread identifier is not specified",
    "callback_query_id": profile.TOO_OLD,
}


UNAUTHORIZED = ApiError(401, "Unauthorized")


class BotApi:
    def __init__(self, world: TelegramWorld, wire: Wire, faults: Faults) -> None:
        self._world = world
        self._wire = wire
        self._faults = faults

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/telegram/bot{token}/{method}", self._serve),
            web.get("/telegram/file/bot{token}/{path:.+}", self._download),
        ]

    async def _serve(self, request: web.Request) -> web.Response:
        bot = self._world.bots.get(request.match_info["token"])
        if bot is None:
            return web.json_response(ApiError(401, "Unauthorized").body(), status=401)
        name = request.match_info["method"]
        method = NAMES.get(name.casefold(), name)
        try:
            parameters, files = await _parameters(request)
        except (UnicodeDecodeError, ValueError) as error:
            return self._record(method, {}, bad_request(f"strings must be encoded in UTF-8: {error}"), [str(error)])
        checked = schema.load().check(method, parameters, files) if method in NAMES.values() else Checked()
        call = BotCall(self._world, bot, method, checked.values, files, checked.fatal + checked.ignored)
        fault = await self._faults.match("telegram", method, checked.values)
        if fault and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind in ("status", "drop_before"):
            return self._fail(request, call, fault)
        outcome = await self._outcome(call, checked)
        if fault and fault.kind == "drop_after":
            self._record(method, _shown(call), outcome, call.problems, answered=False)
            return hang_up(request)
        return self._record(method, _shown(call), outcome, call.problems)

    async def _outcome(self, call: BotCall, checked: Checked) -> Result | ApiError:
        outcome: Result | ApiError = UNAUTHORIZED
        try:
            if not call.bot.revoked:
                outcome = await self._done(call, checked)
        except ApiError as error:
            outcome = error
        return UNAUTHORIZED if call.bot.revoked else outcome  # it may have been taken back while a poll was waiting

    async def _done(self, call: BotCall, checked: Checked) -> Result | ApiError:
        if call.method not in METHODS:
            known = call.method in NAMES.values()
            call.problems.append(f"{call.method} is {'not played here' if known else 'no method of the Bot API'}")
            return ApiError(404, "Not Found: method not found")
        if checked.fatal:
            raise bad_request(_first(checked.fatal[0]))
        self._keep_to_limits(call)
        result = METHODS[call.method](call)
        return await result if isawaitable(result) else result

    def _keep_to_limits(self, call: BotCall) -> None:
        chat_id = call.get("chat_id")
        if self._world.limits is None:
            return
        wait = self._world.limits.seconds_to_wait(
            call.method, call.bot.id, chat_id if isinstance(chat_id, int) else None
        )
        if wait:
            raise too_many_requests(wait)

    def _fail(self, request: web.Request, call: BotCall, fault: Fault) -> web.Response:
        if fault.kind == "drop_before":
            self._record(call.method, _shown(call), None, call.problems, answered=False)
            return hang_up(request)
        if fault.body is not None:
            body, response = fault.body, fault.response()
        else:
            error = too_many_requests(int(fault.seconds) or 1) if fault.status == 429 else _broken(fault.status)
            body = error.body()
            response = web.json_response(body, status=fault.status, headers=fault.headers)
        at, problems = self._world.clock(), tuple(call.problems)
        self._wire.record(Call(at, "telegram", "to", call.method, _shown(call), fault.status, body, problems))
        return response

    def _record(
        self,
        method: str,
        shown: dict[str, Any],
        outcome: Result | ApiError | None,
        problems: list[str],
        *,
        answered: bool = True,
    ) -> web.Response:
        """The answer, written down; a poll that found nothing is not worth a line."""
        if isinstance(outcome, ApiError):
            status, body = outcome.status, outcome.body()
        else:
            status, body = 200, {"ok": True, "result": outcome}
        if not (method == "getUpdates" and outcome == []):
            at, line = self._world.clock(), status if answered else None
            self._wire.record(Call(at, "telegram", "to", method, shown, line, body, tuple(problems)))
        return web.json_response(body, status=status)

    async def _download(self, request: web.Request) -> web.Response:
        if request.match_info["token"] not in self._world.bots:
            return web.json_response(ApiError(401, "Unauthorized").body(), status=401)
        fault = await self._faults.match("telegram", "download", {"path": request.match_info["path"]})
        if fault and fault.kind == "status":
            return fault.response()
        for file in self._world.files.values():
            if file.path == request.match_info["path"]:
                return web.Response(body=file.data, content_type=file.mime)
        return web.json_response(ApiError(404, "Not Found").body(), status=404)


async def _parameters(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    parameters: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body = json.loads(await request.text() or "{}")
        if not isinstance(body, dict):
            raise ValueError("the body must be a JSON object")
        return parameters | body, files
    if not request.content_type.startswith("multipart/"):
        return parameters | {name: str(value) for name, value in (await request.post()).items()}, files
    # Part by part: an upload that breaks off leaves no file open.
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise ValueError("a part of the form has no name")
        data = bytes(await part.read())
        if part.filename is None:
            parameters[part.name] = data.decode()
        else:
            files[part.name] = Upload(part.filename, part.headers.get("Content-Type", ""), data)
    return parameters, files


def _shown(call: BotCall) -> dict[str, Any]:
    return call.values | {name: f"<{file.name}, {len(file.data)} bytes>" for name, file in call.files.items()}


def _first(problem: str) -> str:
    """Telegram's words for what is missing, where it has some."""
    name = problem.rpartition(" needs ")[2] if " needs " in problem else ""
    return MISSING.get(name, problem)


def _broken(status: int) -> ApiError:
    names = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 502: "Bad Gateway", 504: "Gateway Timeout"}
    return ApiError(status, names.get(status, "Internal Server Error"))
