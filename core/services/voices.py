"""What a platform is given to say its own words with, in the language of the seller whose room it is."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from core.domain.rooms import Address
from core.domain.texts import Part, Text
from core.errors import StoreDown
from core.rendering import ENGLISH, explain, say, speak, speaking, spoken
from core.store.rooms import find_room
from core.store.store import Store


@dataclass(frozen=True, slots=True)
class RoomVoice:
    store: Store

    @property
    def language(self) -> str:
        return spoken()

    def say(self, name: str, /, **values: Text | Part | int) -> Text:
        return say(name, **values)

    def explain(self, kept: str) -> Text:
        return explain(kept)

    def speaking(self, language: str) -> AbstractContextManager[None]:
        return speaking(language or ENGLISH)

    async def speak_to(self, address: Address) -> None:
        try:
            room = await find_room(self.store, address)
        except StoreDown:
            room = None
        speak(room.language if room else ENGLISH)
