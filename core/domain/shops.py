"""A shop: a seller's account at one marketplace, with the rules it is measured by."""

from dataclasses import dataclass

from core.domain.files import NO_FILES, FileLimits


@dataclass(frozen=True, slots=True)
class Shop:
    """`marketplace` names the connector; without `callback_url` a webhook shop takes no replies from us.

    `policy` is the name of the rules that hold now. `governed`: from when on, in milliseconds, which rules hold, by
    their digest. `rules` counts their changes and those of its availability, `terms` those of its seller's settings.
    `files`: what it takes with a reply; none unless somebody said so, for one that knows of no files would drop them.
    `known_from`: since when all that is written to it is told to us; an import of what was before moves it back.
    """

    id: str
    seller: str
    name: str
    policy: str
    marketplace: str = "webhook"
    callback_url: str | None = None
    reply_limit: int = 20_000  # code points; what the marketplace takes in one reply
    governed: tuple[tuple[int, str], ...] = ()
    rules: int = 0
    terms: int = 0
    known_from: int = 0
    files: FileLimits = NO_FILES


@dataclass(frozen=True, slots=True)
class ShopSecrets:
    """Standard Webhooks secrets (`whsec_…`), newest first; two are valid while one is being rotated."""

    inward: tuple[str, ...]
    outward: tuple[str, ...]

    def __repr__(self) -> str:
        return "ShopSecrets(…)"
