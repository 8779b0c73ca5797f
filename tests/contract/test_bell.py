"""The bell rings: a buyer's message reaches a room, and the reply goes back, on any platform."""

from core.domain.actions import Command, Press, Submit, Write
from core.domain.cards import CardRef, CardState, Verb
from core.domain.members import Identity
from core.domain.texts import Quote, plain
from core.errors import AccessLost, Rejected, TryLater, Unknown
from core.services.deliveries import carry
from tests.contract.chalkboard.adapter import button, person, place
from tests.fixtures.core import MINUTE, Stage


async def test_a_buyers_message_stands_in_the_room_as_a_card(stage: Stage) -> None:
    """A linked room shows who wrote, what, where, and by when to answer."""
    await stage.link("sales")

    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")

    card = stage.board.cards("sales")[0]
    assert card.quote.text == "Is it blue?"
    assert plain(card.title) == "Ann · Example Market"
    assert plain(card.status).startswith("Answer by ")
    assert card.calls == (person("sam"),)


async def test_a_reply_reaches_the_marketplace_once_and_the_card_says_so(stage: Stage) -> None:
    """From the form's Send to the receipt in the room."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    target = button(stage.board.cards("sales")[0], Verb.REPLY)
    submit = Submit("s-1", person("sam"), place("sales"), Verb.REPLY, target, {"text": "Yes, sky blue."})

    first = await stage.act(submit)
    again = await stage.act(submit)
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.ANSWERED, "the card answered")
    await stage.wait(lambda: len(stage.board.said("sales")) == 1, "a receipt")

    assert first.text == again.text == ()
    assert stage.bazaar.texts() == ["Yes, sky blue."]
    assert plain(stage.board.cards("sales")[0].status).startswith("Answered by Sam")
    assert stage.board.said("sales")[0].startswith("Sent to Ann by Sam. Example Market has it")


async def test_every_linked_room_shows_the_conversation_and_the_answer(stage: Stage) -> None:
    """What happens in one room shows in the other."""
    await stage.link("sales")
    await stage.link("phone", user="eve")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales") and stage.board.cards("phone"), "both cards")
    ref = stage.board.boards["phone"][0]

    written = Write(
        "w-1", person("eve"), place("phone"), "Yes.", CardRef(place("phone").address, ref.number), alone=True
    )
    await stage.board.hear(written)
    await stage.wait(
        lambda: [stage.board.cards(name)[0].state for name in ("sales", "phone")] == [CardState.ANSWERED] * 2,
        "both cards answered",
    )

    assert stage.bazaar.texts() == ["Yes."]


async def test_a_room_linked_late_is_shown_what_is_owed(stage: Stage) -> None:
    """A message accepted before any room was linked is not lost."""
    await stage.buyer_writes("Anybody there?")

    await stage.link("sales")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")

    assert stage.board.cards("sales")[0].quote.text == "Anybody there?"


async def test_what_the_buyer_writes_next_stands_beside_the_card_and_does_not_ring(stage: Stage) -> None:
    """A follow-up is a quiet line; the card goes on showing what opened the obligation."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.buyer_writes("Or green?")
    await stage.wait(lambda: stage.board.said("sales"), "a note")

    note = stage.board.notes("sales")[0]
    assert (note.loud, note.calls) == (False, ())
    assert stage.board.said("sales") == ["Ann wrote again: “Or green?”"]
    assert stage.board.cards("sales")[0].quote.text == "Is it blue?"


async def test_a_message_after_the_answer_rings_again(stage: Stage) -> None:
    """A message that opens an obligation is always a new post that rings, never only an edit."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?", sent_at=stage.clock.now() - 1000)
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    await stage.answered_on_site("Yes.")
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.ANSWERED, "the card answered")

    await stage.buyer_writes("And how big?", sent_at=stage.clock.now() + 5)
    await stage.wait(lambda: len(stage.board.notes("sales")) == 2, "a note that rings")

    note = stage.board.notes("sales")[1]
    assert note.loud
    assert note.calls == (person("sam"),)
    assert note.quote == Quote("And how big?")


async def test_a_refused_reply_shows_the_marketplaces_words_and_keeps_the_text(stage: Stage) -> None:
    """422: the card says not sent, the writer is told, and the form opens with the text still in it."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    target = button(stage.board.cards("sales")[0], Verb.REPLY)
    stage.bazaar.troubles["c-1"] = [Rejected("No phone numbers, please")]

    await stage.act(Submit("s-1", person("sam"), place("sales"), Verb.REPLY, target, {"text": "Call 555"}))
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.NOT_SENT, "the card not sent")
    await stage.wait(lambda: stage.board.notes("sales"), "a note to the writer")
    form = (await stage.act(Press("p-1", person("sam"), place("sales"), Verb.REPLY, target))).form

    assert "No phone numbers, please" in plain(stage.board.cards("sales")[0].warning)
    assert stage.board.notes("sales")[0].calls == (person("sam"),)
    assert form is not None
    assert form.fields[0].value == "Call 555"


async def test_a_marketplace_that_is_down_gets_the_reply_when_it_is_back(stage: Stage) -> None:
    """Until then the card shows that it is not there yet, and why."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    target = button(stage.board.cards("sales")[0], Verb.REPLY)
    stage.bazaar.troubles["c-1"] = [TryLater("closed for a moment", after=0.5), Unknown("no answer")]
    stage.bazaar.troubles["c-1"] = stage.bazaar.troubles["c-1"][:1]

    await stage.act(Submit("s-1", person("sam"), place("sales"), Verb.REPLY, target, {"text": "Yes."}))
    await stage.wait(lambda: "closed for a moment" in plain(stage.board.cards("sales")[0].warning), "the reason")
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.ANSWERED, "the card answered")

    assert stage.bazaar.texts() == ["Yes."]


async def test_a_text_in_a_room_with_others_is_shown_back_before_it_leaves(stage: Stage) -> None:
    """To ‹buyer›: … [Send] [Keep as note]; decided once, whoever presses."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    at = CardRef(place("sales").address, stage.board.boards["sales"][0].number)

    asked = await stage.act(Write("w-1", person("sam"), place("sales"), "Yes, blue", at))
    draft = button(asked, Verb.SEND)
    sent = await stage.act(Press("p-1", person("sam"), place("sales"), Verb.SEND, draft))
    again = await stage.act(Press("p-2", person("eve"), place("sales"), Verb.SEND, draft))
    kept = await stage.act(Press("p-3", person("eve"), place("sales"), Verb.KEEP, draft))
    await stage.wait(lambda: stage.bazaar.texts() == ["Yes, blue"], "the reply")

    assert plain(asked.text) == "To Ann:"
    assert [plain(found.label) for found in asked.buttons] == ["Send to Ann", "Keep as note"]
    assert plain(sent.text).startswith("On its way to Ann")
    assert plain(again.text).startswith("On its way to Ann")
    assert plain(kept.text) == "That text was already sent."


async def test_a_note_among_members_never_leaves(stage: Stage) -> None:
    """Kept as a note, it cannot be sent any more."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    at = CardRef(place("sales").address, stage.board.boards["sales"][0].number)
    asked = await stage.act(Write("w-1", person("sam"), place("sales"), "what a pest", at))
    draft = button(asked, Verb.KEEP)

    kept = await stage.act(Press("p-1", person("sam"), place("sales"), Verb.KEEP, draft))
    sent = await stage.act(Press("p-2", person("sam"), place("sales"), Verb.SEND, draft))

    assert plain(kept.text) == "Kept as a note. Nothing was sent to Ann."
    assert plain(sent.text) == "That text was kept as a note; nothing was sent."
    assert stage.bazaar.texts() == []


async def test_a_text_with_no_target_is_asked_about(stage: Stage) -> None:
    """One buyer waits: send to them? Several: whom? None: nobody is guessed."""
    await stage.link("phone")
    nobody = await stage.act(Write("w-1", person("sam"), place("phone"), "Hello", alone=True))
    await stage.buyer_writes("Is it blue?")
    one = await stage.act(Write("w-2", person("sam"), place("phone"), "Hello", alone=True))
    await stage.buyer_writes("Is it big?", conversation="c-2")
    several = await stage.act(Write("w-3", person("sam"), place("phone"), "Hello", alone=True))
    picks = [found for found in several.buttons if found.verb is Verb.PICK]

    picked = await stage.act(
        Press("p-1", person("sam"), place("phone"), Verb.PICK, picks[1].target, choice=picks[1].choice)
    )
    await stage.act(Press("p-2", person("sam"), place("phone"), Verb.SEND, button(picked, Verb.SEND)))
    await stage.wait(lambda: stage.bazaar.texts() == ["Hello"], "the reply")

    assert plain(nobody.text).startswith("Nobody waits for an answer")
    assert plain(one.text) == "To Ann:"
    assert len(picks) == 2
    assert next(iter(stage.bazaar.replies.values())).conversation == "c-2"


async def test_a_shop_that_takes_no_replies_gets_the_text_to_copy(stage: Stage) -> None:
    """Nothing shows as sent before somebody says that it was done on the site."""
    stage.bazaar.sends = False
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    target = button(stage.board.cards("sales")[0], Verb.REPLY)

    answer = await stage.act(Submit("s-1", person("sam"), place("sales"), Verb.REPLY, target, {"text": "Yes."}))
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.SENDING, "the card waits")
    before = plain(stage.board.cards("sales")[0].status)
    await stage.act(Press("p-1", person("eve"), place("sales"), Verb.DONE, button(answer, Verb.DONE)))
    await stage.wait(lambda: stage.board.cards("sales")[0].state is CardState.ANSWERED, "the card answered")

    assert answer.copy == "Yes."
    assert [found.url for found in answer.buttons if found.url] == ["https://market.example/c-1"]
    assert "Nothing is sent until that is confirmed" in before
    assert "By Eve's word" in plain(stage.board.cards("sales")[0].status)
    assert stage.bazaar.texts() == []


async def test_strangers_unlinked_rooms_and_other_sellers_cards_are_refused(stage: Stage) -> None:
    """Each with one sentence, and nothing leaves."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    target = button(stage.board.cards("sales")[0], Verb.REPLY)

    def submit(key: str, by: Identity, board: str, to: str) -> Submit:
        return Submit(key, by, place(board), Verb.REPLY, to, {"text": "Hi"})

    outsider = await stage.act(submit("s-1", person("spy", outsider=True), "sales", target))
    unlinked = await stage.act(submit("s-2", person("sam"), "kitchen", target))
    forged = await stage.act(submit("s-3", person("sam"), "sales", "02c" + "a" * 20))
    nonsense = await stage.act(submit("s-4", person("sam"), "sales", "'; DROP TABLE"))

    assert plain(outsider.text).startswith("You may not answer buyers from here.")
    assert plain(unlinked.text).startswith("This chat is not linked to a seller yet.")
    assert plain(forged.text).startswith("Shopbell does not find that conversation")
    assert plain(nonsense.text).startswith("Shopbell does not find that conversation")
    assert stage.bazaar.tries == []


async def test_a_room_out_of_reach_is_told_of_in_another_and_gets_its_card_later(stage: Stage) -> None:
    """An archived channel: the other room says so; when it can be reached again, the card is there."""
    await stage.link("sales")
    await stage.link("phone")
    stage.board.troubles["sales"] = [AccessLost("it was archived.")]

    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: any("cannot be reached" in said for said in stage.board.said("phone")), "the notice")
    await stage.wait(lambda: stage.board.cards("sales"), "the card at last")

    assert "it was archived." in stage.board.said("phone")[0]


async def test_a_card_that_was_deleted_is_posted_anew_before_what_follows(stage: Stage) -> None:
    """A member may tidy up; the conversation stays in the room."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    stage.board.boards["sales"][0].erased = True

    await stage.answered_on_site("Yes.")
    await stage.wait(lambda: stage.board.cards("sales"), "a new card")
    await stage.wait(lambda: stage.board.cards("sales")[-1].state is CardState.ANSWERED, "it is current")

    assert len(stage.board.cards("sales")) == 1


async def test_a_card_whose_ref_was_lost_speaks_for_itself(stage: Stage) -> None:
    """A press on it works, and tells where it stands."""
    await stage.link("sales")
    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.cards("sales"), "a card")
    target = button(stage.board.cards("sales")[0], Verb.REPLY)
    lost = CardRef(place("sales").address, "999")

    pressed = await stage.act(Press("p-1", person("sam"), place("sales"), Verb.REPLY, target, version=1, ref=lost))
    written = await stage.act(Write("w-1", person("sam"), place("sales"), "Yes.", at=lost))

    assert pressed.form is not None
    assert plain(written.text) == "To Ann:"


async def test_a_member_who_cannot_be_messaged_directly_is_called_in_the_room(stage: Stage) -> None:
    """Who asked for direct messages but never opened the bot still hears the bell."""
    await stage.link("sales")
    await stage.act(Press("p-1", person("sam"), place("sales"), Verb.RING, "", choice="direct"))
    stage.board.unreachable.add("sam")

    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.notes("sales"), "a call in the room")

    assert stage.board.notes("sales")[0].calls == (person("sam"),)
    assert "could not be messaged directly" in stage.board.said("sales")[0]


async def test_a_member_who_asked_for_it_is_messaged_directly(stage: Stage) -> None:
    """Beside the card in the room, once."""
    await stage.link("sales")
    await stage.act(Press("p-1", person("sam"), place("sales"), Verb.RING, "", choice="direct"))

    await stage.buyer_writes("Is it blue?")
    await stage.wait(lambda: stage.board.notes("@sam"), "a direct message")

    assert stage.board.cards("sales")[0].calls == ()
    assert stage.board.said("@sam")[0].startswith("Ann · Example Market waits for an answer.")


async def test_history_fills_without_ringing(stage: Stage) -> None:
    """The import of the first day posts no card."""
    await stage.link("sales")

    await stage.buyer_writes("Long ago", history=True, sent_at=stage.clock.now() - 10_000)
    await stage.buyer_writes("Now", conversation="c-2")
    await stage.wait(lambda: stage.board.cards("sales"), "the other card")

    assert [card.quote.text for card in stage.board.cards("sales")] == ["Now"]


async def test_unknown_words_get_help_and_an_unlinked_room_one_sentence(stage: Stage) -> None:
    """Never silence."""
    await stage.link("sales")

    unknown = await stage.act(Command("c-1", person("sam"), place("sales"), "dance"))
    status = await stage.act(Command("c-2", person("sam"), place("sales"), "status"))
    stranger = await stage.act(Command("c-3", person("sam"), place("kitchen"), "help"))

    assert plain(unknown.text).startswith("Shopbell does not know dance.\nShopbell shows buyers' messages here")
    assert plain(status.text) == "Bell & Co: 1 shop, 0 waiting for an answer.\nExample Market: available."
    assert plain(stranger.text).startswith("This chat is not linked to a seller yet.")


async def test_a_card_of_forty_messages_does_not_count_too_few(still: Stage) -> None:
    """Not all of them are read for a card: it says that there are at least so many."""
    for number in range(3):
        await still.buyer_writes("And?", message=f"m-{number}", sent_at=still.clock.now() - (50 - number) * MINUTE)
    await still.link("sales")
    few = await shown(still)
    for number in range(3, 40):
        await still.buyer_writes("And?", message=f"m-{number}", sent_at=still.clock.now() - (50 - number) * MINUTE)
    many = await shown(still)

    assert "3 messages wait." in few
    assert "At least" not in few
    assert "At least 21 messages wait." in many


async def test_a_reply_on_its_way_stays_on_the_card_however_much_the_buyer_writes(still: Stage) -> None:
    """While the marketplace is down the buyer goes on: the card still says who is answering, with Cancel."""
    still.bazaar.troubles["c-1"] = [TryLater("busy.", after=600.0)]
    await still.link("sales")
    await still.buyer_writes("Hello?")
    await shown(still)
    target = button(still.board.cards("sales")[0], Verb.REPLY)
    await still.act(Submit("s-1", person("sam"), place("sales"), Verb.REPLY, target, {"text": "Hi"}))
    await shown(still)
    for _ in range(25):
        await still.buyer_writes("Hello?")

    status = await shown(still)

    assert status.startswith("Sam is answering: on its way to Example Market.")
    assert "Cancel" in [plain(each.label) for each in still.board.cards("sales")[0].buttons]


async def shown(still: Stage) -> str:
    """What the card says once all that is on its way has been carried."""
    while claimed := await still.claim():
        for delivery in claimed:
            await carry(still.deps, delivery)
    return plain(still.board.cards("sales")[0].status)
