"""A seller: the business that uses Shopbell, and the unit of sharding."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seller:
    id: str
    name: str
    zone: str = "UTC"
    language: str = "en"
