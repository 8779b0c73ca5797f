"""A member's own absence: colleagues are called meanwhile, and the shop stays as it is."""

from core.domain.actions import Press
from core.domain.cards import Verb
from core.domain.claims import Choice
from core.domain.texts import plain
from core.services.terms import habits_of
from core.store.conversations import conversation_id
from tests.contract.chalkboard.adapter import person, place
from tests.fixtures.core import Stage
from tests.fixtures.leave import ask, press, status


async def test_who_may_not_manage_the_seller_goes_away_alone(stage: Stage) -> None:
    """A shop's availability is for owners and managers, at every step; one's own is for everybody who answers."""
    await stage.link("sales")
    shown = await ask(stage, "4h")

    refused = [
        await ask(stage, "4h", user="kim"),
        await ask(stage, word="back", user="kim"),
        await press(stage, shown, "Confirm: buyers", user="kim"),
    ]
    own = await ask(stage, "me 4h", user="kim")

    away, back, pressed = (plain(each.text) for each in refused)
    assert away == back
    assert away == (
        "Whether the shop is away is for an owner or a manager of this seller to say; away me and back me are for "
        "yourself alone. Nothing has changed."
    )
    assert pressed == "You may not do that here: it takes an owner or a manager of this seller. Nothing has changed."
    assert plain(own.text).startswith("You are away until ")
    assert stage.bazaar.availability == {}


async def test_a_members_own_absence_leaves_the_shop_as_it_is(stage: Stage) -> None:
    """Colleagues are called meanwhile; `back me` ends it."""
    await stage.link("sales")
    for user in ("sam", "kim"):
        await stage.act(Press(f"r-{user}", person(user), place("sales"), Verb.RING, "", "mention"))
    await stage.buyer_writes("Is it blue?", conversation="c-0")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    before = {who.user for who in stage.board.cards("sales")[0].calls}
    target = conversation_id(stage.shop, "c-0")
    await stage.act(Press("c-0", person("sam"), place("sales"), Verb.CLAIM, target, choice=Choice.CLAIM))
    await stage.wait(lambda: "Sam is on it" in plain(stage.board.cards("sales")[0].status), "the claim")

    own = await press(stage, await ask(stage, "me"), "4 h")
    await stage.buyer_writes("Is it red?", conversation="c-1")
    await stage.wait(lambda: len(stage.board.cards("sales")) == 2, "another card")
    seen = await status(stage)
    ended = await ask(stage, "me", word="back")

    assert "Example Market stays as it is, and so do the buyers' clocks. Meanwhile Kim is called." in plain(own.text)
    assert (before, {who.user for who in stage.board.cards("sales")[1].calls}) == ({"sam", "kim"}, {"kim"})
    assert plain(own.text).endswith("1 conversation that you had claimed is free again.")
    assert "Sam is on it" not in plain(stage.board.cards("sales")[0].status)
    assert "Example Market: available.\nYou yourself are away until " in seen
    assert plain(ended.text) == "You are back, and are called again."
    assert (await habits_of(stage.deps, stage.seller, person("sam"))).away == ()
    assert stage.bazaar.availability == {}
