"""The learner's side of a check, run as a script in a process of its own: one request a line in, one answer a line out (JSON).

Standard library only. Cells share one namespace, as in a notebook, with ``lab`` in it (``learner_lab.py``); what they print is
captured and bounded.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import runpy
import sys
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

OUTPUT_CHARS_MAX = 20_000
_CELL = "<your code>"


def run_cell(code: str, namespace: dict[str, object]) -> dict[str, object]:
    """Execute one cell; the answer holds ``ok``, ``output`` and, after an exception, ``error`` with the learner's lines."""
    out = io.StringIO()
    answer: dict[str, object] = {"ok": True, "error": ""}
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            exec(compile(code, _CELL, "exec"), namespace)  # noqa: S102 - running it is this process's whole purpose
        except BaseException as error:  # noqa: BLE001 - a learner's sys.exit must not end the runner
            answer = {"ok": False, "error": _explain(error)}
    answer["output"] = out.getvalue()[-OUTPUT_CHARS_MAX:]
    return answer


def _explain(error: BaseException) -> str:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == _CELL]
    if isinstance(error, SyntaxError) and error.filename == _CELL:
        lines = [error.lineno]
    where = f" (line {lines[-1]} of the step)" if lines and lines[-1] else ""
    return f"{type(error).__name__}: {error}{where}"[:OUTPUT_CHARS_MAX]


def control_channel(url: str, token: str) -> Callable[..., dict[str, object]]:
    """A function that sends one command of the account's control channel; RuntimeError says what the account refuses."""

    def ask(command: str, **params: object) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{url}/{command}", json.dumps(params).encode(), headers)  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                found: dict[str, object] = json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise RuntimeError(json.load(error)["error"]["message"]) from None
        return found

    return ask


def sleep_on(ask: Callable[..., dict[str, object]]) -> None:
    """Make ``time.sleep`` a jump of the account's clock: a lab that waits for retries says so, and need not wait here."""

    def sleep(seconds: float) -> None:
        ask("advance", seconds=seconds)

    time.sleep = sleep  # type: ignore[assignment]  # noqa: TID251 - replacing it is the point


def main() -> None:
    ask = None
    if "COURSE_CONTROL_URL" in os.environ:
        ask = control_channel(os.environ.pop("COURSE_CONTROL_URL"), os.environ.pop("COURSE_CONTROL_TOKEN"))
        sleep_on(ask)
    learner_lab = runpy.run_path(str(Path(__file__).with_name("learner_lab.py")))["LearnerLab"]
    # Answers go to a private copy of stdout: what a cell or its children write to descriptor 1 cannot be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    namespace: dict[str, object] = {"__name__": "__main__", "lab": learner_lab(ask)}
    for line in sys.stdin:
        print(json.dumps(run_cell(json.loads(line)["code"], namespace)), file=answers, flush=True)


if __name__ == "__main__":
    main()
