"""How a state fails: an error name and a cause, which retriers and catchers look at."""

from __future__ import annotations

RUNTIME = "States.Runtime"
TIMEOUT = "States.Timeout"
TASK_FAILED = "States.TaskFailed"
_NEVER_ALL = frozenset({RUNTIME, "States.DataLimitExceeded"})


class Failure(Exception):
    """``cause`` is a text, often the JSON of what went wrong."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause

    def is_one_of(self, names: list[str]) -> bool:
        """``States.ALL`` stands for all errors but two, ``States.TaskFailed`` for all but time-outs (fact X-13)."""
        if self.error in names:
            return True
        if self.error in _NEVER_ALL:
            return False
        timed_out = self.error in (TIMEOUT, "States.HeartbeatTimeout")
        if timed_out and TIMEOUT in names:
            return True
        return "States.ALL" in names or (TASK_FAILED in names and not timed_out)
