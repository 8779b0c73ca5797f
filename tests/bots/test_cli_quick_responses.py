"""The command line of quick responses: listed, added from a file, removed."""

from tests.fixtures.command import Prompt, open_seller

HELLO = "Hi {{ buyer.name }},\nthank you."


def add(shopbell: Prompt, seller: str, title: str, text: str, *more: str) -> str:
    """The exit status and what was said of it."""
    (shopbell.folder / "text.txt").write_text(text, encoding="utf-8")
    said = shopbell("quick", "add", "--seller", seller, "--title", title, "--file", "text.txt", *more)
    return f"{said.status} {said.out}{said.err}"


def test_one_is_added_listed_and_removed(shopbell: Prompt) -> None:
    """With --json as data; the same text may come back after that."""
    seller = open_seller(shopbell)

    added = add(shopbell, seller, "Hello", HELLO)
    listed = shopbell("quick", "list", "--seller", seller)
    [kept] = shopbell("quick", "list", "--seller", seller, "--json").data["quick_responses"]
    removed = shopbell("quick", "remove", "--seller", seller, "hello")
    empty = shopbell("quick", "list", "--seller", seller)

    assert added.startswith("0 Quick response Hello: ")
    assert listed.out == "Hello (not sent yet): Hi {{ buyer.name }}, thank you.\n"
    assert (kept["title"], kept["text"], kept["shop"], kept["uses"]) == ("Hello", HELLO, None, 0)
    assert (removed.status, removed.out) == (0, "Deleted: Hello\n")
    assert empty.out == "There is no quick response yet.\n"
    assert add(shopbell, seller, "Hello", HELLO).startswith("0 ")


def test_what_cannot_be_kept_is_said_with_where_and_why(shopbell: Prompt) -> None:
    """The same words as in chat; nothing is changed."""
    seller = open_seller(shopbell)
    add(shopbell, seller, "Hello", HELLO)

    fault = add(shopbell, seller, "Other", "one\n{{ buyer.nmae }}")
    taken = add(shopbell, seller, "hello", "Hi")
    shop = add(shopbell, seller, "Other", "Hi", "--shop", "nowhere")
    nobody = shopbell("quick", "add", "--seller", "x", "--title", "T", "--file", "text.txt")
    no_file = shopbell("quick", "add", "--seller", seller, "--title", "T", "--file", "none.txt")
    none = shopbell("quick", "remove", "--seller", seller, "Bye")

    assert fault.startswith(
        "2 Not kept: line 2 names buyer.nmae, which Shopbell does not know. Did you mean buyer.name?"
    )
    assert taken.startswith("2 Not kept: another quick response is called hello already.")
    assert shop.startswith("2 --shop: ")
    assert (nobody.status, no_file.status, none.status) == (2, 2, 2)
    assert "No quick response is called 'Bye'" in none.err
    assert len(shopbell("quick", "list", "--seller", seller, "--json").data["quick_responses"]) == 1


def test_a_text_comes_from_standard_input_too(shopbell: Prompt) -> None:
    """And for one shop only, where that is said. Whoever sits at a terminal is told that it is waited for."""
    seller = open_seller(shopbell)
    shop = shopbell("shop", "add", "--seller", seller, "--name", "My site", "--json").data["shop"]

    shopbell.answering("Hi there")
    said = shopbell("quick", "add", "--seller", seller, "--title", "Hi", "--shop", shop, "--json")

    [kept] = shopbell("quick", "list", "--seller", seller, "--json").data["quick_responses"]
    assert said.data == {"quick_response": kept["quick_response"]}
    assert (kept["text"], kept["shop"]) == ("Hi there", shop)
    assert "Ctrl-D" in said.err
