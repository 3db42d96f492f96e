"""Instants as the Lambda API spells them; it has four spellings."""

from __future__ import annotations

from datetime import UTC, datetime


def millis(at: float) -> str:
    """``2024-03-27T09:14:35.000+0000``: configurations, layers, signing."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"


def micros(at: float) -> str:
    """``2024-03-27T09:14:35.000000Z``: function URLs."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def seconds(at: float) -> str:
    """``2019-12-31T20:29:00+0000``: provisioned concurrency."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S+0000}"


def instant(at: float) -> datetime:
    """Members the model declares as timestamps; the wire writes them as epoch seconds."""
    return datetime.fromtimestamp(at, UTC)
