"""What is loaded by its name: the chat platforms, by that of their folder, and the web door.

A new platform is its folder and its line here.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from types import ModuleType
from typing import Any

from core.config import Section
from core.errors import Misconfigured
from core.ports.chat import ChatPlatform, Tools

PLATFORMS = ("slack", "telegram")

ToolsFor = Callable[[str], Tools]


def sections() -> list[Section]:
    """What each platform reads of the settings, by its `config` module, before anything is opened."""
    return [_section(import_module(f"bots.{name}.config")) for name in PLATFORMS]


def open_platforms(settings: Mapping[str, str], tools_for: ToolsFor) -> dict[str, ChatPlatform]:
    """Those that are set up, by name. Raises Misconfigured with the faults of all of them at once."""
    opened: dict[str, ChatPlatform] = {}
    faults: list[str] = []
    for name in PLATFORMS:
        adapter = import_module(f"bots.{name}.adapter")
        try:
            platform = adapter.open_platform(settings, tools_for(name))
        except Misconfigured as error:
            faults.extend(error.faults)
        else:
            if platform is not None:
                opened[name] = platform
    if faults:
        raise Misconfigured(faults)
    return opened


def web_door() -> Callable[..., AbstractAsyncContextManager[Any]]:
    """`bots.serving.serving`. A worker that serves nothing is spared the memory of FastAPI and of what it draws."""
    door: Callable[..., AbstractAsyncContextManager[Any]] = import_module("bots.serving").serving
    return door


def _section(config: ModuleType) -> Section:
    def faults(settings: Mapping[str, str]) -> Sequence[str]:
        try:
            config.read_config(settings)
        except Misconfigured as error:
            return error.faults
        return ()

    return Section(config.SETTINGS, faults)
