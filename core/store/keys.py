"""Every key in Redis, beside its type, its lifetime and its purpose; keys are made here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.ids import shard_of
from core.store.key_kinds import Home, Lifetime, Type, forever, moment, ttl
from core.store.key_kinds import Key as Key
from core.store.key_kinds import Tag as Tag

SHARDS = 32

_NAME = r"[^{}]+"

SHARD = Home("shard", re.compile(r"\{sb:\d\d\}"))
MAILBOX = Home("mailbox", re.compile(r"\{sb:in:\d\d\}"))
DIRECTORY = Home("directory", re.compile(rf"\{{sb:dir:{_NAME}\}}"))
BUCKET = Home("bucket", re.compile(rf"\{{sb:bucket:{_NAME}\}}"))
ROLE = Home("role", re.compile(rf"\{{sb:role:{_NAME}\}}"))
META = Home("meta", re.compile(r"\{sb:meta\}"))


def tag(shard: int) -> Tag:
    return Tag(f"{{sb:{shard:02d}}}")


def tag_of(identifier: str) -> Tag:
    """The tag of the shard that an id names."""
    return tag(shard_of(identifier))


def mailbox_tag(number: int) -> Tag:
    return Tag(f"{{sb:in:{number:02d}}}")


def directory_tag(address_hash: str) -> Tag:
    return Tag(f"{{sb:dir:{_plain(address_hash)}}}")


def bucket_tag(name: str) -> Tag:
    return Tag(f"{{sb:bucket:{_plain(name)}}}")


def role_tag(name: str) -> Tag:
    return Tag(f"{{sb:role:{_plain(name)}}}")


META_TAG = Tag("{sb:meta}")
ANY_SHARD = "{sb:[0-9][0-9]}:*"  # as SCAN matches


def _plain(name: str) -> str:
    # A brace would end the hash tag early and move the key to another slot.
    if not name or "{" in name or "}" in name:
        raise ValueError(f"{name!r} cannot be part of a hash tag: it is empty or has a brace")
    return name


TABLE: dict[str, Key] = {}

_LUA_WORDS = re.compile(
    "TAG|and|break|do|else|elseif|end|for|function|if|in|local|nil|not|or|repeat|return|then|until|while"
)


def _key(name: str, home: Home, pattern: str, holds: Type, lifetime: Lifetime, purpose: str) -> Key:
    key = Key(name, home, pattern, holds, lifetime, purpose)
    if name in TABLE:
        raise ValueError(f"the key {name} is declared twice")
    if reserved := [word for word in (name, *key.parts) if _LUA_WORDS.fullmatch(word)]:
        raise ValueError(f"the key {name} uses {reserved}, which mean something else in Lua")
    return TABLE.setdefault(name, key)


def find(key: str) -> Key | None:
    """The kind that a full key is of, or None when nobody declared such a key."""
    return next((kind for kind in TABLE.values() if kind.matches(key)), None)


def lua_prelude(names: Iterable[str] | None = None) -> str:
    """The Lua that makes keys: `TAG`, and a function `key.<name>` for each of `names` (all of the table by default).

    It is one line, so that a line number in an error of the server is one more than in the file.
    """
    kinds = TABLE.values() if names is None else [TABLE[name] for name in names]
    functions = ", ".join(kind.to_lua() for kind in kinds)
    return f"local TAG = KEYS[1]; local key = {{ {functions} }}"


# The table. The variable bears the name.

DAY = 86_400

meta = _key("meta", META, "", "hash", forever("one"), "schema version, number of shards, engine, sealed canary")

# Sellers, and who and what belongs to them.
seller = _key(
    "seller", SHARD, ":seller:{seller}", "hash", forever("as long as the seller"), "a seller and its settings"
)
sellers = _key("sellers", SHARD, ":sellers", "set", forever("one a shard"), "its sellers, for who looks at all of them")
shops = _key("shops", SHARD, ":seller:{seller}:shops", "set", forever("as long as the seller"), "its shops")
rooms = _key("rooms", SHARD, ":seller:{seller}:rooms", "hash", forever("as long as the seller"), "room → lane")
members = _key("members", SHARD, ":seller:{seller}:members", "hash", forever("as long as the seller"), "who → role")
habits = _key(
    "habits",
    SHARD,
    ":seller:{seller}:habits",
    "hash",
    forever("as long as the seller"),
    "who → how they want to be reminded, where that differs",
)
seen_members = _key(
    "seen_members",
    SHARD,
    ":seller:{seller}:seen",
    "hash",
    forever("as long as the seller"),
    "who → their name, and when they last did something here",
)
viewers = _key(
    "viewers",
    SHARD,
    ":seller:{seller}:viewers",
    "hash",
    forever("who opened it within thirty days"),
    "who → when they last opened what shows all their sellers, and at which page of this one they are",
)
persons = _key(
    "persons",
    SHARD,
    ":seller:{seller}:persons",
    "hash",
    forever("as long as the seller"),
    "who → the identity under which their others are joined",
)
regards = _key("regards", SHARD, ":seller:{seller}:regards", "hash", forever("as long as the seller"), "held buyers")
alike = _key("alike", SHARD, ":seller:{seller}:alike:{digest}", "hash", ttl(7 * DAY), "shop → last message of a text")
owed = _key("owed", SHARD, ":seller:{seller}:owed", "zset", forever("empties itself"), "open obligations by deadline")
shop = _key("shop", SHARD, ":shop:{shop}", "hash", forever("as long as the shop"), "a shop, its secrets sealed")
policy = _key(
    "policy",
    SHARD,
    ":policy:{digest}",
    "string",
    forever("a few kilobytes for each rule set"),
    "a policy, by its digest",
)
absences = _key(
    "absences", SHARD, ":shop:{shop}:absences", "hash", forever("as long as the shop"), "what was told of availability"
)
availability = _key(
    "availability",
    SHARD,
    ":shop:{shop}:availability",
    "hash",
    forever("as long as the shop"),
    "the absences that members set, what the marketplace was told of them, and what it said last",
)
quick_responses = _key(
    "quick_responses", SHARD, ":seller:{seller}:quick", "hash", forever("a hundred a seller"), "its quick responses"
)
quick_uses = _key(
    "quick_uses", SHARD, ":seller:{seller}:quick_uses", "zset", forever("as they are"), "how often each was sent"
)
quick_dropped = _key(
    "quick_dropped", SHARD, ":quick:{response}:dropped", "hash", ttl(DAY), "a deleted quick response, to bring back"
)
opened = _key(
    "opened",
    SHARD,
    ":seller:{seller}:opened",
    "list",
    forever("some thirty instants a seller"),
    "when its last new conversations were heard of, to know a flood",
)
listed = _key(
    "listed", SHARD, ":room:{room}:listed", "zset", forever("empties itself"), "new conversations for its next list"
)
nudges = _key(
    "nudges",
    SHARD,
    ":room:{room}:nudges",
    "zset",
    forever("empties itself"),
    "obligations that the room is to be reminded of, by deadline",
)
room = _key("room", SHARD, ":room:{room}", "hash", forever("until it is unlinked"), "a room and how it rings")
link = _key("link", SHARD, ":link:{digest}", "hash", ttl(30 * DAY), "a link code, by its hash, until it is used")

# Conversations.
conversation = _key(
    "conversation",
    SHARD,
    ":conversation:{conversation}",
    "hash",
    forever("its stub lasts as long as the shop, so that a returning buyer is not first"),
    "a conversation with a buyer; and room → its card there, empty while it is still to be posted, until the words go",
)
messages = _key(
    "messages",
    SHARD,
    ":conversation:{conversation}:messages",
    "zset",
    moment("goes with the obligations that its messages explain: 400 days"),
    "its messages by sent_at, then id, so that a late one finds its place",
)
marks = _key(
    "marks",
    SHARD,
    ":conversation:{conversation}:marks",
    "hash",
    moment("goes with the messages it is about: 400 days"),
    "what was done about it beside writing: spam reports, waivers, the states of its orders",
)
forms = _key(
    "forms", SHARD, ":conversation:{conversation}:forms", "hash", ttl(DAY), "who → when they last opened its form"
)
message = _key(
    "message",
    SHARD,
    ":message:{message}",
    "hash",
    moment("its words go 30 days after the last settling, when it was said with the obligation it explains"),
    "a message",
)
early = _key("early", SHARD, ":early:{message}", "hash", ttl(7 * DAY), "a change that was told before its message")
alias = _key("alias", SHARD, ":alias:{message}", "string", ttl(7 * DAY), "the marketplace's id of our own reply")
obligation = _key(
    "obligation",
    SHARD,
    ":obligation:{obligation}",
    "hash",
    moment("the daily walk of retention takes what is older than 400 days"),
    "a duty to answer",
)
ledger = _key(
    "ledger",
    SHARD,
    ":ledger:{shop}:{kind}:{verdict}",
    "zset",
    moment("goes with its obligations: 400 days"),
    "obligations by verdict and by when they count from: a rate is two ZCOUNTs",
)
coming = _key(
    "coming",
    SHARD,
    ":shop:{shop}:coming",
    "zset",
    forever("empties itself"),
    "what is settled and still to enter the rate, by when it does",
)
stated = _key(
    "stated",
    SHARD,
    ":shop:{shop}:stated",
    "hash",
    forever("as long as the shop"),
    "the rates that its marketplace shows, as members last entered them",
)
ref = _key("ref", SHARD, ":ref:{room}:{posted}", "string", ttl(180 * DAY), "what a posted message is about")
draft = _key("draft", SHARD, ":draft:{draft}", "hash", ttl(DAY), "a text that waits for its writer's decision")
selection = _key(
    "selection",
    SHARD,
    ":selection:{selection}",
    "hash",
    ttl(DAY),
    "what a member searched the inbox for, or chose in it",
)
event = _key(
    "event",
    SHARD,
    ":event:{digest}",
    "string",
    ttl(7 * DAY),
    "an event of a marketplace was taken, where no message shows it",
)
ignored = _key("ignored", SHARD, ":ignored:{shop}", "list", ttl(30 * DAY), "its last events of types we do not know")
operation = _key("operation", SHARD, ":operation:{digest}", "string", ttl(7 * DAY), "the outcome of what a member did")

# What is to be sent, and when something falls due.
delivery = _key(
    "delivery",
    SHARD,
    ":delivery:{delivery}",
    "hash",
    forever("until it is sent, dropped or parked"),
    "one thing to carry out",
)
parked = _key("parked", SHARD, ":parked:{delivery}", "hash", ttl(30 * DAY), "a delivery that was given up")
given_up = _key("given_up", SHARD, ":seller:{seller}:parked", "zset", ttl(30 * DAY), "its parked deliveries, by when")
lanes = _key(
    "lanes",
    SHARD,
    ":lanes",
    "zset",
    forever("one a shard"),
    "every lane with something to send, by when its next delivery may be tried",
)
lane = _key(
    "lane", SHARD, ":lane:{lane}", "hash", forever("as long as its room or shop"), "a destination's pace and pauses"
)
ready = _key("ready", SHARD, ":lane:{lane}:ready", "zset", forever("empties itself"), "strands by class and time")
waiting = _key("waiting", SHARD, ":lane:{lane}:waiting", "zset", forever("empties itself"), "strands by when to retry")
flying = _key("flying", SHARD, ":lane:{lane}:flying", "zset", forever("empties itself"), "strands by end of lease")
failing = _key("failing", SHARD, ":lane:{lane}:failing", "set", forever("ends with a success"), "strands that failed")
strand = _key(
    "strand",
    SHARD,
    ":strand:{lane}:{strand}",
    "list",
    forever("empties itself"),
    "a conversation's deliveries in order",
)
agenda = _key("agenda", SHARD, ":agenda", "zset", forever("one a shard"), "every moment of the shard by time")

# Outside the shards.
home = _key("home", DIRECTORY, ":room", "string", forever("until it is unlinked"), "address → room")
acts_for = _key(
    "acts_for",
    DIRECTORY,
    ":sellers",
    "hash",
    forever("one field for each seller of a person"),
    "seller → the room in which this identity last did something for it",
)
boxes = _key("boxes", MAILBOX, ":boxes", "zset", forever("one a tag"), "boxes with mail, by when they may be read")
box = _key("box", MAILBOX, ":box:{box}", "list", forever("empties itself"), "raw events of a chat, in order")
tries = _key("tries", MAILBOX, ":tries:{box}", "hash", ttl(DAY), "who reads the first mail of a box, and its strikes")
seen = _key("seen", MAILBOX, ":seen:{digest}", "string", ttl(25 * 3600), "this happened and was taken")
unread = _key("unread", MAILBOX, ":unread", "list", forever("trimmed to 1,000"), "mail that could not be read")
guesses = _key("guesses", MAILBOX, ":guesses:{digest}", "set", ttl(600), "wrong link codes from a chat")
memory = _key("memory", MAILBOX, ":memory:{digest}", "string", ttl(30 * DAY), "what an adapter remembers, sealed")
tokens = _key("tokens", BUCKET, ":tokens", "hash", ttl(3600), "what is left of a platform's budget")
audit = _key("audit", ROLE, ":audit", "hash", forever("one"), "what the auditor found, and when it walked last")
holder = _key("holder", ROLE, ":holder", "string", ttl(15), "which process does what must run once")
