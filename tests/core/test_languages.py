"""A language is a folder of templates: what it says stands in place of English, and what it lacks is English."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, meta

from core.domain.quick_responses import TITLE_LIMIT, Blank
from core.domain.texts import Quote, plain
from core.rendering import languages, read_quick_response, say, speak, speaking, starters
from core.services.terms import language_named

ROOT = Path(__file__).parents[2] / "templates"
ENVIRONMENT = Environment(loader=FileSystemLoader(ROOT), autoescape=False)
ENVIRONMENT.filters["strong"] = str
SIGNS = re.compile(r"{%.*?%}|{{.*?}}")
WORDS = re.compile(r"[^\W\d_]")
FURTHER = sorted(set(languages()) - {"en"})
TEXTS = [
    (code, path.relative_to(ROOT / code).as_posix()) for code in FURTHER for path in sorted((ROOT / code).rglob("*.j2"))
]


def test_each_language_says_its_own_name() -> None:
    """As who looks for it reads it."""
    assert dict(languages()) == {"de": "Deutsch", "en": "English"}


@pytest.mark.parametrize(("code", "text"), TEXTS)
def test_a_translation_fits_its_original(code: str, text: str) -> None:
    """It has no block that English lacks, and asks for nothing that English is not given."""
    original, translated = ((ROOT / where / text).read_text(encoding="utf-8") for where in ("", code))
    asked, given = (meta.find_undeclared_variables(ENVIRONMENT.parse(each)) for each in (translated, original))

    assert asked <= given
    assert set(ENVIRONMENT.get_template(f"{code}/{text}").blocks) <= set(ENVIRONMENT.get_template(text).blocks)


def test_german_says_all_that_english_says() -> None:
    """But for what holds no word of ours, and for what the marketplace itself shows its buyers, in English."""
    lacking: set[str] = set()
    for path in ROOT.rglob("*.j2"):
        text = path.relative_to(ROOT).as_posix()
        if text.startswith("de/"):
            continue
        theirs = ENVIRONMENT.get_template(f"de/{text}").blocks
        blocks = re.findall(r"{% block (\w+) %}(.*?){% endblock %}", path.read_text(encoding="utf-8"), re.DOTALL)
        lacking |= {
            f"{text}#{name}" for name, said in blocks if name not in theirs and WORDS.search(SIGNS.sub("", said))
        }

    assert lacking == {f"answers/availability.txt.j2#view_{name}" for name in ("now", "open", "planned")}


def test_the_starter_pack_is_in_the_language_too() -> None:
    """The same six in the same order, each readable and short enough for a button."""
    english = starters()
    with speaking("de"):
        german = starters()
    assert german[0][0] == "Danke für Ihren Auftrag"
    assert len(german) == len(english)
    assert all(len(title) <= TITLE_LIMIT for title, _ in german)
    for (_, theirs), (_, ours) in zip(german, english, strict=True):
        assert _names(theirs) == _names(ours)


def _names(source: str) -> set[str]:
    return {piece.name for piece in read_quick_response(source) if isinstance(piece, Blank)}


def test_what_a_language_lacks_is_said_in_english() -> None:
    """One block of a text that it has."""
    with speaking("de"):
        assert plain(say("cards/buttons#reply", buyer=Quote("Ann"))) == "Ann antworten"
        assert plain(say("cards/buttons#pick", buyer=Quote("Ann"))) == "Ann"
    assert plain(say("cards/buttons#reply", buyer=Quote("Ann"))) == "Reply to Ann"


def test_whom_one_speaks_to_may_become_known_meanwhile() -> None:
    """And is forgotten afterwards."""
    with speaking():
        speak("de")
        assert plain(say("answers/not_sent")) == "Nicht gesendet."
    assert plain(say("answers/not_sent")) == "Not sent."


def test_a_language_that_shopbell_does_not_speak_is_named_with_those_it_does() -> None:
    """So that the next try is right."""
    with pytest.raises(
        ValueError, match=r"'fr' is no language of Shopbell's; it speaks de \(Deutsch\), en \(English\)"
    ):
        language_named("fr")
