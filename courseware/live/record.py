"""Runs a page's cells natively and keeps what they came to: ``python -m courseware.live.record`` fulfils one order."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from courseware.live.account import page_account
from courseware.live.made_of import MadeOf
from courseware.live.session import Session


def record(sessions: list[list[dict[str, str]]]) -> list[list[dict[str, Any]]]:
    """Outcomes in the order of the cells, each session in an account of its own."""
    return [_session(cells) for cells in sessions]


def _session(cells: list[dict[str, str]]) -> list[dict[str, Any]]:
    """A cell's outcome is its ``output`` as [stream, text] pairs, and the fields of ``Ran``."""
    outcomes: list[dict[str, Any]] = []
    with page_account() as account:
        session = Session(lab=account.lab)
        for cell in cells:
            output: list[list[str]] = []
            ran = session.run(cell["code"], cell["name"], lambda stream, text, kept=output: kept.append([stream, text]))  # type: ignore[misc]
            outcomes.append({"output": _joined(output), **ran.as_json()})
    return outcomes


def fulfil(order: dict[str, Any], made_of: MadeOf) -> None:
    """``cells`` are run and ``file`` holds ``{"rows", "made_of"}``, whole or not at all."""
    kept = {"rows": record([order["cells"]])[0], "made_of": made_of.digests()}
    file = Path(order["file"])
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps(kept), "utf-8")
    part.replace(file)


def _joined(output: list[list[str]]) -> list[list[str]]:
    joined: list[list[str]] = []
    for stream, text in output:
        if joined and joined[-1][0] == stream:
            joined[-1][1] += text
        else:
            joined.append([stream, text])
    return joined


if __name__ == "__main__":
    fulfil(json.load(sys.stdin), MadeOf())
