"""`shopbell policy`: the rules that come with Shopbell, and a look over one of your own."""

from core.policies import load, preset_text
from tests.fixtures.command import Prompt, open_seller


def test_the_policies_are_listed(shopbell: Prompt) -> None:
    """`policy list` names every preset with its deadlines, and how much of it is unverified; it needs no Redis."""
    shopbell.set(REDIS_URL="redis://127.0.0.1:1")

    said, told = shopbell("policy", "list"), shopbell("policy", "list", "--json")

    assert (said.status, said.err) == (0, "")
    assert all(name in said.out for name in load())
    assert all(words in said.out for words in ("what comes until 18:00", "Asia/Manila", "11 unverified"))
    assert [each["name"] for each in told.data["policies"]] == list(load())
    assert told.data["policies"][-1]["rates"] == [
        {"of": "inbox", "deadline": "4 h of 08:00 to 20:00, America/New_York", "days": 184}
    ]


def test_a_policy_is_shown_with_its_sources(shopbell: Prompt) -> None:
    """`policy show` gives each number its source, marks what is unverified, and warns of the stricter reading.

    An address is in one piece, however narrow the terminal.
    """
    shopbell.set(COLUMNS="40")
    said, told = shopbell("policy", "show", "fiverr"), shopbell("policy", "show", "fiverr", "--json")

    assert said.status == 0
    assert "unverified" in said.out
    assert "https://community.fiverr.com/forums/topic/297563-order-management-tips/ (2026-11-23)" in said.out
    assert "fiverr-2025 is stricter on window (inbox): https://help.fiverr.com" in said.out
    assert told.data["policy"]["inbox"]["window"]["days"] == 60
    assert told.data["variants"] == ["fiverr-2025"]
    assert {"window", "spam", "away"} == {each["part"] for each in told.data["stricter"]}
    assert {"part", "source", "note"} == set(told.data["unverified"][0])


def test_a_preset_is_copied_and_checked(shopbell: Prompt) -> None:
    """`policy show --toml` prints a file that `policy check` takes, and is the way to a policy of one's own."""
    copied = shopbell("policy", "show", "lazada", "--toml")
    mine = shopbell.folder / "lazada-my.toml"
    mine.write_text(copied.out.replace("Asia/Manila", "Asia/Kuala_Lumpur"))

    said, told = shopbell("policy", "check", str(mine)), shopbell("policy", "check", str(mine), "--json")

    assert copied.out == preset_text("lazada")
    assert said.status == 0
    assert "A shop can carry this policy" in said.out
    assert (told.data["ok"], told.data["name"]) == (True, "lazada-my")
    assert told.data["policy"]["all"]["limit"]["zone"] == "Asia/Kuala_Lumpur"


def test_a_policy_without_a_source_is_refused(shopbell: Prompt) -> None:
    """`policy check` ends with status 2 and each fault with its line, on stderr or as JSON."""
    bad = shopbell.folder / "mine.toml"
    bad.write_text(
        "\n".join(line for line in preset_text("custom").splitlines() if not line.startswith("source")).replace(
            "days = 60", "dayz = 60", 1
        )
    )

    said, told = shopbell("policy", "check", str(bad)), shopbell("policy", "check", str(bad), "--json")

    assert (said.status, said.out) == (2, "")
    assert [line.split(":")[1].split()[0] for line in said.err.splitlines()] == [
        "inbox.source",
        "inbox.window.days",
        "inbox.window.dayz",
        "order.source",
    ]
    assert "mine, line 5: inbox.source is missing" in said.err
    assert (told.status, list(told.data)) == (2, ["error"])


def test_a_policy_that_is_not_there(shopbell: Prompt) -> None:
    """A name or a file that does not exist ends with status 2, and names what does."""
    unknown, missing = shopbell("policy", "show", "etsy"), shopbell("policy", "check", "nowhere.toml")

    assert (unknown.status, missing.status) == (2, 2)
    assert "etsy-star-seller" in unknown.err
    assert missing.err == "nowhere.toml cannot be read: No such file or directory.\n"


def test_a_shop_is_counted_by_the_rules_it_was_opened_with(shopbell: Prompt) -> None:
    """By the marketplace's that Shopbell was made for, by another's, or by a file of its own; a bad file is refused."""
    seller = open_seller(shopbell)
    mine = shopbell.folder / "mine.toml"
    mine.write_text(preset_text("custom"))
    broken = shopbell.folder / "broken.toml"
    broken.write_text(preset_text("custom").replace("days = 60", "days = 0", 1))

    opened = [
        shopbell("shop", "add", "--seller", seller, "--name", "Market", *more)
        for more in ((), ("--policy", "amazon"), ("--policy", str(mine)), ("--policy", str(broken)))
    ]

    assert [said.status for said in opened] == [0, 0, 0, 2]
    assert ["counted by fiverr" in opened[0].out, "counted by amazon" in opened[1].out] == [True, True]
    assert "counted by mine" in opened[2].out
    assert "broken, line" in opened[3].err
    assert "window.days is 0" in opened[3].err


def test_who_opens_a_shop_is_asked_by_which_rules(shopbell: Prompt) -> None:
    """At a terminal, with all there are and their titles; Enter takes those that Shopbell was made for."""
    seller = open_seller(shopbell)

    shopbell.answering("lazada")
    chosen = shopbell("shop", "add", "--seller", seller, "--name", "Market")
    shopbell.answering("")
    entered = shopbell("shop", "add", "--seller", seller, "--name", "Other")

    assert "etsy-star-seller  Etsy Star Seller" in chosen.err
    assert "By which rules does the marketplace count? [fiverr]" in chosen.err
    assert "counted by lazada" in chosen.out
    assert "counted by fiverr" in entered.out


def test_other_rules_are_applied_to_a_shop(shopbell: Prompt) -> None:
    """From now on; said twice it is done already; what was written before is only judged anew by a further word."""
    seller = open_seller(shopbell)
    shop = shopbell("shop", "add", "--seller", seller, "--name", "Market", "--json").data["shop"]

    applied = [shopbell("policy", "apply", shop, "amazon") for _ in range(2)]
    shown = shopbell("policy", "apply", shop, "fiverr-2025", "--recompute", "--json")
    sure = shopbell("policy", "apply", shop, "fiverr-2025", "--recompute", "--yes")
    unknown = shopbell("policy", "apply", shop, "ebay")

    assert "what buyers write from now on" in applied[0].out
    assert "already" in applied[1].out
    nothing = {"before": {"met": 0, "missed": 0}, "after": {"met": 0, "missed": 0}}
    assert (shown.data["applied"], shown.data["rates"]) == (False, {"inbox": nothing, "order": nothing})
    assert "all there ever was" in sure.out
    assert (unknown.status, "fiverr-2025" in unknown.err) == (2, True)
