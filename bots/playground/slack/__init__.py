"""A strict, stateful Slack: Web API, Socket Mode and HTTP events on one side, people's hands on the other."""

from bots.playground.slack.filling import CannotDo
from bots.playground.slack.reading import find_button, links, pings, plain
from bots.playground.slack.stand_in import SlackStandIn
from bots.playground.slack.state import APP, APP_TOKEN, BOT_TOKEN, Channel, Failure, Message, User, View, Workspace
from bots.playground.slack.world import SlackWorld

__all__ = [
    "APP",
    "APP_TOKEN",
    "BOT_TOKEN",
    "CannotDo",
    "Channel",
    "Failure",
    "Message",
    "SlackStandIn",
    "SlackWorld",
    "User",
    "View",
    "Workspace",
    "find_button",
    "links",
    "pings",
    "plain",
]
