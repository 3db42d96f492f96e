"""Runs the explorers' models in Node, as pages and notebooks do, with the figures of the facts file."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

from courseware.node import find_node
from sandbox.facts import limits

WEB = Path(__file__).parents[3] / "courseware" / "web"
NAMES = sorted(file.stem for file in (WEB / "src" / "explorers").glob("*.js"))


def answers(*calls: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """One answer a call of (name, values): result, sentence, rows, inputs, markup, claims."""
    given = {
        "limits": {name: asdict(row) for name, row in limits().items()},
        "calls": [{"name": name, "values": values} for name, values in calls],
    }
    command = [find_node().path, str(Path(__file__).with_name("explorers.mjs")), str(WEB)]
    done = subprocess.run(list(map(str, command)), input=json.dumps(given), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return list(json.loads(done.stdout))


def result(name: str, **values: Any) -> dict[str, Any]:
    return dict(answers((name, values))[0]["result"])


def number(name: str, part: str = "value") -> float:
    return float(getattr(limits()[name], part))
