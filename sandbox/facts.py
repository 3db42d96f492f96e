"""The facts file, read once: every quota, price and default the account enforces or a page states (``facts.toml``)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

Number = int | float
_DASHES = "\u2013/ "  # how the file says "nothing more"
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
_WRITTEN_OUT = {
    "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11",
    "twelve": "12", "fourteen": "14", "fifteen": "15", "sixteen": "16", "twenty": "20", "thirty": "30", "sixty": "60",
    "ninety": "90",
}  # fmt: skip
_BYTE_UNITS = ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB"))


@dataclass(frozen=True, slots=True)
class Limit:
    """A fact as a number. ``value`` is the default or the figure itself, ``min``/``max`` what AWS accepts; ``fact`` its id."""

    name: str
    unit: str
    fact: str
    value: Number | None = None
    min: Number | None = None
    max: Number | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as a page cites it. ``confidence`` is recorded, documented, excerpt or unverified."""

    id: str
    group: str
    subject: str
    value: str
    as_of: str
    source: str
    confidence: str
    unit: str = ""
    caveat: str = ""


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(resources.files("sandbox").joinpath("facts.toml").read_text("utf-8"))


@cache
def limits() -> dict[str, Limit]:
    return {name: Limit(name=name, **row) for name, row in _document()["limit"].items()}


@cache
def facts() -> dict[str, Fact]:
    """All facts by id, in the order of the file."""
    return {row["id"]: Fact(**row) for row in _document()["fact"]}


def groups() -> dict[str, str]:
    """Group id to heading, in the order of the reference page."""
    return dict(_document()["groups"])


def sources() -> dict[str, dict[str, str]]:
    """Source key to ``text`` and ``date``."""
    return dict(_document()["sources"])


def limit(name: str) -> int:
    """The number the account enforces: ``max`` where there is one, else ``value``. KeyError names a missing limit."""
    row = limits()[name]
    number = row.max if row.max is not None else row.value
    if number is None or number != int(number):
        raise KeyError(f"limit {name} is no whole number; read it with limits()[{name!r}]")
    return int(number)


def default(name: str) -> int:
    """The default AWS applies when the caller says nothing."""
    value = limits()[name].value
    if value is None:
        raise KeyError(f"limit {name} has no default")
    return int(value)


def figures(words: str) -> set[str]:
    """Numbers in a text, without thousands separators."""
    return {found.replace(",", "").rstrip(".") for found in _FIGURE.findall(words)}


def strange_figures(words: str, fact: Fact) -> set[str]:
    """Numbers in ``words``, written out from three on or in figures, that the fact does not hold."""

    def said(text: str) -> set[str]:
        return figures(text) | {_WRITTEN_OUT[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _WRITTEN_OUT}

    return said(words) - said(f"{fact.value} {fact.subject} {fact.as_of}")


def value_words(fact: Fact) -> str:
    """Value and unit, the unit only where the value does not say it already; nothing where the subject says it all."""
    value, unit = fact.value.strip(_DASHES), fact.unit.strip(_DASHES)
    return value if not value or unit in value or unit == "enum" else f"{value} {unit}".strip()


def limit_part(name_and_part: str) -> tuple[Number, Limit]:
    """``timeout_s.max`` as its number and its row; without a part, the value, else the maximum. KeyError says what is missing."""
    name, _, part = name_and_part.partition(".")
    row = limits().get(name)
    if row is None:
        raise KeyError(f"there is no limit {name!r} in sandbox/facts.toml")
    number: Number | None = getattr(row, part or ("value" if row.value is not None else "max"), None)
    if number is None or part not in {"", "value", "min", "max"}:
        raise KeyError(f"limit {name} has no {part}")
    return number, row


def spell(number: Number, row: Limit) -> str:
    """The number as prose has it: bytes in AWS's binary MB, thousands with commas, prices in full."""
    if row.unit == "bytes":
        for size, unit in _BYTE_UNITS:
            if number >= size and number % size == 0:
                return f"{int(number // size):,} {unit}"
    if row.unit.startswith("USD"):
        return f"${number:.10f}".rstrip("0").rstrip(".") + row.unit.removeprefix("USD").replace("/", " per ")
    plain = f"{int(number):,}" if float(number).is_integer() else f"{number:,}"
    return f"{plain} {row.unit}"
