"""What installing the app added to this Slack, as its manifest says; a test compares the two."""

from typing import Any

COMMANDS: list[dict[str, str]] = [
    {
        "command": "/shopbell",
        "hint": "inbox [WORDS] | away [UNTIL] [NOTE] | back | status | rates | quick | spam | members | settings "
        "| ring | link CODE | unlink | help",
        "description": "What waits, your rates, and all else that can be done from chat",
    }
]
SHORTCUTS: dict[str, list[dict[str, Any]]] = {"global": [], "message": []}
