"""What Shopbell brings, read strictly: a field too many or of another kind is a problem."""

import json
from typing import Any

Kind = type | tuple[type, ...]

REPORTS = ("spam.reported", "spam.withdrawn")

_EVENT: dict[str, Kind] = {"id": str, "type": str, "at": str, "data": dict}
_CREATED: dict[str, Kind] = {"conversation": str, "reply": dict, "in_reply_to": (str, type(None))}
_REPORT: dict[str, Kind] = {"conversation": str, "message": str, "reason": str, "reporter": dict}
_REPLY: dict[str, Kind] = {
    "id": str,
    "text": str,
    "attachments": list,
    "author": (dict, type(None)),
    "quick_response": (dict, type(None)),
}
_AVAILABILITY: dict[str, Kind] = {
    "available": bool,
    "from": (str, type(None)),
    "until": (str, type(None)),
    "note": (str, type(None)),
    "accept_messages": bool,
}
_UNREACHABLE: dict[str, Kind] = {"problem": str, "owed": list}
_OWED: dict[str, Kind] = {"conversation": str, "deadline": (str, type(None))}
_ATTACHED: dict[str, Kind] = {"url": str, "name": str, "type": str, "size": (int, type(None))}
_USED: dict[str, Kind] = {"id": (str, type(None)), "title": str}


def read_event(body: bytes) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The event, and what is wrong with it; an empty event where there is none to read."""
    try:
        event = json.loads(body)
    except ValueError:
        return {}, ("the body is no JSON",)
    if not isinstance(event, dict):
        return {}, ("the body is no JSON object",)
    problems = _wrong(event, _EVENT, "")
    if not problems and event["type"] == "availability.changed":
        problems = _wrong(event["data"], _AVAILABILITY, "data.")
    if not problems and event["type"] == "seller.unreachable":
        problems = _wrong(event["data"], _UNREACHABLE, "data.")
        problems = problems or [wrong for each in event["data"]["owed"] for wrong in _wrong(each, _OWED, "data.owed.")]
    if not problems and event["type"] == "reply.created":
        problems = _wrong(event["data"], _CREATED, "data.")
        problems = problems or _wrong(event["data"]["reply"], _REPLY, "data.reply.")
        attached = [] if problems else event["data"]["reply"]["attachments"]
        problems = problems or [wrong for each in attached for wrong in _wrong(each, _ATTACHED, "attachments.")]
        used = None if problems else event["data"]["reply"]["quick_response"]
        problems = problems or (_wrong(used, _USED, "data.reply.quick_response.") if used else [])
    elif not problems and event["type"] in REPORTS:
        problems = _wrong(event["data"], _REPORT, "data.")
    return event, tuple(problems)


def _wrong(value: dict[str, Any], fields: dict[str, Kind], path: str) -> list[str]:
    missing = [f"{path}{name} is missing" for name in fields.keys() - value.keys()]
    unknown = [f"{path}{name} is not known" for name in value.keys() - fields.keys()]
    kinds = [
        f"{path}{name} is of another kind"
        for name in fields.keys() & value.keys()
        if not isinstance(value[name], fields[name])
    ]
    return sorted(missing + unknown + kinds)
