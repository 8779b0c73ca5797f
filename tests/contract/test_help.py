"""Help: what this member may do here, what was meant by a word that is none, and where to read on."""

from dataclasses import replace

from core.domain.actions import Command
from core.domain.cards import Answer
from core.domain.commands import COMMANDS
from core.domain.members import Identity, Right
from core.domain.rooms import RoomKind
from core.domain.texts import Anchor, plain
from core.ports.chat import ChatCapabilities
from core.services.commands import rights
from core.services.help import menus
from core.services.terms import set_terms
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage
from tests.fixtures.rates import market, ruled


async def ask(stage: Stage, word: str = "help", by: Identity | None = None) -> Answer:
    number = next(stage.counter)
    return await stage.act(Command(f"k-{number}", by or person("sam"), place("sales"), word))


def words_in(answer: Answer) -> list[str]:
    """The commands that an answer names, each in a line of its own."""
    lines = plain(answer.text).splitlines()
    return [line.removeprefix("• /").split(":")[0].split()[0] for line in lines if line.startswith("• /")]


async def test_each_member_is_told_what_they_may_do(still: Stage) -> None:
    """An owner everything, one who only looks what can be looked at; with their role, one line a command."""
    await still.link("sales", kind=RoomKind.PUBLIC)

    owner, stranger = await ask(still), await ask(still, by=person("zoe"))
    guest = await ask(still, by=replace(person("lou"), outsider=True))

    assert words_in(owner) == [known.word for known in COMMANDS]
    assert words_in(stranger) == [word for word in words_in(owner) if rights()[word] is Right.READ]
    assert "unlink" not in words_in(guest)
    assert "You may do this as owner:" in plain(owner.text)
    assert "You may look on here; who may answer is for an owner of this seller to say." in plain(stranger.text)
    assert "• /inbox [WORDS]: What waits, by time left; or look for a buyer or for words\n" in plain(owner.text)


async def test_who_may_not_manage_is_told_the_part_of_a_command_that_is_theirs(still: Stage) -> None:
    """Nothing that would be refused is offered."""
    await still.link("sales")
    await still.link("attic", user="lou")

    agent, owner = plain((await ask(still, by=person("lou"))).text), plain((await ask(still)).text)
    await set_terms(still.deps, still.seller, language="de")
    german = plain((await ask(still, by=person("lou"))).text)

    assert "• /away me [UNTIL]: Away yourself until a time; the shop stays as it is\n" in agent
    assert "• /back me: Available again yourself\n" in agent
    assert "• /quick [show TITLE]: Quick responses: look through them\n" in agent
    assert "• /spam: Report a message as spam\n" in agent
    assert "• /away [me] [UNTIL] [NOTE]: Away until a time, with a note for buyers" in owner
    assert "• /away me [UNTIL]: Selbst abwesend bis wann; der Shop bleibt, wie er ist\n" in german


async def test_a_word_that_is_none_is_asked_about_and_gets_help(still: Stage) -> None:
    """With the nearest word that there is, by its alias too; with none where nothing is near."""
    await still.link("sales")

    near, alias, far = await ask(still, "inbux"), await ask(still, "Rat"), await ask(still, "x" * 500)

    assert plain(near.text).startswith("Shopbell does not know inbux. Did you mean /inbox?\nShopbell shows ")
    assert "Did you mean /rates?" in plain(alias.text)
    assert plain(far.text).startswith(f"Shopbell does not know {'x' * 39}….\n")
    assert words_in(far) == words_in(near) == words_in(await ask(still))


async def test_a_link_without_its_code_is_asked_for_one(still: Stage) -> None:
    """Help alone would leave them wondering; Telegram's Start button in a linked chat asks for nothing."""
    await still.link("sales")

    link, start = plain((await ask(still, "link")).text), plain((await ask(still, "start")).text)

    assert link.startswith("Which code? Whoever runs Shopbell gets one by shopbell link; then write /link CODE.\n")
    assert link.endswith(start)
    assert start.startswith("Shopbell shows buyers' messages here")


async def test_help_ends_with_the_marketplaces_pages_and_whom_to_ask(still: Stage) -> None:
    """Each page once, named for all that it is read for; the operator and the success manager where they are known."""
    await still.link("sales")
    await market(still, ruled(), name="Second")
    without = plain((await ask(still)).text)
    still.deps = replace(still.deps, contact="https://bell.example/help")
    await set_terms(still.deps, still.seller, success_manager="Zoe Q.")

    answer = await ask(still)

    last = plain(answer.text).splitlines()[-3:]
    assert last[0].startswith("To read on, Fiverr: rates, availability, spam: https://community.fiverr.com/forums/")
    assert "; quick responses: https://help.fiverr.com/hc/en-us/articles/32545737221649" in last[0]
    assert last[1:] == [
        "Who runs Shopbell: bell.example/help: https://bell.example/help",
        "Your success manager: Zoe Q.",
    ]
    assert without.splitlines()[-1] == last[0]
    links = [part for part in answer.text if isinstance(part, Anchor)]
    assert len({part.url for part in links}) == len(links)


async def test_a_chat_with_commands_of_its_own_is_told_apart(still: Stage) -> None:
    """Where threads take no commands, that is said too; nothing of it where it is not so."""
    await still.link("sales")
    plain_help = plain((await ask(still)).text)
    still.board.capabilities = ChatCapabilities(
        5_000, command_prefix="/bell ", foreign_commands=("/away", "/status"), threads_take_commands=False
    )

    said = plain((await ask(still)).text)

    assert "• /bell inbox [WORDS]: " in said
    assert "/away, /status by themselves are this chat's own, not Shopbell's." in said
    assert "A thread takes buttons and a mention of Shopbell, no commands." in said
    assert "on a card, or mention Shopbell in its thread." in said
    assert "on a card, or answer to the card itself." in plain_help
    assert "this chat's own" not in plain_help
    assert "A thread takes" not in plain_help


def test_the_menu_says_of_every_command_what_it_does() -> None:
    """The same words as the help, short enough for Telegram."""
    for menu in menus().values():
        assert [item.word for item in menu] == [known.word for known in COMMANDS]
        assert all(3 <= len(item.about) <= 100 for item in menu)
