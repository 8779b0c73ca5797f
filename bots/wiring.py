"""The composition root: settings in, a running Shopbell out. Everything is opened here and closed in reverse."""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bots.registry import PLATFORMS, open_platforms, web_door
from core.clock import SystemClock
from core.config import Settings
from core.errors import Misconfigured, StoreDown
from core.marketplaces import open_marketplaces
from core.marketplaces.egress import Egress
from core.marketplaces.pictures import Pictures
from core.observability import log
from core.policies import load as load_policies
from core.ports.chat import Asgi, ChatPlatform, Inbound, Keep, Tools
from core.ports.pictures import OpenPicture
from core.services.actions import act
from core.services.auditor import Auditor
from core.services.deps import Deps, Outside, Patience
from core.services.help import menus
from core.services.retention import forget_what_is_old
from core.services.voices import RoomVoice
from core.store import keys
from core.store.auditor import ROLE
from core.store.client import Engine, connect
from core.store.embedded import embedded
from core.store.mailboxes import keep_mail
from core.store.memory import StoredMemory
from core.store.meta import open_store
from core.store.roles import StoredLease
from core.store.scripts import Scripts
from core.store.store import Store
from core.store.vault import Vault, keep_master, masters_of
from core.workers.agenda import agenda_visit
from core.workers.auditor import auditor_chore
from core.workers.chores import Chore
from core.workers.heartbeat import Heartbeat
from core.workers.lanes import lane_visit
from core.workers.loop import Crew, Rounds
from core.workers.mailboxes import keeper, mail_visit

PARTS = ("api", *PLATFORMS, "worker")
DAY = 86_400_000
WAKE = "sb:wake"
FOLLOW_SECONDS = 10
CREW = 200  # deliveries and mail under way at once in a process
DRAIN_SECONDS = 10
ROLE_BREATH = 5_000  # milliseconds between two looks at a role; its lease lives 15 s


@dataclass(frozen=True, slots=True)
class Opened:
    """What a command works with. `clock` is the same one that `deps` holds."""

    deps: Deps
    engine: Engine
    clock: SystemClock
    settings: Settings
    process: str
    heartbeat: Heartbeat | None = None


@asynccontextmanager
async def opened(
    settings: Settings,
    named: Mapping[str, str],
    *,
    keep: bool = False,
    chats: bool = False,
    patience: Patience | None = None,
) -> AsyncIterator[Opened]:
    """The store and the connectors, and with `chats` the platforms too. `keep`: a service, not a command."""
    async with AsyncExitStack() as stack:
        engine, vault = await _open_engine(stack, settings, keep=keep)
        clock = SystemClock()
        clock.follow(await engine.now_ms())
        store = Store(engine, Scripts(engine), vault, clock, keys.SHARDS, settings.text_days)
        await open_store(store)
        marketplaces = open_marketplaces(clock=clock, allow_local=settings.allow_local_callbacks)
        for marketplace in marketplaces.values():
            stack.push_async_callback(marketplace.aclose)
        process = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        platforms: dict[str, ChatPlatform] = {}
        if chats:
            platforms = open_platforms(
                named,
                lambda name: Tools(
                    clock, StoredMemory(store, name), StoredLease(store, process), RoomVoice(store), menus()
                ),
            )
            for platform in platforms.values():
                stack.push_async_callback(platform.aclose)
        deps = Deps(
            store,
            clock,
            load_policies(),
            platforms,
            marketplaces,
            patience or Patience(),
            Outside(settings.public_url),
            _open_pictures(stack, settings),
            settings.contact,
        )
        yield Opened(deps, engine, clock, settings, process, _open_heartbeat(stack, settings, clock))


def _open_pictures(stack: AsyncExitStack, settings: Settings) -> OpenPicture | None:
    if not settings.show_pictures:
        return None
    egress = Egress(allow_local=settings.allow_local_callbacks)
    stack.push_async_callback(egress.aclose)
    return Pictures(egress).open


def _open_heartbeat(stack: AsyncExitStack, settings: Settings, clock: SystemClock) -> Heartbeat | None:
    if settings.heartbeat_url is None:
        return None
    egress = Egress(allow_local=settings.allow_local_callbacks)
    stack.push_async_callback(egress.aclose)
    return Heartbeat(egress, settings.heartbeat_url.get_secret_value(), clock)


async def _open_engine(stack: AsyncExitStack, settings: Settings, *, keep: bool) -> tuple[Engine, Vault]:
    given = settings.secret.get_secret_value() if settings.secret else None
    if settings.redis_url is not None:
        vault = Vault(masters_of(given or ""))
        engine = await connect(settings.redis_url.get_secret_value())
    else:
        data = settings.data.expanduser()
        _make(data)
        url = await stack.enter_async_context(embedded(data, keep=keep, binary=settings.redis_server))
        engine = await connect(url)
        vault = Vault(masters_of(given or keep_master(data / "secret")))
    stack.push_async_callback(engine.aclose)
    return engine, vault


def _make(data: Path) -> None:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Misconfigured([f"SHOPBELL_DATA: {data} cannot be made ({reason}); name a folder of ours."]) from error


@dataclass(slots=True)
class Shopbell:
    """A running Shopbell: `ready` is set once it receives; `parts` says what this process does."""

    opened: Opened
    parts: Collection[str]
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""
    inbounds: dict[str, Inbound] = field(default_factory=dict)
    _mounts: dict[str, Asgi] = field(default_factory=dict)
    _crew: Crew = field(default_factory=lambda: Crew(CREW))
    _readers: Crew = field(default_factory=lambda: Crew(CREW))  # what members did never waits for a slow destination

    async def run(self) -> None:
        """Until cancelled; then what is under way is given ten seconds."""
        deps = self.opened.deps
        keep: Keep = partial(keep_mail, deps.store)
        if "worker" in self.parts:
            keep = keeper(deps, self._readers, self.inbounds)
        for name, platform in deps.platforms.items():
            self.inbounds[name] = platform.inbound(partial(act, deps), keep, self._mount)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._follow_clock())
                tasks.create_task(self._teach_scripts())
                if "worker" in self.parts:
                    self._start_worker(tasks)
                for name, inbound in self.inbounds.items():
                    if name in self.parts and inbound.run is not None:
                        tasks.create_task(inbound.run())
                if "api" in self.parts:
                    tasks.create_task(self._serve())
                else:
                    self.ready.set()
        finally:
            await asyncio.gather(self._crew.drain(DRAIN_SECONDS), self._readers.drain(DRAIN_SECONDS))

    def _mount(self, path: str, application: Asgi) -> None:
        self._mounts[path] = application

    async def _serve(self) -> None:
        serving = web_door()
        async with serving(self.opened.deps, self.opened.settings, self._mounts) as server:
            self.url = server.url
            if self.opened.settings.allow_local_callbacks:  # who may call this machine's own addresses may fetch there
                outside = self.opened.deps.outside
                outside.url = outside.url or server.url
            self.ready.set()
            await server.wait()

    def _start_worker(self, tasks: asyncio.TaskGroup) -> None:
        deps, crew = self.opened.deps, self._crew
        shards = [keys.tag(shard) for shard in range(deps.store.shards)]
        boxes = [keys.mailbox_tag(number) for number in range(deps.store.shards)]
        breath = deps.patience.breath
        worker = secrets.token_hex(6)
        rounds = [
            Rounds(deps.clock, shards, lane_visit(deps, crew, worker), breath=breath, name="lanes"),
            Rounds(deps.clock, shards, agenda_visit(deps, crew), breath=breath, name="agenda"),
            Rounds(deps.clock, boxes, mail_visit(deps, self._readers, self.inbounds), breath=breath, name="mailboxes"),
        ]
        rounds += [
            Rounds(deps.clock, [keys.role_tag(role)], chore.visit, breath=ROLE_BREATH, name=role)
            for role, chore in self._chores().items()
        ]
        tasks.create_task(self._listen([turn.wake for turn in rounds]))
        for turn in rounds:
            tasks.create_task(turn.run(crew.spawn))

    def _chores(self) -> dict[str, Chore]:
        """What must run once, by its role."""
        deps, now = self.opened.deps, self.opened.clock.now
        lease = StoredLease(deps.store, self.opened.process)
        forget = Chore("retention", lease, deps.clock, partial(forget_what_is_old, deps), time=now, every=DAY, first=0)
        heartbeat = self.opened.heartbeat
        auditor = Auditor(deps, self.opened.process, heartbeat.beat if heartbeat else None)
        return {"retention": forget, ROLE: auditor_chore(deps, auditor)}

    async def _listen(self, wakes: list[Callable[[keys.Tag], None]]) -> None:
        async for payload in self.opened.engine.subscribe(WAKE):
            for wake in wakes:
                wake(keys.Tag(payload.decode()))

    async def _teach_scripts(self) -> None:
        try:
            await self.opened.deps.store.scripts.teach()
        except StoreDown as error:
            log().warning("store_down", worker="scripts", why=str(error))

    async def _follow_clock(self) -> None:
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            try:
                self.opened.clock.follow(await self.opened.engine.now_ms())
            except StoreDown as error:
                log().warning("store_down", worker="clock", why=str(error))


def parts_of(only: str | None) -> tuple[str, ...]:
    """`api,worker` as parts; all of them by default. Raises Misconfigured on a part there is not."""
    if not only:
        return PARTS
    chosen = tuple(part.strip() for part in only.split(",") if part.strip())
    if unknown := [part for part in chosen if part not in PARTS]:
        raise Misconfigured([f"--only knows no {', '.join(unknown)}; it knows {', '.join(PARTS)}."])
    return chosen
