"""The soak of ``./course bench soak --events``, in small: nothing is lost, and what is kept has a bound."""

from __future__ import annotations

import gc
import importlib.util
from collections import deque
from pathlib import Path
from types import ModuleType

import pytest

from sandbox.account import inprocess_account

WARMING, LIVING = 40, 40  # rounds; 40 hours are more than a stream's day
GROWTH_MAX = 1.0  # objects a round: each is some 200 bytes, and a round is a thousand events of the soak


def soak_module() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "_event_soak.py"
    spec = importlib.util.spec_from_file_location("event_soak", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def objects() -> int:
    gc.collect()
    return len(gc.get_objects())


def test_what_an_account_keeps_of_events_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounded stores are made small, so that they are full early: what grows after that has no bound."""
    monkeypatch.setattr("sandbox.telemetry.statistics.MINUTES_MAX", 5)
    monkeypatch.setattr("sandbox.control_plane.log_store.EVENTS_MAX", 100)
    monkeypatch.setattr("sandbox.control_plane.log_store.STREAMS_MAX", 20)
    monkeypatch.setattr("sandbox.control_plane.sessions._SWEPT_FROM", 4)
    with inprocess_account(seed=1) as account:
        account.account.timeline._entries = deque(maxlen=100)
        account.account.calls._records = deque(maxlen=100)
        account.account.identities.sessions.clear()
        life = soak_module().Life(account)
        for _ in range(WARMING):
            life.round(10, 3_600.0)
        before = objects()
        for _ in range(LIVING):
            life.round(10, 3_600.0)
        grown = objects() - before
        assert life.settle() == 0
    assert grown < GROWTH_MAX * LIVING, f"{grown} objects in {LIVING} rounds"
