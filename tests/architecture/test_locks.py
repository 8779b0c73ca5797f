"""The locks: complete, hashed, free of addresses; and nobody else's package in the place of ours."""

import importlib
import importlib.metadata
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS: dict[str, list[str]] = {
    name: [line for line in lines if isinstance(line, str)] for name, lines in PROJECT["dependency-groups"].items()
}
PRODUCT: list[str] = PROJECT["project"]["dependencies"]
WANTED = {
    "requirements.lock": PRODUCT,
    "requirements-dev.lock": [*PRODUCT, *GROUPS["dev"], *GROUPS["build"]],
    "docker/requirements-build.lock": [*GROUPS["build"], *PROJECT["build-system"]["requires"]],
    "docker/requirements-check.lock": GROUPS["docker"],
    "tests/browser/requirements.lock": GROUPS["browser"],
}
PAGE = "bots/playground/page/source/package-lock.json"
ADDRESS = re.compile(
    r"\w+://|^\s*-(?:i|f|-\S*index\S*|-find-links)\b|@\s*(?:file|git|http)|(?:^|\s)\.{0,2}/\w", re.MULTILINE
)


def pins(lock: str) -> dict[str, tuple[str, int]]:
    """Each package of a lock with its version and the number of its hashes."""
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    found: dict[str, tuple[str, int]] = {}
    for entry in entries:
        pinned = re.match(r"([\w.-]+)==(\S+)", entry)
        assert pinned, f"{lock}: {entry.splitlines()[0]!r} pins nothing"
        found[canonicalize_name(pinned[1])] = (pinned[2], entry.count("--hash=sha256:"))
    return found


@pytest.mark.parametrize("lock", [*WANTED, PAGE])
def test_a_lock_names_no_address(lock: str) -> None:
    """A lock holds versions and hashes; where they come from is the machine's own business.

    What npm writes of whom to pay (`funding`) is taken out by hand: it has no setting for that.
    """
    assert ADDRESS.findall((ROOT / lock).read_text()) == []


@pytest.mark.parametrize(
    "line",
    [
        "--index x",
        "-i x",
        "--find-links wheels",
        "# from https://mirror.example/simple",
        "a @ file:///srv/a.whl",
        "./wheels/a.whl",
        "/srv/a.whl",
    ],
)
def test_an_address_is_seen(line: str) -> None:
    """The check above knows indexes, links, files and paths."""
    assert ADDRESS.search(f"a==1 \\\n{line}\n")


@pytest.mark.parametrize("lock", WANTED)
def test_a_lock_has_all_that_was_asked_for(lock: str) -> None:
    """Whatever pyproject.toml names is locked at a version it allows."""
    locked = pins(lock)
    asked = [Requirement(line) for line in WANTED[lock]]

    missing = [str(each) for each in asked if canonicalize_name(each.name) not in locked]
    assert missing == [], "run make lock"
    assert [str(each) for each in asked if locked[canonicalize_name(each.name)][0] not in each.specifier] == []


@pytest.mark.parametrize("lock", WANTED)
def test_every_locked_package_has_hashes(lock: str) -> None:
    """What is installed is what was locked, byte for byte."""
    assert [name for name, (_, hashes) in pins(lock).items() if not hashes] == []


def test_tests_run_on_what_is_shipped() -> None:
    """The development lock differs from the product's only by what it adds."""
    shipped, tested = pins("requirements.lock"), pins("requirements-dev.lock")

    assert {name: pin for name, pin in shipped.items() if tested.get(name) != pin} == {}


def test_what_is_asked_for_is_installed() -> None:
    """The environment holds the locked version of every dependency by name, so that no test passes by luck."""
    locked = pins("requirements-dev.lock")
    named = {canonicalize_name(Requirement(line).name) for line in WANTED["requirements-dev.lock"]}

    assert {name: importlib.metadata.version(name) for name in named} == {name: locked[name][0] for name in named}


@pytest.mark.parametrize("package", ["bots", "core", "templates"])
def test_nobody_else_owns_our_names(package: str) -> None:
    """A stray `core` in site-packages would win over ours; no other distribution may bring one."""
    owners = importlib.metadata.packages_distributions().get(package, [])

    assert set(owners) <= {"shopbell"}
    assert importlib.import_module(package).__file__ == str(ROOT / package / "__init__.py")
