"""The learner's side of a check, run as a script in a process of its own: one request a line in, one answer a line out (JSON).

Standard library only. Cells share one namespace, as in a notebook; what they print is captured and bounded.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import time
import traceback
import urllib.request

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


def sleep_on(control_url: str, token: str) -> None:
    """Make ``time.sleep`` a jump of the account's clock: a lab that waits for retries says so, and need not wait here."""

    def sleep(seconds: float) -> None:
        body = json.dumps({"seconds": seconds}).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{control_url}/advance", data=body, headers=headers)  # noqa: S310 - loopback
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            answer.read()

    time.sleep = sleep  # type: ignore[assignment]  # noqa: TID251 - replacing it is the point


def main() -> None:
    if "COURSE_CONTROL_URL" in os.environ:
        sleep_on(os.environ.pop("COURSE_CONTROL_URL"), os.environ.pop("COURSE_CONTROL_TOKEN"))
    # Answers go to a private copy of stdout: what a cell or its children write to descriptor 1 cannot be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    namespace: dict[str, object] = {"__name__": "__main__"}
    for line in sys.stdin:
        print(json.dumps(run_cell(json.loads(line)["code"], namespace)), file=answers, flush=True)


if __name__ == "__main__":
    main()
