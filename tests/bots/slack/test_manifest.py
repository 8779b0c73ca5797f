"""The manifest asks Slack for what the adapter uses: no more, no less."""

import re
from pathlib import Path

from bots.slack import actions, adapter, errors
from core.domain.commands import COMMANDS
from core.domain.shortcuts import SHORTCUTS

MANIFEST = Path(adapter.__file__).with_name("manifest.yaml").read_text()
README = Path(adapter.__file__).with_name("README.md").read_text()


def items(name: str) -> list[str]:
    """The plain items of a list in the manifest."""
    found = re.search(rf"^( *){name}:\n((?:\1  - \S+\n)+)", MANIFEST, re.MULTILINE)
    assert found is not None, name
    return re.findall(r"- (\S+)", found[2])


def value(name: str) -> str:
    found = re.search(rf"^ *(?:- )?{name}: (.+)$", MANIFEST, re.MULTILINE)
    assert found is not None, name
    return found[1].strip('"')


def test_scopes_are_those_that_are_used() -> None:
    """What the doctor misses, the manifest grants; the README gives the reason for each."""
    assert set(items("bot")) == adapter.SCOPES
    assert set(items("bot_optional")) == adapter.OPTIONAL.keys()
    assert all(f"`{scope}`" in README for scope in adapter.SCOPES | adapter.OPTIONAL.keys())


def test_events_are_those_that_are_read() -> None:
    """Every event we know what to do with is subscribed to, and no other: above all no messages."""
    known = {"app_mention", actions.HOME_OPENED, "message_metadata_posted", *errors.LOST, *actions.FOUND}

    assert set(items("bot_events")) == known
    assert not any(event.startswith("message.") for event in items("bot_events"))
    assert re.findall(r"event_type: (\S+)", MANIFEST) == [adapter.CARD, adapter.NOTE]


def test_the_menu_names_every_command() -> None:
    """What may follow /shopbell stands in the hint that Slack shows while somebody types."""
    hinted = [part.strip().partition(" ")[0] for part in value("usage_hint").split("|")]

    assert sorted(hinted) == sorted(known.word for known in COMMANDS)


def test_the_shortcuts_are_those_that_do_something() -> None:
    """From anywhere or on a message, by the names that the core knows; and there is a Home tab."""
    listed = MANIFEST.partition("  shortcuts:\n")[2].partition("  slash_commands:")[0]
    found = re.findall(r"- name: (.+)\n +type: (\w+)\n +callback_id: (\w+)\n +description: (.+)\n", listed)

    assert [(title, type == "message", name) for title, type, name, _ in found] == [
        (known.title, known.about_message, known.name) for known in SHORTCUTS
    ]
    assert len(found) <= 10
    assert all(len(title) <= 24 and len(about) <= 150 for title, _, _, about in found)
    assert value("home_tab_enabled") == "true"


def test_it_is_within_slacks_limits() -> None:
    """Slack refuses a manifest whose texts are too long or too short."""
    long = re.search(r"long_description: >-\n((?:    .+\n)+)", MANIFEST)
    assert long is not None

    assert len(value("name")) <= 35
    assert len(value("description")) <= 140
    assert 175 <= len(" ".join(long[1].split())) <= 4000
    assert (value("command"), value("should_escape"), value("socket_mode_enabled")) == ("/shopbell", "true", "true")
