"""What installing the app added to this Slack, as its manifest says; a test compares the two."""

COMMANDS: list[dict[str, str]] = [
    {
        "command": "/shopbell",
        "hint": "inbox [WORDS] | away [UNTIL] [NOTE] | back | status | rates | quick | spam | members | settings "
        "| ring | link CODE | unlink | help",
        "description": "What waits, your rates, and all else that can be done from chat",
    }
]
SHORTCUTS: dict[str, list[dict[str, str]]] = {
    "global": [
        {"callback_id": "inbox", "name": "Open Shopbell inbox"},
        {"callback_id": "away", "name": "Set shop availability"},
    ],
    "message": [
        {"callback_id": "reply", "name": "Reply to buyer"},
        {"callback_id": "save", "name": "Save as quick response"},
        {"callback_id": "spam", "name": "Report buyer as spam"},
    ],
}
