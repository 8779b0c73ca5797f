"""The only Jinja: our own words, from `templates/`, with everybody else's words kept apart.

A template never sees a buyer's words, a time or a name as text. Such values are parts of `core.domain.texts`; while
the template is rendered a mark stands for each, and afterwards the parts take the marks' places. A plain string is
refused, so that nothing from outside can pass through unnoticed.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, TemplateNotFound, pass_context
from jinja2.runtime import Context, Undefined

from core.domain.texts import Anchor, Instant, Mention, Part, Quote, Text, Words

Say = Callable[..., Text]

# Private-use characters: no template of ours holds them, and no value reaches the text but as a mark.
_MARK = re.compile("\ue000(\\d+)\ue001")
_PARTS = "parts_"
_LINE_ENDS = re.compile(r"[ \t]*\n[ \t]*")


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
    return _filled_in(name, values) if values else _always_the_same(name)


@cache
def _always_the_same(name: str) -> Text:
    return _filled_in(name, {})


def _filled_in(name: str, values: dict[str, object]) -> Text:
    template, block = _found(name)
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
def _found(name: str) -> tuple[Template, str]:
    file, _, block = name.partition("#")
    return _environment().get_template(f"{file}.txt.j2"), block


def exists(name: str) -> bool:
    try:
        _environment().get_template(f"{name}.txt.j2")
    except TemplateNotFound:
        return False
    return True


def _assemble(text: str, parts: list[Part]) -> Iterator[Part]:
    at = 0
    for mark in _MARK.finditer(text):
        if mark.start() > at:
            yield Words(text[at : mark.start()])
        yield parts[int(mark[1])]
        at = mark.end()
    if at < len(text):
        yield Words(text[at:])
