"""The voice that a platform is handed: what it says where nothing can be looked up."""

from pathlib import Path

from core.clock import SystemClock
from core.domain.rooms import Address
from core.domain.texts import plain
from core.rendering import speaking
from core.services.voices import RoomVoice
from core.store.client import connect
from core.store.embedded import embedded
from core.store.scripts import Scripts
from core.store.store import Store
from core.store.vault import Vault


async def test_it_speaks_english_while_the_store_does_not_answer(tmp_path: Path) -> None:
    """What is to be said then is that something went wrong: it must not fail as well."""
    async with embedded(tmp_path, keep=False) as url:
        engine = await connect(url)
        voice = RoomVoice(Store(engine, Scripts(engine), Vault(["m" * 40]), SystemClock(), 4))
        await engine.aclose()
        with speaking("de"):
            await voice.speak_to(Address("slack", "T1", "C1"))

            assert plain(voice.say("slack/phrases#close")) == "Close"
