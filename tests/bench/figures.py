"""Figures: several short runs of a thing and of what it is measured beside, and the table they make."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A run each in `values`. With `beside`, `ratios` are run by run, so that a busy moment weighs on both sides.

    `goal` is for the ratio where there is one, else for the value; at most it where `ceiling`, else at least it.
    """

    what: str
    values: Sequence[float]
    unit: str = "/s"
    beside: str = ""
    ratios: Sequence[float] = ()
    goal: float | None = None
    ceiling: bool = False

    @property
    def value(self) -> float:
        return median(self.values)

    @property
    def ratio(self) -> float | None:
        return median(self.ratios) if self.ratios else None

    @property
    def spread(self) -> float:
        """Largest minus smallest, as a part of the median."""
        return (max(self.values) - min(self.values)) / self.value if self.value else 0.0

    @property
    def met(self) -> bool | None:
        """None where there is no goal."""
        if self.goal is None:
            return None
        reached = self.value if self.ratio is None else self.ratio
        return reached <= self.goal if self.ceiling else reached >= self.goal

    def as_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "value": self.value,
            "unit": self.unit,
            "spread": self.spread,
            "runs": list(self.values),
            "beside": self.beside or None,
            "ratio": self.ratio,
            "goal": self.goal,
            "ceiling": self.ceiling,
            "met": self.met,
        }


def compare(
    what: str, values: Sequence[float], beside: str, others: Sequence[float], *, goal: float | None = None
) -> Figure:
    """How often the rate of `beside` goes into ours, run by run."""
    ratios = [ours / other for ours, other in zip(values, others, strict=True)]
    return Figure(what, values, beside=beside, ratios=ratios, goal=goal)


@dataclass(frozen=True, slots=True)
class Table:
    """One bench's figures; `notes` say how they were come by, and what limits them."""

    name: str
    title: str
    figures: Sequence[Figure]
    notes: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "figures": [figure.as_json() for figure in self.figures],
            "notes": list(self.notes),
        }

    def as_text(self) -> str:
        rows = [("", "median", "spread", "ratio", "goal", ""), *(_row(figure) for figure in self.figures)]
        widths = [max(len(row[column]) for row in rows) for column in range(6)]
        lines = [f"{self.name}: {self.title}"]
        for what, *cells in rows:
            aligned = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
            lines.append("  ".join(["", what.ljust(widths[0]), *aligned]).rstrip())
        lines += [f"  · {note}" for note in self.notes]
        return "\n".join(lines)


def _row(figure: Figure) -> tuple[str, str, str, str, str, str]:
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f} × {figure.beside}"
    goal = ""
    if figure.goal is not None:
        goal = f"{'≤' if figure.ceiling else '≥'} {figure.goal:g}{f' {figure.unit}' if not figure.ratios else ''}"
    met = {None: "", True: "met", False: "MISSED"}[figure.met]
    return figure.what, _number(figure), f"{figure.spread:.0%}", ratio, goal, met


def _number(figure: Figure) -> str:
    text = f"{figure.value:,.0f}" if figure.value >= 100 else f"{figure.value:.2f}"
    return f"{text}{'' if figure.unit.startswith('/') else ' '}{figure.unit}"
