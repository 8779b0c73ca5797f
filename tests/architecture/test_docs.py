"""The documents and the code say the same: commands, settings, links, words."""

import ast
import re

from core.store.embedded import SETTINGS
from tests.architecture.tree import ROOT, Module, kept_files, modules, parsed, within

DOCUMENTS = [path for path in kept_files() if path.suffix == ".md"]
OUR_SETTING = re.compile(r"(?:REDIS_URL|(?:SHOPBELL|SLACK|TELEGRAM)_[A-Z0-9_]*[A-Z0-9])")
LINK = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)")
COMMAND = re.compile(r"(?:^|[`\s])make ([a-z][a-z-]*)(?=`|\s*$|\s+#|\s+[A-Z]+=|\s{2,}|\s&&)", re.MULTILINE)


def code_of(markdown: str) -> str:
    """What stands in a code block or between backticks."""
    blocks = re.findall(r"^```.*?^```", markdown, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`[^`\n]+`", re.sub(r"^```.*?^```", "", markdown, flags=re.MULTILINE | re.DOTALL))
    return "\n".join(blocks + spans)


def settings() -> set[str]:
    """The settings that Shopbell reads: named in full, or fields that pydantic-settings reads under their own names."""
    ours = [module for module in modules("core", "bots") if not within(module.name, "bots.playground")]
    return {name for module in ours for name in settings_named(module) | settings_declared(module)}


def settings_named(module: Module) -> set[str]:
    strings = [node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant)]
    return {each for each in strings if isinstance(each, str) and OUR_SETTING.fullmatch(each)}


def settings_declared(module: Module) -> set[str]:
    classes = [node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
    names = {
        line.target.id.upper()
        for each in classes
        if any(ast.unparse(base).endswith("BaseSettings") for base in each.bases)
        for line in each.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    }
    return {name for name in names if OUR_SETTING.fullmatch(name)}


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


def test_the_containers_run_the_engine_with_the_settings_that_it_has_embedded() -> None:
    """But for where it listens, and that it is a child there."""
    command = (
        (ROOT / "docker" / "compose.yaml").read_text().partition("- valkey-server\n")[2].partition("healthcheck")[0]
    )
    words = [word.strip().removeprefix("- ").strip('"') for word in command.splitlines() if word.strip()]
    given = {name.removeprefix("--"): value for name, value in zip(words[::2], words[1::2], strict=True)}
    place = {"port", "unixsocketperm", "daemonize"}

    assert given == {name: value for name, value in SETTINGS.items() if name not in place}


def test_a_setting_is_seen_in_the_code() -> None:
    """The two checks above find a setting by its name in a string or by its field, and nothing else."""
    named = parsed('x = env("REDIS_URL")\ny = {"SLACK_BOT_TOKEN": 1, "SLACK_": 2, "say SLACK_API_URL": 3}')
    declared = parsed("class Settings(BaseSettings):\n    redis_url: str\n    other: int\n")

    assert settings_named(named) == {"REDIS_URL", "SLACK_BOT_TOKEN"}
    assert settings_declared(declared) == {"REDIS_URL"}


def test_links_between_documents_lead_somewhere() -> None:
    """A relative link in a document names a file that is there."""
    broken = [
        f"{path.relative_to(ROOT)} → {link}"
        for path in DOCUMENTS
        for link in LINK.findall(path.read_text())
        if not (path.parent / link).exists()
    ]

    assert broken == []
