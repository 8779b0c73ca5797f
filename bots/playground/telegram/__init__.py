"""A strict, stateful stand-in for Telegram: the Bot API on one side, the person's hands on the other."""

from bots.playground.telegram.hands import Hands as Hands
from bots.playground.telegram.hands import Pressed as Pressed
from bots.playground.telegram.limits import Limits as Limits
from bots.playground.telegram.reading import Button as Button
from bots.playground.telegram.reading import asks as asks
from bots.playground.telegram.reading import buttons as buttons
from bots.playground.telegram.reading import labels as labels
from bots.playground.telegram.reading import links as links
from bots.playground.telegram.reading import pings as pings
from bots.playground.telegram.reading import plain as plain
from bots.playground.telegram.reading import times as times
from bots.playground.telegram.stand_in import TelegramStandIn as TelegramStandIn
from bots.playground.telegram.state import TelegramWorld as TelegramWorld
from bots.playground.telegram.things import Bot as Bot
from bots.playground.telegram.things import Chat as Chat
from bots.playground.telegram.things import Message as Message
from bots.playground.telegram.things import User as User
