"""The documents and the code say the same: commands, settings, links, words."""

import ast
import re

from tests.architecture.tree import ROOT, kept_files, modules, parsed

DOCUMENTS = [path for path in kept_files() if path.suffix == ".md"]
OUR_SETTING = re.compile(r"(?:REDIS_URL|(?:SHOPBELL|SLACK|TELEGRAM)_[A-Z0-9_]*[A-Z0-9])")
LINK = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)")
COMMAND = re.compile(r"(?:^|[`\s])make ([a-z][a-z-]*)(?=`|\s*$|\s+#|\s+[A-Z]+=|\s{2,}|\s&&)", re.MULTILINE)


def code_of(markdown: str) -> str:
    """What stands in a code block or between backticks."""
    blocks = re.findall(r"^```.*?^```", markdown, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`[^`\n]+`", re.sub(r"^```.*?^```", "", markdown, flags=re.MULTILINE | re.DOTALL))
    return "\n".join(blocks + spans)


def settings_named(text: str) -> set[str]:
    """The settings that a module of Python spells out whole, in a string or as a key."""
    strings = [node.value for node in ast.walk(parsed(text).tree) if isinstance(node, ast.Constant)]
    return {each for each in strings if isinstance(each, str) and OUR_SETTING.fullmatch(each)}


def settings() -> set[str]:
    found = {name for module in modules("core", "bots") if module.name.endswith("config") for name in _in(module.path)}
    return found | {name.upper() for name in _fields()}


def _in(path: str) -> set[str]:
    return settings_named((ROOT / path).read_text())


def _fields() -> set[str]:
    """Fields that pydantic-settings reads under their own names."""
    classes = [
        node
        for module in modules("core", "bots")
        if module.name.endswith("config")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("BaseSettings") for base in node.bases)
    ]
    names = {
        line.target.id
        for each in classes
        for line in each.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    }
    return {name for name in names if OUR_SETTING.fullmatch(name.upper())}


def test_every_command_in_the_documents_exists() -> None:
    """Whoever types `make …` from a document gets what it promises."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for path in DOCUMENTS for name in COMMAND.findall(code_of(path.read_text()))}

    assert {"play", "test"} <= named
    assert named - targets == set()


def test_the_readme_lists_every_setting() -> None:
    """A setting that the code reads stands in the README's table."""
    assert sorted(settings() - set(OUR_SETTING.findall((ROOT / "README.md").read_text()))) == []


def test_the_containers_can_be_given_every_setting() -> None:
    """A setting that the code reads can be set in docker/."""
    offered = "".join((ROOT / "docker" / name).read_text() for name in ("compose.yaml", ".env.example"))

    assert sorted(settings() - set(OUR_SETTING.findall(offered))) == []


def test_a_setting_is_seen_in_the_code() -> None:
    """The two checks above find a setting by its name in a string, and nothing else."""
    assert settings_named('x = env("REDIS_URL")\ny = {"SLACK_BOT_TOKEN": 1, "SLACK_": 2}') == {
        "REDIS_URL",
        "SLACK_BOT_TOKEN",
    }


def test_links_between_documents_lead_somewhere() -> None:
    """A relative link in a document names a file that is there."""
    broken = [
        f"{path.relative_to(ROOT)} → {link}"
        for path in DOCUMENTS
        for link in LINK.findall(path.read_text())
        if not (path.parent / link).exists()
    ]

    assert broken == []
