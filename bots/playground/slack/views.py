"""views.*: modals and Home tabs as the app opens and redraws them."""

from __future__ import annotations

from bots.playground.slack.answers import MOST_VIEWS
from bots.playground.slack.block_check import complaints_about_view, elements_of, is_too_large
from bots.playground.slack.state import Json, SlackError, Trigger, View, Workspace
from bots.playground.slack.world import SlackWorld


async def open(world: SlackWorld, workspace: Workspace, given: Json) -> Json:  # noqa: A001 the method's name
    view = _checked(world, workspace, given["view"], "modal")
    trigger = _spend(world, workspace, given)
    return _shown(world.open_view(trigger.user, workspace.id, view), workspace)


async def push(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    view = _checked(world, workspace, given["view"], "modal")
    trigger = _spend(world, workspace, given)
    stack = world.views.get(trigger.user, [])
    if trigger.view not in [seen.id for seen in stack]:
        raise SlackError("not_found", "[ERROR] this trigger does not come from an open modal")
    if len(stack) >= MOST_VIEWS:
        raise SlackError("push_limit_reached")
    return _shown(world.open_view(trigger.user, workspace.id, view, previous=stack[-1]), workspace)


async def update(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    view = _checked(world, workspace, given["view"], "modal", "home", updating=given)
    id, external = given.get("view_id"), given.get("external_id")
    for seen in world.all_views():
        if seen.team == workspace.id and (seen.id == id or (external and seen.given.get("external_id") == external)):
            _same_hash(seen, given)
            world.redraw(seen, view)
            return _shown(seen, workspace)
    # A person closes a modal whenever they like.
    raise SlackError("not_found", problem=False)


async def publish(world: SlackWorld, workspace: Workspace, given: Json) -> Json:
    view = _checked(world, workspace, given["view"], "home")
    if given["user_id"] not in world.users:
        raise SlackError("invalid_arguments", "[ERROR] no such user [json-pointer:/user_id]")
    seen = world.homes.get(given["user_id"])
    if seen is None:
        return _shown(world.open_view(given["user_id"], workspace.id, view), workspace)
    _same_hash(seen, given)
    world.redraw(seen, view)
    return _shown(seen, workspace)


def _checked(world: SlackWorld, workspace: Workspace, view: Json, *types: str, updating: Json | None = None) -> Json:
    if complaints := complaints_about_view(view):
        raise SlackError("invalid_arguments", *complaints)
    if view["type"] not in types:
        raise SlackError("invalid_arguments", f"[ERROR] must be one of: {', '.join(types)} [json-pointer:/view/type]")
    asks_for_files = any(e["type"] == "file_input" for block in view["blocks"] for e in elements_of(block))
    if asks_for_files and "files:read" not in workspace.scopes:
        raise SlackError("missing_scope", "[ERROR] file_input needs files:read")
    if is_too_large(view):
        raise SlackError("view_too_large")
    external = view.get("external_id")
    if external and updating is None and external in [seen.given.get("external_id") for seen in world.all_views()]:
        raise SlackError("duplicate_external_id")
    return view


def _spend(world: SlackWorld, workspace: Workspace, given: Json) -> Trigger:
    """A trigger works once and for three seconds."""
    if "trigger_id" not in given:
        raise SlackError("invalid_arguments", "[ERROR] missing required field: trigger_id")
    trigger = world.triggers.get(given["trigger_id"])
    if trigger is None or trigger.team != workspace.id:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if world.clock() - trigger.at > world.trigger_seconds:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger


def _same_hash(seen: View, given: Json) -> None:
    if given.get("hash") not in (None, seen.hash):
        raise SlackError("hash_conflict", problem=False)


def _shown(view: View, workspace: Workspace) -> Json:
    return {"view": view.as_json(workspace.bot_id)}
