"""files.*: an address to upload to, the upload itself, and the message that shows what was uploaded."""

from __future__ import annotations

import mimetypes

from aiohttp import web

from bots.playground.slack.chat import checked_blocks, post_message, reachable
from bots.playground.slack.door import Outcome, pass_through
from bots.playground.slack.state import Json, SlackError, Workspace
from bots.playground.slack.uploads import shown
from bots.playground.slack.world import SlackWorld


async def get_upload_url(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    id = world.new_id("F")
    world.files[id] = {
        "id": id,
        "name": given["filename"],
        "size": given["length"],
        "alt_txt": given.get("alt_txt", ""),
        "mimetype": mimetypes.guess_type(given["filename"])[0] or "",
        "team": workspace.id,
    }
    return {"upload_url": f"{world.url}/slack/upload/{id}", "file_id": id}


async def complete_upload(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    checked_blocks(given)
    files = [_finished(world, item) for item in given["files"]]
    rooms = [given["channel_id"]] if given.get("channel_id") else [c for c in given.get("channels", "").split(",") if c]
    for room in rooms:
        reachable(world, workspace, room, to_post=True)
    for room in rooms:
        text = given.get("initial_comment", "")
        posted = await post_message(
            world,
            workspace,
            {
                "channel": room,
                "text": text or " ",
                **{name: given[name] for name in ("thread_ts", "blocks") if name in given},
            },
        )
        message = world.posts[posted["channel"]][posted["ts"]]
        message.text, message.files = text, files
    world.wire.touch("slack")
    return {"files": files}


async def receive_upload(world: SlackWorld, request: web.Request) -> web.StreamResponse:
    """The bytes, raw or as a form; faults for method "files.upload" apply."""
    data = await _bytes(request)
    id = request.match_info["id"]

    async def take() -> Outcome:
        file = world.files.get(id)
        if file is None or len(data) != file["size"]:
            return Outcome("invalid upload", 400, (f"upload {id}: {len(data)} bytes do not match what was announced",))
        file["content"] = data
        return Outcome(f"OK - {len(data)}")

    return await pass_through(world, request, "files.upload", {"file": id, "length": len(data)}, take)


async def info(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    file = world.files.get(given["file"])
    if file is None or file["team"] != workspace.id:
        raise SlackError("file_not_found")
    if file.get("deleted"):
        raise SlackError("file_deleted", problem=False)
    return {"file": shown(world, file)}


async def download(world: SlackWorld, request: web.Request) -> web.StreamResponse:
    """The bytes for a token that may read them; everybody else is sent to where people sign in."""
    team, _, id = request.match_info["id"].partition("-")
    fault = await world.faults.match("slack", "files.download", {"file": id})
    if fault and fault.kind == "status":
        return fault.response()
    workspace = world.workspaces.get(team)
    if workspace is None:
        return web.Response(status=404)
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token != workspace.token or workspace.revoked or "files:read" not in workspace.scopes:
        return web.Response(status=302, headers={"Location": f"{world.url}/slack/sign-in"})
    file = world.files.get(id)
    if file is None or file.get("deleted"):
        return web.Response(status=404)
    return web.Response(body=file["content"], content_type=file.get("mimetype") or "application/octet-stream")


def _finished(world: SlackWorld, item: object) -> Json:
    file = world.files.get(str(item.get("id"))) if isinstance(item, dict) else None
    if file is None or not isinstance(item, dict):
        raise SlackError("file_not_found")
    if "content" not in file:
        raise SlackError("file_not_uploaded", "[ERROR] nothing was uploaded [json-pointer:/files]")
    return {"id": file["id"], "title": item.get("title") or file["name"], "name": file["name"], "size": file["size"]}


async def _bytes(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    field = next(iter((await request.post()).values()))
    return field.file.read() if isinstance(field, web.FileField) else str(field).encode()
