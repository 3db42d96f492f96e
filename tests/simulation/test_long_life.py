"""The soak of ``./course bench soak --events``, in small: nothing is lost and memory stays where it is."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

GROWTH_MB_MAX = 8.0  # over ten thousand events; a thousand bytes kept of each would be ten


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_twenty_thousand_events_leave_nothing_behind() -> None:
    path = Path(__file__).parents[2] / "benchmarks" / "_event_soak.py"
    spec = importlib.util.spec_from_file_location("event_soak", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    result = module.soak(20_000, 2, lambda _text: None)
    assert (result["events"], result["lost"]) == (20_000, 0)
    assert result["growth_mb"] < GROWTH_MB_MAX, result
