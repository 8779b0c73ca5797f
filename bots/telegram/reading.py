"""Kept mail → what somebody did → what they are shown."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable

from telegram import Update

from bots.telegram.actions import Heard, hear, prompt_in_question
from bots.telegram.app import App, Spot
from bots.telegram.inline import Whereabouts
from bots.telegram.messages import TEXT_LIMIT, Drawn, draw_answer
from bots.telegram.prompts import Prompt, Prompts, to_prompt
from bots.telegram.texts import draw
from core.domain.actions import Press, Submit, Write
from core.domain.cards import Answer
from core.domain.texts import plain
from core.errors import OutsideError, TryLater, Unknown
from core.ports.chat import Act, Mail, Memory, Voice

SHOWN_SECONDS = 25 * 3600  # as long as mail is known to be a duplicate
SHOW_TRIES = 3
LONGEST_WAIT = 10.0

log = logging.getLogger(__name__)


class Reader:
    def __init__(self, app: App, act: Act, memory: Memory, voice: Voice) -> None:
        self._app = app
        self._act = act
        self._memory = memory
        self._voice = voice
        self._prompts = Prompts(app, memory)
        self._whereabouts = Whereabouts(memory, app.bot_id)

    async def read(self, mail: Mail) -> None:
        """Raises TryLater when the answer could surely not be shown; mail read again acts under the same key."""
        if mail.again and await self._was_shown(mail.key):
            return
        update = Update.de_json(json.loads(mail.body), self._app.bot)
        asked = prompt_in_question(update)
        prompt = await self._prompts.find(*asked) if asked else None
        heard = hear(update, mail.key, await self._app.me(), prompt)
        if heard is None or (heard.say_once and await self._was_shown(heard.say_once)):
            return
        if heard.action is not None:
            await self._whereabouts.note(heard.place, heard.by)
            await self._show(await self._act(heard.action), heard)
        elif heard.ask is not None:
            await self._ask(heard.ask, heard)
        else:
            await self._say(await self._named(heard), heard)
        await self._mark(mail.key)
        if heard.say_once:
            await self._mark(heard.say_once)

    async def _named(self, heard: Heard) -> Drawn:
        """What is said where nobody did anything."""
        await self._voice.speak_to(heard.place.address)
        said = self._voice.say(f"telegram/phrases#{heard.say}")
        return Drawn(draw(said, TEXT_LIMIT).markup, plain(said))

    async def _show(self, answer: Answer, heard: Heard) -> None:
        if answer.form is not None:
            await self._ask(
                to_prompt(answer.form, heard.by, self._voice.say, alone=heard.alone, before=answer.text), heard
            )
        elif answer.text or answer.quote or answer.buttons or answer.copy:
            first, *others = draw_answer(answer, self._voice.say)
            if not (answer.replaces and not heard.on_card and await self._replaced(first, heard)):
                await self._say(first, heard)
            for drawn in others:
                await self._say(drawn, heard)
        elif isinstance(heard.action, Write | Submit) and heard.message:
            await self._app.nod(heard.place.address.chat, heard.message)

    async def _replaced(self, drawn: Drawn, heard: Heard) -> bool:
        """Whether the answer stands now where the pressed button stood."""
        if not isinstance(heard.action, Press) or not heard.message:
            return False
        chat, message = heard.place.address.chat, heard.message
        return await _patiently(lambda: self._app.edit(chat, message, drawn))

    async def _say(self, drawn: Drawn, heard: Heard) -> None:
        await _patiently(lambda: self._app.send(_beside(heard), drawn, silent=True))

    async def _ask(self, prompt: Prompt, heard: Heard) -> None:
        await _patiently(lambda: self._prompts.ask(prompt, _beside(heard)))

    async def _was_shown(self, key: str) -> bool:
        return await self._memory.get(self._mark_name(key)) is not None

    async def _mark(self, key: str) -> None:
        await self._memory.put(self._mark_name(key), "1", seconds=SHOWN_SECONDS)

    def _mark_name(self, key: str) -> str:
        return f"telegram/{self._app.bot_id}/shown/{key}"


def _beside(heard: Heard) -> Spot:
    return Spot(heard.place.address.chat, heard.place.address.thread, heard.message)


async def _patiently(show: Callable[[], Awaitable[object]]) -> bool:
    """Whether it may be taken as shown. What surely was not is tried again here, where the answer is at hand."""
    lost = 0
    for tries in range(1, SHOW_TRIES + 1):
        try:
            await show()
        except TryLater as error:
            wait = error.after if error.after is not None else float(tries)
            if tries == SHOW_TRIES or wait > LONGEST_WAIT:
                raise
            await asyncio.sleep(wait)
        except Unknown as error:
            # Rather twice than never: a second copy has the same buttons, silence leaves a member guessing. But once.
            lost += 1
            if lost > 1 or tries == SHOW_TRIES:
                log.warning("An answer was perhaps not shown: %s", error)
                return True
            await asyncio.sleep(1.0)
        except OutsideError as error:
            log.warning("An answer was not shown: %s", error)
            return False
        else:
            return True
    return False
