"""Runs the explorers' models in Node, as pages and notebooks do, with the figures of the facts file."""

from __future__ import annotations

import atexit
import json
import subprocess
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from courseware.node import find_node
from sandbox.facts import limits

WEB = Path(__file__).parents[3] / "courseware" / "web"
NAMES = sorted(file.stem for file in (WEB / "src" / "explorers").glob("*.js"))


@cache
def _node() -> subprocess.Popen[str]:
    """One process for all tests: a start takes longer than a model."""
    command = [find_node().path, str(Path(__file__).with_name("explorers.mjs")), str(WEB)]
    started = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(started.communicate)  # closes its input, whereupon it ends
    return started


def answers(*calls: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """One answer a call of (name, values): result, sentence, rows, inputs, markup, claims."""
    node = _node()
    assert node.stdin is not None
    assert node.stdout is not None
    given = {
        "limits": {name: asdict(row) for name, row in limits().items()},
        "calls": [{"name": name, "values": values} for name, values in calls],
    }
    node.stdin.write(json.dumps(given) + "\n")
    node.stdin.flush()
    said = node.stdout.readline()
    if not said:
        _node.cache_clear()
    assert said, "a model failed; its error is on standard error"
    return list(json.loads(said))


def result(name: str, **values: Any) -> dict[str, Any]:
    return dict(answers((name, values))[0]["result"])


def number(name: str, part: str = "value") -> float:
    return float(getattr(limits()[name], part))
