"""The pictures that people sent in the chats, for the page to draw."""

from __future__ import annotations

import mimetypes

from aiohttp import web

from bots.playground.files import as_file
from bots.playground.slack import SlackWorld
from bots.playground.telegram import TelegramWorld


class PageFiles:
    """`/page/files/slack/FILE` and `/page/files/telegram/FILE_ID`; the marketplace hands out its own."""

    def __init__(self, slack: SlackWorld, telegram: TelegramWorld) -> None:
        self._slack, self._telegram = slack, telegram

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/page/files/slack/{id}", self._of_slack),
            web.get("/page/files/telegram/{id}", self._of_telegram),
        ]

    async def _of_slack(self, request: web.Request) -> web.Response:
        file = self._slack.files.get(request.match_info["id"])
        if file is None or "content" not in file:
            return web.Response(status=404)
        mime = file.get("mimetype") or mimetypes.guess_type(file["name"])[0] or ""
        return as_file(file["name"], mime, file["content"])

    async def _of_telegram(self, request: web.Request) -> web.Response:
        file = self._telegram.files.get(request.match_info["id"])
        return as_file(file.name, file.mime, file.data) if file else web.Response(status=404)
