"""The command line of what a marketplace takes with a reply."""

from tests.fixtures.command import Prompt, open_seller


def open_shop(shopbell: Prompt) -> str:
    asked = ("shop", "add", "--seller", open_seller(shopbell), "--name", "My site", "--json")
    return str(shopbell(*asked).data["shop"])


def test_what_a_marketplace_takes_is_said_once(shopbell: Prompt) -> None:
    """How many, how large, of which types; and what is still missing for that."""
    shop = open_shop(shopbell)

    said = shopbell("shop", "files", shop, "--count", "3", "--megabytes", "10", "--type", "image/*", "--type", "A/PDF")
    told = shopbell("shop", "files", shop, "--count", "2", "--json")
    none = shopbell("shop", "files", shop, "--count", "0")

    assert "My site takes up to 3 files with a reply, of 10 MB at most, each image/* or a/pdf." in said.out
    assert "It has no callback yet" in said.out
    assert "SHOPBELL_PUBLIC_URL, which is not set" in said.out
    assert told.data == {"shop": shop, "files": {"count": 2, "bytes": 20_000_000, "types": []}}
    assert none.out.strip() == "My site takes no files."


def test_a_type_that_is_none_is_named(shopbell: Prompt) -> None:
    """Nothing is kept of a slip of the pen."""
    shop = open_shop(shopbell)

    said = shopbell("shop", "files", shop, "--type", "png")

    assert said.status == 2
    assert "'png' is no type: write one as image/png" in said.err
