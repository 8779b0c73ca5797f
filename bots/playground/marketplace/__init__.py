"""A marketplace with buyers: it posts what they write, signed, and takes what Shopbell brings, each thing once."""

from bots.playground.marketplace.stand_in import MarketplaceStandIn as MarketplaceStandIn
from bots.playground.marketplace.state import Answered as Answered
from bots.playground.marketplace.state import Reply as Reply
from bots.playground.marketplace.state import Report as Report
from bots.playground.marketplace.state import Said as Said
