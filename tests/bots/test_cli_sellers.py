"""The command line of sellers: when their members are reminded."""

from tests.fixtures.command import Prompt, open_seller


def test_a_seller_says_when_its_members_are_reminded(shopbell: Prompt) -> None:
    """`seller set` changes what is named, keeps the rest, and shows what holds now."""
    seller = open_seller(shopbell)

    shopbell("seller", "set", seller, "--quiet", "22:00-07:00", "--zone", "Europe/Paris", "--no-wake")
    shopbell("seller", "set", seller, "--success-manager", "Zoe Q.")
    said = shopbell("seller", "set", seller, "--ladder", "2h,20m", "--no-soft", "--json")

    held = {"zone": "Europe/Paris", "ladder": ["2h", "20m"], "soft": False, "quiet": "22:00-07:00", "wake": False}
    assert (said.status, said.err) == (0, "")
    mine = {"digest": True, "language": "en", "success_manager": "Zoe Q.", "hold": 8}
    assert said.data == {"seller": seller, "name": "Ann's Prints", **held, **mine}
    assert "Sleeps 22:00-07:00, Europe/Paris; nothing wakes" in shopbell("seller", "show", seller).out


def test_a_seller_says_for_how_long_a_reply_can_be_taken_back(shopbell: Prompt) -> None:
    """Eight seconds, or what was set; thirty at most."""
    seller = open_seller(shopbell)

    before = shopbell("seller", "show", seller).out
    after = shopbell("seller", "set", seller, "--hold", "0").out
    wrong = shopbell("seller", "set", seller, "--hold", "31")

    assert "A reply can be taken back for 8 s." in before
    assert "A reply leaves at once." in after
    assert wrong.status == 2


def test_each_wrong_setting_of_a_seller_is_named(shopbell: Prompt) -> None:
    """All faults at once, each with its option, and nothing is changed."""
    seller = open_seller(shopbell)
    many = ",".join(f"{days}d" for days in range(9, 0, -1))

    said = shopbell("seller", "set", seller, "--zone", "Mars/X", "--quiet", "25:00-07:00", "--ladder", many)
    twice = shopbell("seller", "set", seller, "--quiet", "07:00-07:00", "--ladder", "1q")

    assert (said.status, twice.status) == (2, 2)
    assert [line.partition(":")[0] for line in said.err.splitlines()] == ["--zone", "--ladder", "--quiet"]
    assert "at most 8 are possible" in said.err
    assert "choose two different times" in twice.err
    assert "write it as 4h, 15m" in twice.err
    assert shopbell("seller", "show", seller, "--json").data["zone"] == "UTC"


def test_who_sets_the_first_quiet_hours_is_asked_once_whether_a_last_reminder_may_ring(shopbell: Prompt) -> None:
    """Enter says that it may; later changes ask nothing, and a script is asked nothing at all."""
    owl, lark, script = (open_seller(shopbell, name) for name in ("Owl", "Lark", "Script"))

    shopbell.answering("n")
    unwoken = shopbell("seller", "set", owl, "--quiet", "22:00-07:00")
    shopbell.answering()
    moved = shopbell("seller", "set", owl, "--quiet", "23:00-07:00")
    shopbell.answering("")
    woken = shopbell("seller", "set", lark, "--quiet", "22:00-07:00")
    shopbell.answering()
    said = shopbell("seller", "set", script, "--quiet", "22:00-07:00", "--json")

    assert "May the last reminder ring then? [Y/n]" in unwoken.err
    assert "22:00-07:00, UTC; nothing wakes its members" in unwoken.out
    assert (moved.status, moved.err) == (0, "")
    assert "23:00-07:00, UTC; nothing wakes its members" in moved.out
    assert "a last reminder may wake its members" in woken.out
    assert (said.data["wake"], said.err) == (True, "")


def test_a_seller_reads_its_own_language(shopbell: Prompt) -> None:
    """One that Shopbell does not speak is refused with those it does."""
    seller = open_seller(shopbell)

    said = shopbell("seller", "set", seller, "--language", "de")
    refused = shopbell("seller", "set", seller, "--language", "xx", "--json")

    assert "Reads Deutsch." in said.out
    assert refused.status != 0
    assert "de (Deutsch), en (English)" in refused.err + refused.out
