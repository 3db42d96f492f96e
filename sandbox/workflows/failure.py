"""How a state fails: an error name and a cause, which retriers and catchers look at."""

from __future__ import annotations

RUNTIME = "States.Runtime"
TIMEOUT = "States.Timeout"
TASK_FAILED = "States.TaskFailed"
HEARTBEAT = "States.HeartbeatTimeout"


class Failure(Exception):
    """``cause`` is a text, often the JSON of what went wrong; ``alias`` another name that retriers and catchers may use."""

    def __init__(self, error: str, cause: str = "", alias: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause
        self._alias = alias

    def is_one_of(self, names: list[str]) -> bool:
        """``States.ALL`` stands for all errors but States.Runtime, ``States.TaskFailed`` for all but time-outs.

        That ``States.ALL`` takes States.DataLimitExceeded is recorded (localstack/localstack stepfunctions v2
        test_states_errors.snapshot.json), though the guide says it does not.
        """
        if self.error in names or (self._alias and self._alias in names):
            return True
        if self.error == RUNTIME:
            return False
        return "States.ALL" in names or (TASK_FAILED in names and self.error != TIMEOUT)
