"""Forms in a chat without forms: a prompt that forces a reply, one question after the other."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from telegram import ForceReply

from bots.telegram.app import App, Spot
from bots.telegram.messages import LIMIT, LINE_LIMIT, QUOTE_LIMIT, TEXT_LIMIT, Drawn
from bots.telegram.texts import Html, block, cleansed, draw, join, label, mention, ours
from core.domain.cards import Field, Form, Verb
from core.domain.members import Identity
from core.domain.texts import Quote, Text, plain
from core.ports.chat import Memory, Say

NOTHING = {"-", "–", "—"}
PLACEHOLDER_LIMIT = 64  # core.telegram.org/bots/api#forcereply
LIFETIME = 7 * 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    html: str
    plain: str
    placeholder: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a reply to it fills in. Only `by`, a user's id, is asked; what others reply is talk among members."""

    verb: Verb
    target: str
    by: str
    questions: tuple[Question, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    files: int = 0  # how many may come with the last answer

    def filled(self, text: str) -> "Prompt":
        """With the first question answered; one that may stay empty is left so by a hyphen."""
        asked, *others = self.questions
        said = "" if asked.optional and text.strip() in NOTHING else text
        return replace(self, questions=tuple(others), values={**self.values, asked.name: said})


class Prompts:
    def __init__(self, app: App, memory: Memory) -> None:
        self._app = app
        self._memory = memory

    async def ask(self, prompt: Prompt, spot: Spot) -> None:
        question = prompt.questions[0]
        # In a group the reply box opens only for whoever the prompt mentions.
        force = ForceReply(selective=int(spot.chat) < 0, input_field_placeholder=question.placeholder)
        message = await self._app.send(spot, Drawn(question.html, question.plain), silent=True, force=force)
        await self._memory.put(self._key(spot.chat, message), json.dumps(asdict(prompt)), seconds=LIFETIME)

    async def find(self, chat: str, message: str) -> Prompt | None:
        """Kept after it was answered: mail may be read twice, and a second reply is as clear as the first."""
        kept = await self._memory.get(self._key(chat, message))
        if kept is None:
            return None
        shape = json.loads(kept)
        questions = tuple(Question(**question) for question in shape.pop("questions"))
        return Prompt(verb=Verb(shape.pop("verb")), questions=questions, **shape)

    def _key(self, chat: str, message: str) -> str:
        return f"telegram/{self._app.bot_id}/prompt/{chat}/{message}"


def to_prompt(form: Form, by: Identity, say: Say, *, alone: bool, before: Text = ()) -> Prompt:
    """`before` is what is to be said above the form."""
    questions = tuple(
        _question(form, asked, say, before if number == 0 else (), None if alone else by, first=number == 0)
        for number, asked in enumerate(form.fields)
    )
    return Prompt(form.verb, form.target, by.user, questions, files=form.files)


def _question(form: Form, asked: Field, say: Say, before: Text, caller: Identity | None, *, first: bool) -> Question:
    something = plain(say("telegram/phrases#your_answer"))
    call = (mention(caller) if caller else None) or Html()
    # What a short field asks for is said by its label alone; a long one is what its form is about.
    labelled = len(form.fields) > 1 or asked.short
    pieces = [
        call,
        draw(before, TEXT_LIMIT),
        draw(form.title, LINE_LIMIT).within("b"),
        draw(form.context, LINE_LIMIT) if first else Html(),
        _quote(form.quote) if first else Html(),
        draw(asked.label, LINE_LIMIT) if labelled else Html(),
        draw(asked.hint, LINE_LIMIT),
        draw(say("telegram/phrases#may_stay_empty"), LINE_LIMIT) if asked.optional else Html(),
    ]
    # To be copied and changed: as much of it as there is room for.
    room = LIMIT - join(pieces).size - 1
    pieces.append(ours(cleansed(asked.value, room)[0]).within("pre"))
    said = " ".join(plain(text) for text in (before, form.title, asked.label if labelled else ()) if text)
    return Question(
        asked.name,
        join(pieces).markup or something,
        said or something,
        label(asked.label if labelled else form.title, PLACEHOLDER_LIMIT) or something,
        asked.optional,
    )


def _quote(quote: Quote | None) -> Html:
    return block(quote.text, QUOTE_LIMIT // 2)[0].within("blockquote expandable") if quote else Html()
