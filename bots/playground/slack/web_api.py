"""The Web API over HTTP: reads a call as the SDK sends it, checks token and budget, answers like Slack."""

from __future__ import annotations

import json
import math
from typing import Any

from aiohttp import web

from bots.playground.slack.door import Outcome, pass_through
from bots.playground.slack.methods import METHODS, POSTING, TIERS, Method
from bots.playground.slack.state import APP_TOKEN, Json, SlackError, Workspace
from bots.playground.slack.world import SlackWorld

# chat.postMessage: one a second in a channel, short bursts allowed; "several hundred a minute" in a workspace.
POST_BURST = 3
POSTS_A_MINUTE = 300


class WebApi:
    def __init__(self, world: SlackWorld) -> None:
        self._world = world
        self._budgets: dict[tuple[str, ...], tuple[float, float]] = {}

    async def call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given, malformed = await _given(request)
        token = given.pop("token", None) or request.headers.get("Authorization", "").removeprefix("Bearer ")

        async def work() -> Outcome:
            try:
                if malformed:
                    raise SlackError(malformed)
                return await self._answer(method, token, given)
            except SlackError as error:
                return _refusal(error)

        return await pass_through(self._world, request, method, given, work)

    async def _answer(self, name: str, token: str, given: Json) -> Outcome:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method")
        workspace = self._workspace(name, token)
        if method.scope and method.scope not in workspace.scopes:
            raise SlackError("missing_scope", problem=False)
        wait = self._wait(name, method, workspace, str(given.get("channel", "")))
        if wait > 0:
            body: Json = {"ok": False, "error": "ratelimited"}
            return Outcome(body, 429, (), {"Retry-After": str(math.ceil(wait))})
        body = {"ok": True, **await method.handler(self._world, workspace, method.arguments(given))}
        return Outcome(body, headers={"x-oauth-scopes": ",".join(sorted(workspace.scopes))})

    def _workspace(self, name: str, token: str) -> Workspace:
        if not token:
            raise SlackError("not_authed")
        if name == "apps.connections.open":
            if token == APP_TOKEN:
                return self._world.workspace
            raise SlackError("not_allowed_token_type" if self._world.workspace_of(token) else "invalid_auth")
        workspace = self._world.workspace_of(token)
        if workspace is None:
            raise SlackError("not_allowed_token_type" if token == APP_TOKEN else "invalid_auth")
        if workspace.revoked:
            raise SlackError("token_revoked", problem=False)
        return workspace

    def _wait(self, name: str, method: Method, workspace: Workspace, channel: str) -> float:
        """Seconds until this call is within all its budgets; 0 takes one from each."""
        if not self._world.limits:
            return 0.0
        budgets: dict[tuple[str, ...], tuple[float, float]] = {}
        if method.tier == POSTING:
            budgets[name, workspace.id, channel] = (POST_BURST, 1.0)
            budgets[name, workspace.id] = (POSTS_A_MINUTE, POSTS_A_MINUTE / 60)
        else:
            budgets[name, workspace.id] = (TIERS[method.tier], TIERS[method.tier] / 60)
        now = self._world.clock()
        left = {}
        for key, (most, rate) in budgets.items():
            had, since = self._budgets.get(key, (most, now))
            left[key] = min(most, had + (now - since) * rate)
        wait = max((1 - left[key]) / rate for key, (_, rate) in budgets.items())
        if wait > 0:
            return wait
        self._budgets |= {key: (amount - 1, now) for key, amount in left.items()}
        return 0.0


def _refusal(error: SlackError) -> Outcome:
    body: Json = {"ok": False, "error": error.code}
    if error.messages:
        body["response_metadata"] = {"messages": list(error.messages)}
    if error.code == "invalid_blocks":
        body["errors"] = [message.removeprefix("[ERROR] ") for message in error.messages]
    problems = (": ".join((error.code, *error.messages[:1])), *error.messages[1:]) if error.problem else ()
    return Outcome(body, 200, problems)


async def _given(request: web.Request) -> tuple[Json, str | None]:
    """Arguments from query, form or JSON, and the error code if they cannot be read."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            return given, "invalid_json"
        if not isinstance(body, dict):
            return given, "json_not_object"
        return given | body, None
    return given | dict(await request.post()), None
