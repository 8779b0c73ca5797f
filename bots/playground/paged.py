"""Messages kept in the order of their coming, so that the newest page of a long history costs what a short one does."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, MutableMapping
from itertools import islice
from typing import Any, TypeVar

K = TypeVar("K", bound=Any)
V = TypeVar("V")

Place = Hashable


class Paged(MutableMapping[K, V]):
    """By id, oldest first. `places_of` tells where a message stands (a channel itself, a thread) as it is put in.

    Ids must grow: a page is read from the newest on.
    """

    def __init__(self, places_of: Callable[[V], Iterable[Place]] = lambda _: (None,)) -> None:
        self._places_of = places_of
        self._all: dict[K, V] = {}
        self._places: dict[Place, dict[K, V]] = {}

    def __getitem__(self, id: K) -> V:
        return self._all[id]

    def __setitem__(self, id: K, value: V) -> None:
        if id in self._all:
            del self[id]
        self._all[id] = value
        for place in self._places_of(value):
            self._places.setdefault(place, {})[id] = value

    def __delitem__(self, id: K) -> None:
        for place in self._places_of(self._all.pop(id)):
            self._places[place].pop(id, None)

    def __iter__(self) -> Iterator[K]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def at(self, place: Place = None) -> list[V]:
        """All that stands there, oldest first."""
        return list(self._places.get(place, {}).values())

    def count(self, place: Place = None) -> int:
        return len(self._places.get(place, ()))

    def last(self, place: Place = None) -> K | None:
        """The newest id there."""
        return next(reversed(self._places.get(place, {})), None)

    def newest(self, most: int, place: Place = None, before: K | None = None) -> tuple[list[V], bool]:
        """The last of those there, oldest first, of those older than `before`; and whether there are older ones."""
        here = self._places.get(place, {})
        back = (id for id in reversed(here) if before is None or id < before)
        found = list(islice(back, most + 1))
        return [here[id] for id in reversed(found[:most])], len(found) > most
