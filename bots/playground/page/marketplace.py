"""The marketplace pane: an inbox as its buyers and its seller see it on the site."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import Any

from bots.playground.marketplace import MarketplaceStandIn
from bots.playground.marketplace.state import Said, ShopFront, Talk
from bots.playground.page.doors import PAGE, Json, Query

CONVERSATIONS = 100
OWN_FILES = "/marketplace/files/"
Shape = dict[str, Any]


class MarketplacePane:
    """`names` are the shops' names as buyers see them; without one it is the shop's own key."""

    def __init__(self, marketplace: MarketplaceStandIn, names: dict[str, str]) -> None:
        self._marketplace, self._names = marketplace, names

    def read(self, query: Query) -> Json:
        """`shop` and `conversation` are wishes: where there is no such thing, the newest stands in."""
        front = self._front(query)
        shown = list(islice(reversed(front.conversations), CONVERSATIONS))
        asked = query.get("conversation", "")
        if asked in front.conversations and asked not in shown:
            shown.append(asked)
        conversation = asked if asked in shown else next(iter(shown), None)
        messages = front.conversations.get(conversation, []) if conversation else []
        return {
            "shop": front.name,
            "name": self._names.get(front.name, front.name),
            "availability": asdict(front.availability) | {"shown": front.availability.shown},
            "buyers": list(front.buyers.values()),
            "conversations": [_conversation(front, each) for each in shown],
            "more": max(0, len(front.conversations) - len(shown)),
            "conversation": conversation,
            "messages": [self._said(said) for said in messages[-PAGE:]],
            "older": len(messages) > PAGE,
        }

    def older(self, query: Query) -> Json:
        """Before the message with this id."""
        messages = self._front(query).conversations[query["conversation"]]
        end = next((at for at in range(len(messages) - 1, -1, -1) if messages[at].id == query["before"]), 0)
        start = max(0, end - PAGE)
        return {"messages": [self._said(said) for said in messages[start:end]], "older": start > 0}

    def _front(self, query: Query) -> ShopFront:
        shops = self._marketplace.shops
        return shops.get(query.get("shop", "")) or next(iter(shops.values()), None) or ShopFront("")

    def _said(self, said: Said) -> Shape:
        here = f"{self._marketplace.url}{OWN_FILES}"
        attachments = [each | {"url": each["url"].replace(here, OWN_FILES)} for each in said.attachments]
        return {
            "id": said.id,
            "by": said.by,
            "text": said.text,
            "at": said.at,
            "edited": said.edited,
            "deleted": said.deleted,
            "spam": said.spam,
            "attachments": attachments,
            "quick_response": said.quick_response,
            "author": said.author,
        }


def _conversation(front: ShopFront, key: str) -> Shape:
    messages, talk = front.conversations[key], front.talks.get(key) or Talk()
    last = messages[-1] if messages else None
    return {
        "conversation": key,
        "buyer": talk.buyer,
        "order": talk.order,
        "last": {"text": last.text, "at": last.at, "by": last.by} if last else None,
        "count": len(messages),
    }
