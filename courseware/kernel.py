"""What JupyterLab's kernels of the course do beyond IPython: an error is cut to the learner's own lines, and says what to do;
a long sleep moves the account's clock, and AWS's own addresses lead to the account, as on a page.

An IPython extension, loaded by the profile that ``jupyter_ext/server.py`` writes. A refused call is sixty lines of botocore
otherwise, and a cell that needs another one says no more than which name is missing.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.error import URLError

from botocore.exceptions import BotoCoreError, ClientError

from courseware.account_ended import ADVICE, announced, has_ended
from courseware.addresses import lead_to_the_account
from courseware.live.cell import missing_name
from courseware.long_sleeps import long_sleeps_jump
from sandbox.errors import SandboxError

_COURSE = Path(__file__).parents[1]
_NOT_THE_LEARNERS = tuple(
    f"{folder}/"
    for folder in (
        *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        *(_COURSE / name for name in ("sandbox", "autograder", "courseware")),
    )
)


def load_ipython_extension(shell: Any) -> None:
    """What IPython calls."""
    shell.set_custom_exc((Exception,), _shown)
    if (control := announced()) is not None:
        long_sleeps_jump(control)
        lead_to_the_account()


def advice(error: BaseException) -> str:
    """What to do about an error whose own text does not say it; else nothing."""
    if isinstance(error, BotoCoreError | ClientError | SandboxError | URLError | ConnectionError) and has_ended():
        return ADVICE
    if name := missing_name(error):
        return (
            f"No cell has made `{name}` since this kernel started. If a cell above makes it, use the menu\n"
            "Run > Run All Above Selected Cell. What is in the account stays when a kernel restarts."
        )
    return ""


def cut(error: BaseException) -> None:
    """Leave the learner's frames alone in its traceback, and of the errors before it those that touch them."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        if _own(before.__traceback__) is None:
            error.__cause__ = None  # which says that its context is not to be shown either
        else:
            cut(before)
    error.__traceback__ = _own(error.__traceback__) or error.__traceback__


def _own(trace: TracebackType | None) -> TracebackType | None:
    """The same traceback without frames of libraries and of the course."""
    if trace is None:
        return None
    rest = _own(trace.tb_next)
    if trace.tb_frame.f_code.co_filename.startswith(_NOT_THE_LEARNERS):
        return rest
    return TracebackType(rest, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


def _shown(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    tb_offset: int | None = None,  # noqa: ARG001 - the frames it would skip are IPython's own, and cut
) -> None:
    """IPython's own picture of what is left, and below it what to do."""
    runs = _own(trace) is not None  # else the cell's text is no Python
    cut(error)
    shell.showtraceback((kind, error, error.__traceback__), tb_offset=0, running_compiled_code=runs)
    if said := advice(error):
        print(said, file=sys.stderr)
