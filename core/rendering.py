"""The only Jinja: our own words, from `templates/`, with everybody else's words kept apart.

A template never sees a buyer's words, a time or a name as text. Such values are parts of `core.domain.texts`; while
the template is rendered a mark stands for each, and afterwards the parts take the marks' places. A plain string is
refused, so that nothing from outside can pass through unnoticed.

English stands at the top of `templates/`; each further language is a folder there, named by its code, with a
`language.txt` that holds its own name. What a language does not say yet is said in English.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, TemplateNotFound, pass_context
from jinja2.runtime import Context, Undefined

from core.domain.texts import Anchor, Instant, Mention, Part, Quote, Text, Words

Say = Callable[..., Text]

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
        parts.append(part)
    return "".join(marks)


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


@contextmanager
def speaking(language: str = ENGLISH) -> Iterator[None]:
    """All that is said within is said in this language, as far as it has words; also after `speak` was called."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def speak(language: str) -> None:
    """From here to the end of `speaking`: who is spoken to has become known."""
    _spoken.set(language)


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
