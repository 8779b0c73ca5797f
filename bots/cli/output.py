"""What a command says: words for people, or one JSON object and nothing else; and how its work is run."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.progress import Progress
from rich.text import Text

from core.errors import Misconfigured, OutsideError, ShopbellError, StoreDown
from core.rendering import in_english

try:
    from uvloop import new_event_loop as _fast_loop
except ImportError:  # not on Windows
    _new_loop: Callable[[], asyncio.AbstractEventLoop] | None = None
else:
    _new_loop = _fast_loop

DONE, FAILED, WRONG = 0, 1, 2

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, and nothing else.")]


@dataclass(frozen=True, slots=True)
class Report:
    """What a command found or did: `data` with `--json`, else `words`, a line each."""

    data: Mapping[str, object]
    words: Sequence[RenderableType] = ()
    status: int = DONE


Work = Callable[[], Coroutine[Any, Any, Report | None]]


def carry_out(work: Work, *, as_json: bool) -> int:
    """Run a command's work and show what came of it; its exit status."""
    try:
        with asyncio.Runner(loop_factory=_new_loop) as runner:
            report = runner.run(work())
    except BaseExceptionGroup as group:
        if (known := _first(group)) is None:
            raise
        return _explain(known, as_json=as_json)
    except ShopbellError as error:
        return _explain(error, as_json=as_json)
    if report is None:
        return DONE
    show(report, as_json=as_json)
    return report.status


def show(report: Report, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(report.data, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        return
    console = people()
    for line in report.words:
        # Left to the terminal to wrap, so that an address or a command is copied in one piece.
        console.print(line, soft_wrap=isinstance(line, str | Text))


def fail(faults: Sequence[str], *, status: int, as_json: bool) -> int:
    """Say what is wrong, a sentence each, and what mends it."""
    if as_json:
        show(Report({"error": " ".join(faults)}), as_json=True)
    else:
        for fault in faults:
            sys.stderr.write(f"{fault}\n")
    return status


def people() -> Console:
    """Where words for people go. Names and addresses are shown as they are, never read as markup."""
    return Console(markup=False, emoji=False, highlight=False)


@contextmanager
def busy(doing: str) -> Iterator[None]:
    """A spinner while something outside is waited for; on a terminal only, and never on stdout."""
    console = Console(stderr=True)
    with console.status(doing) if console.is_terminal else nullcontext():
        yield


@contextmanager
def counting(doing: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for work whose length is known: tell it how much is done, of how much. On a terminal only."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def printable(words: str) -> str:
    """Words of another side: what would steer the terminal is taken out."""
    return "".join(character if character.isprintable() else " " for character in words)


def rfc3339(milliseconds: int) -> str:
    """An instant as the API writes it, to the second."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC).isoformat().replace("+00:00", "Z")


def _explain(error: ShopbellError, *, as_json: bool) -> int:
    match error:
        case Misconfigured():
            return fail(error.faults, status=WRONG, as_json=as_json)
        case StoreDown():
            cure = "See that it runs and that REDIS_URL and SHOPBELL_DATA name the right one; then try again."
            return fail([_sentence(str(error) or "Redis does not answer"), cure], status=FAILED, as_json=as_json)
        case OutsideError():
            return fail([_sentence(in_english(error.kept))], status=FAILED, as_json=as_json)
        case _:
            return fail([_sentence(str(error))], status=FAILED, as_json=as_json)


def _sentence(text: str) -> str:
    said = f"{text[:1].upper()}{text[1:]}"
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _first(group: BaseExceptionGroup[BaseException]) -> ShopbellError | None:
    """The error of ours that a group of tasks ended with, if all of them are ours."""
    known, others = group.split(ShopbellError)
    if known is None or others is not None:
        return None
    leaf: BaseException = known
    while isinstance(leaf, BaseExceptionGroup):
        leaf = leaf.exceptions[0]
    return leaf if isinstance(leaf, ShopbellError) else None
