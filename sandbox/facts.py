"""The facts file, read once: every quota, price and default the account enforces or a page states (``facts.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

Number = int | float


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
