"""Reduces aiogram's description of the Bot API to `schema.json`, the names and types our stand-in checks by.

    pip download --no-deps --no-binary :all: aiogram
    python -m bots.playground.telegram.make_schema aiogram-3.31.0.tar.gz

In the result a field is its type, `!` where it is required and `=word` where it must be that word:
`{"ReactionTypeEmoji": {"type": "String!=emoji", "emoji": "String!"}}`.
"""

from __future__ import annotations

import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("schema.json")
ONE_OF = re.compile(r"^ - (\w+)$", re.MULTILINE)
CONSTANT = re.compile(r"(?:, always '(\w+)'|, must be (\w+))$")


def reduce(source: dict[str, Any]) -> dict[str, Any]:
    """Methods and types by name, and unions: a type that is one of several others."""
    found: dict[str, dict[str, Any]] = {"methods": {}, "types": {}, "unions": {}}
    for item in (item for group in source["items"] for item in group["children"]):
        members = ONE_OF.findall(item["description"]) if not item["annotations"] else []
        if item["category"] == "types" and members:
            found["unions"][item["name"]] = members
        else:
            found[item["category"]][item["name"]] = {a["name"]: _field(a) for a in item["annotations"]}
    return found


def _field(annotation: dict[str, Any]) -> str:
    constant = CONSTANT.search(annotation["description"]) if annotation["type"] == "String" else None
    word = constant and (constant[1] or constant[2])
    required = "!" if annotation["required"] else ""
    return f"{annotation['type']}{required}" + (f"={word}" if word else "")


def write(archive: Path, target: Path = TARGET) -> None:
    with tarfile.open(archive) as files:
        root = files.getnames()[0].split("/", maxsplit=1)[0]
        source = json.loads(_read(files, f"{root}/.butcher/schema/schema.json"))
        notice = _read(files, f"{root}/LICENSE").decode()
    head = {"bot_api": source["api"]["version"], "source": f"{root}/.butcher/schema/schema.json", "license": notice}
    parts = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in head.items()]
    for section, entries in reduce(source).items():
        # One line an entry: a new Bot API version then reads as a list of what changed.
        lines = ",\n".join(f'"{name}":{json.dumps(entry, separators=(",", ":"))}' for name, entry in entries.items())
        parts.append(f"{json.dumps(section)}: {{\n{lines}\n}}")
    target.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def _read(files: tarfile.TarFile, name: str) -> bytes:
    member = files.extractfile(name)
    if member is None:
        raise FileNotFoundError(name)
    return member.read()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
