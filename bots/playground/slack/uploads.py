"""People's files: put into this Slack, and as messages, forms and methods tell of them."""

from __future__ import annotations

from urllib.parse import quote

from bots.playground.slack.state import Json, State


def put(world: State, team: str, name: str, data: bytes, mime: str) -> Json:
    """A person's own file; as messages and forms tell of it."""
    id = world.new_id("F")
    world.files[id] = {"id": id, "name": name, "size": len(data), "mimetype": mime, "team": team, "content": data}
    return shown(world, world.files[id])


def shown(world: State, file: Json) -> Json:
    url = f"{world.url}/slack/files/{file['team']}-{file['id']}/{quote(file['name'])}"
    told = {name: file[name] for name in ("id", "name", "size")} | {"title": file["name"], "mode": "hosted"}
    told |= {"mimetype": file.get("mimetype") or "application/octet-stream", "is_external": False}
    return {**told, "url_private": url, "url_private_download": f"{url}?download=1"}
