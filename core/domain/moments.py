"""Moments: what falls due at an instant. All moments of a shard, in time order, are its agenda."""

from enum import StrEnum


class MomentKind(StrEnum):
    """An obligation's own moment is its bare id; these bear the kind, a slash, and what they are about."""

    LINKING = "linking"  # a room that was promised but not yet confirmed: finish the link
    AVAILABILITY = "availability"  # a shop: an absence begins or ends, or something was said of it
    FOLD = "fold"  # a conversation: what follows from its history is to be worked out
    DIGEST = "digest"  # a seller: its evening
    MONDAY = "monday"  # a seller: its week
    LAPSE = "lapse"  # a conversation: whoever claimed it has perhaps done nothing for too long
    WRITING = "writing"  # a conversation: whoever opened its form is perhaps not writing any more
    HOLDING = "holding"  # a conversation: its buyer wrote during an absence, and is perhaps sent a holding reply
    REPORT = "report"  # a message: its spam report is perhaps not accepted yet, and its time comes to an end
    REPLAN = "replan"  # a seller: its settings changed, and all that is owed is planned anew
    TEXT = "text"  # a conversation: nothing of it was owed for so long that its words go
    RECOUNT = "recount"  # a shop, an instant: its rules or absences changed, and what counts since is worked out
