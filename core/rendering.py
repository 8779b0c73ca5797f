"""The only Jinja: our own words, from `templates/`, with everybody else's kept apart; and sellers' quick responses.

A template never sees a buyer's words, a time or a name as text. Such values are parts of `core.domain.texts`; while
the template is rendered a mark stands for each, and afterwards the parts take the marks' places. A plain string is
refused, so that nothing from outside can pass through unnoticed.

English stands at the top of `templates/`; each further language is a folder there, named by its code, with a
`language.txt` that holds its own name. What a language does not say yet is said in English.

A quick response is a seller's, so nothing of it is ever compiled, evaluated or looked up: Jinja's sandbox bounds
neither time nor memory, and folds `{{ 'a' * 300000000 }}` while it compiles. It is parsed, and what it is made of is
taken down piece by piece; whatever is not on the list is refused.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cache, lru_cache
from importlib import resources

from jinja2 import (
    Environment,
    PackageLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
    pass_context,
)
from jinja2.runtime import Context, Undefined

from core.domain.quick_responses import (
    FILTER_NAMES,
    FILTERS,
    MOST_BLANKS,
    MOST_FILTERS,
    NAMES,
    SOURCE_LIMIT,
    Blank,
    Fault,
    Piece,
    Unreadable,
    meant,
)
from core.domain.texts import (
    ENGLISH_DATES,
    Anchor,
    Dates,
    Instant,
    Mention,
    Part,
    Quote,
    Text,
    Words,
    is_visible,
    plain,
)
from core.errors import read_problem

# Private-use characters: no template of ours holds them, and no value reaches the text but as a mark.
_MARK = re.compile("\ue000(\\d+)\ue001")
_PARTS = "parts_"
_LINE_ENDS = re.compile(r"[ \t]*\n[ \t]*")

ENGLISH = "en"
_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


@pass_context
def _mark(context: Context, value: object) -> str:
    if isinstance(value, Undefined):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | Words | Quote | Instant | Mention | Anchor | tuple):
        raise TypeError(f"{context.name}: a {type(value).__name__} cannot stand in a text of ours; wrap it in a part")
    if isinstance(value, int):
        return f"{value:,}"
    parts: list[Part] = context[_PARTS]
    marks = []
    for part in value if isinstance(value, tuple) else (value,):
        marks.append(f"\ue000{len(parts)}\ue001")
        parts.append(_dated(part))
    return "".join(marks)


def _dated(part: Part) -> Part:
    """A time stands in a text as the language of that text writes it, for whoever cannot draw it for each reader."""
    if isinstance(part, Instant) and part.dates is ENGLISH_DATES and _spoken.get() != ENGLISH:
        return replace(part, dates=_dates(_spoken.get()))
    return part


@cache
def _dates(language: str) -> Dates:
    weekdays, months = (plain(_filled_in(language, f"times#{each}", {})).split() for each in ("weekdays", "months"))
    blanks: dict[str, object] = {each: Words(f"{{{each}}}") for each in ("weekday", "day", "month", "clock", "zone")}
    return Dates(tuple(weekdays), tuple(months), plain(_filled_in(language, "times#when", blanks)))


def _strong(value: str) -> Words:
    return Words(value, strong=True)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # What leaves here is parts, escaped by each adapter in its own way, never HTML: autoescape would only harm.
    environment = Environment(
        loader=PackageLoader("templates", ""),
        undefined=StrictUndefined,
        finalize=_mark,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["strong"] = _strong
    return environment


def say(name: str, /, **values: object) -> Text:
    """`answers/sent` renders that template; `cards/card#status` renders one block of it.

    Values are parts of `core.domain.texts`, tuples of them, or whole numbers; TypeError on anything else that a
    template tries to show.
    """
    language = _spoken.get()
    return _filled_in(language, name, values) if values else _always_the_same(language, name)


def explain(kept: str) -> Text:
    """Why something could not be done, as it is kept: in the language that is spoken, or in the other side's words."""
    found = read_problem(kept)
    if isinstance(found, str):
        return (Quote(found),) if found else ()
    values = {name: Quote(value) if isinstance(value, str) else value for name, value in found.values.items()}
    try:
        return say(found.text, **values)
    except (TemplateNotFound, KeyError, UndefinedError):  # kept by a version of Shopbell that says it otherwise
        return (Quote(str(found)),)


def in_english(kept: str) -> str:
    """The same for operators and for programs: logs, the command line, the API."""
    with speaking(ENGLISH):
        return plain(explain(kept))


@contextmanager
def speaking(language: str = ENGLISH) -> Iterator[None]:
    """All that is said within is said in this language, as far as it has words; also after `speak` was called."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def speak(language: str) -> None:
    """From here to the end of `speaking`, or of the task: who is spoken to has become known."""
    _spoken.set(language)


def spoken() -> str:
    """The language that is spoken, by its code."""
    return _spoken.get()


@cache
def languages() -> Mapping[str, str]:
    """Their own names, by their codes."""
    found = {ENGLISH: "English"}
    for folder in resources.files("templates").iterdir():
        named = folder / "language.txt"
        if named.is_file():
            found[folder.name] = named.read_text(encoding="utf-8").strip()
    return dict(sorted(found.items()))


@cache
def _always_the_same(language: str, name: str) -> Text:
    return _filled_in(language, name, {})


def _filled_in(language: str, name: str, values: dict[str, object]) -> Text:
    template, block = _found(language, name)
    parts: list[Part] = []
    known = {**template.globals, **values, _PARTS: parts}
    if block:
        # Without the other blocks, which only a template that extends this one would look for: ours do not.
        render, context = template.blocks[block], Context(template.environment, known, template.name, {})
    else:
        render, context = template.root_render_func, template.new_context(known, shared=True)
    text = "".join(render(context))
    return tuple(_assemble(_LINE_ENDS.sub("\n", text).strip(), parts))


@cache
def _found(language: str, name: str) -> tuple[Template, str]:
    """In English where the language has no such template, or not this block of it."""
    file, _, block = name.partition("#")
    english = _environment().get_template(f"{file}.txt.j2")
    if language == ENGLISH:
        return english, block
    try:
        template = _environment().get_template(f"{language}/{file}.txt.j2")
    except TemplateNotFound:
        return english, block
    return (english if block and block not in template.blocks else template), block


def _assemble(text: str, parts: list[Part]) -> Iterator[Part]:
    at = 0
    for mark in _MARK.finditer(text):
        if mark.start() > at:
            yield Words(text[at : mark.start()])
        yield parts[int(mark[1])]
        at = mark.end()
    if at < len(text):
        yield Words(text[at:])


# Quick responses.

_NO_SIGN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SAID = 60  # code points of the writer's own word that a fault repeats


@lru_cache(maxsize=512)
def read_quick_response(source: str) -> tuple[Piece, ...]:
    """What it is made of. Raises Unreadable with the first fault."""
    if len(source) > SOURCE_LIMIT:
        raise Unreadable(Fault(1, "long"))
    try:
        tree = _reader().parse(source)
    except TemplateSyntaxError as error:
        raise Unreadable(Fault(error.lineno, "syntax")) from None
    except RecursionError:  # thousands of brackets within each other
        raise Unreadable(Fault(1, "expression")) from None
    pieces = tuple(_pieces(tree))
    blanks = [piece for piece in pieces if isinstance(piece, Blank)]
    if len(blanks) > MOST_BLANKS:
        raise Unreadable(Fault(1, "many"))
    if any(_NO_SIGN.search(said) for said in (*_said(pieces), *(blank.otherwise or "" for blank in blanks))):
        raise Unreadable(Fault(1, "signs"))
    if not blanks and not is_visible("".join(_said(pieces))):
        raise Unreadable(Fault(1, "empty"))
    return pieces


def starters() -> tuple[tuple[str, str], ...]:
    """The starter pack in the language that is spoken, title and text of each; the first greets a new order."""
    return _starters(_spoken.get())


@cache
def _starters(language: str) -> tuple[tuple[str, str], ...]:
    top = resources.files("templates")
    folder = top / language / "quick_responses"
    if language == ENGLISH or not folder.is_dir():
        folder = top / "quick_responses"
    found = sorted(folder.iterdir(), key=lambda file: file.name)
    texts = [file.read_text(encoding="utf-8").partition("\n") for file in found if file.name.endswith(".txt")]
    return tuple((title.strip(), source.strip()) for title, _, source in texts)


@cache
def _reader() -> Environment:
    return Environment(keep_trailing_newline=True, autoescape=False)  # noqa: S701 - nothing is rendered by it


def _said(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece for piece in pieces if isinstance(piece, str)]


def _pieces(tree: nodes.Template) -> Iterator[Piece]:
    for node in tree.body:
        if not isinstance(node, nodes.Output):
            raise Unreadable(Fault(node.lineno, "statement"))
        for part in node.nodes:
            yield part.data if isinstance(part, nodes.TemplateData) else _blank(part)


def _blank(node: nodes.Expr) -> Blank:
    steps: list[nodes.Filter] = []
    while isinstance(node, nodes.Filter) and node.node is not None:
        steps.insert(0, node)
        node = node.node
    name = _dotted(node)
    if name is None:
        raise Unreadable(Fault(node.lineno, "expression"))
    if name not in NAMES:
        raise Unreadable(Fault(node.lineno, "name", name[:_SAID], meant(name, NAMES)))
    if len(steps) > MOST_FILTERS:
        raise Unreadable(Fault(node.lineno, "filters"))
    filters: list[str] = []
    before: list[str] = []
    otherwise: str | None = None
    for step in steps:
        if step.name != "default":
            filters.append(_filter(step))
        elif otherwise is None:
            otherwise, before, filters = _otherwise(step), filters, []
    return Blank(name, tuple(filters)) if otherwise is None else Blank(name, tuple(before), otherwise, tuple(filters))


def _dotted(node: nodes.Expr) -> str | None:
    """`buyer.name`; None for anything that is no name."""
    parts: list[str] = []
    while isinstance(node, nodes.Getattr):
        parts.insert(0, node.attr)
        if len(parts) > len(NAMES):
            return None
        node = node.node
    return ".".join((node.name, *parts)) if isinstance(node, nodes.Name) else None


def _filter(step: nodes.Filter) -> str:
    if step.name not in FILTERS:
        raise Unreadable(Fault(step.lineno, "filter", step.name[:_SAID], meant(step.name, FILTER_NAMES)))
    if step.args or step.kwargs or step.dyn_args or step.dyn_kwargs:
        raise Unreadable(Fault(step.lineno, "arguments", step.name))
    return step.name


def _otherwise(step: nodes.Filter) -> str:
    """`default('there')`: one text, and nothing that would have to be worked out."""
    match step.args:
        case [nodes.Const(value=str(said))] if not (step.kwargs or step.dyn_args or step.dyn_kwargs):
            return said
    raise Unreadable(Fault(step.lineno, "default"))
