"""Moments: what falls due at an instant. All moments of a shard, in time order, are its agenda."""

from enum import StrEnum


class MomentKind(StrEnum):
    LINKING = "linking"  # a room that was promised but not yet confirmed: finish the link
