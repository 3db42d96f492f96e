"""What doing a lab once costs on AWS: amounts from ``[uses]`` of its ``lab.toml``, prices from the facts file, no free tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.errors import LabError
from sandbox.facts import Limit, limits


@dataclass(frozen=True, slots=True)
class CostItem:
    """So much of one thing. ``price`` is the limit whose value is the price of one of it in USD."""

    amount: float
    price: Limit

    @property
    def usd(self) -> float:
        return self.amount * (self.price.value or 0.0)

    @property
    def words(self) -> str:
        """``1,200 SQS requests``, ``2 NAT gateway-hours``; one of a thing is said in the singular, and GB has no plural."""
        thing = self.price.unit.removeprefix("USD/")
        if thing.endswith("-h"):
            thing += "our"
        plural = "" if self.amount == 1 or thing.startswith(("GB ", "GB-s")) else "s"
        return f"{self.amount:,g} {thing}{plural}"


def cost_items(uses: Mapping[str, float]) -> tuple[CostItem, ...]:
    """Raises LabError for a price that the facts file does not have."""
    known = {name: row for name, row in limits().items() if row.unit.startswith("USD/") and row.value is not None}
    unknown = sorted(set(uses) - set(known))
    if unknown:
        raise LabError(f"[uses] names {unknown[0]!r}, which is no price; the prices are {', '.join(sorted(known))}")
    return tuple(CostItem(amount, known[name]) for name, amount in uses.items())


def dollars(usd: float) -> str:
    """Two significant figures, never in scientific notation."""
    places = 2
    while usd and round(usd, places) < 10 ** (1 - places) and places < 12:
        places += 1
    return f"${usd:.{places}f}"


def cost_words(uses: Mapping[str, float]) -> str:
    """One sentence: the sum, and what it is made of, dearest first."""
    items = sorted(cost_items(uses), key=lambda item: -item.usd)
    parts = ", ".join(f"{item.words} ({dollars(item.usd)})" for item in items)
    return f"About {dollars(sum(item.usd for item in items))} without any free tier: {parts}."
