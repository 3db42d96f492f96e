"""Runs a resource's steps: sends each API call as whoever deploys, and goes on with what came back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import Clock
from sandbox.delivery.errand import Errand, Messenger
from sandbox.deployment.kind import Api, Pause, ResourceError, Step, Steps
from sandbox.errors import AwsError
from sandbox.iam.principal import Principal

Fit = Callable[[str, str, Mapping[str, Any]], dict[str, Any]]
"""Service, operation, parameters: the same in the operation's own spelling and types; AwsError for a member it does not have."""

Ended = Callable[[str], None]
"""Given the reason for a failure, or an empty string."""


@dataclass(frozen=True, slots=True)
class Caller:
    """As whom and where a stack makes its calls, and the timeline entry they follow from."""

    principal: Principal
    account_id: str
    region: str
    cause: int = 0
    context: Mapping[str, str] = field(default_factory=lambda: {"aws:ViaAWSService": "true"}, hash=False)


class Runner:
    def __init__(self, messenger: Messenger, clock: Clock, fit: Fit) -> None:
        self._messenger = messenger
        self._clock = clock
        self._fit = fit

    def run(self, steps: Steps, caller: Caller, ended: Ended) -> None:
        """``ended`` is called once, perhaps before this returns."""
        _Course(self, steps, caller, ended).go(None)

    def call(self, api: Api, caller: Caller, done: Callable[[Any], None]) -> None:
        try:
            params = self._fit(api.service, api.operation, api.params)
        except AwsError as error:
            done(error)
            return
        where = (caller.account_id, caller.region)
        self._messenger.send(
            Errand(caller.principal, api.service, api.operation, params, *where, caller.context, "cloudformation", caller.cause),
            done,
        )

    def wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._clock.call_later(seconds, then, "cloudformation waits")


class _Course:
    """One generator on its way. Steps that complete at once are a loop, not a recursion."""

    def __init__(self, runner: Runner, steps: Steps, caller: Caller, ended: Ended) -> None:
        self._runner = runner
        self._steps = steps
        self._caller = caller
        self._ended = ended
        self._inbox: list[Any] = []
        self._running = False

    def go(self, outcome: Any) -> None:
        self._inbox.append(outcome)
        if self._running:
            return
        self._running = True
        try:
            while self._inbox:
                step = self._next(self._inbox.pop())
                if step is None:
                    return
                self._take(step)
        finally:
            self._running = False

    def _next(self, outcome: Any) -> Step | None:
        try:
            if isinstance(outcome, AwsError):
                return self._steps.throw(outcome)
            return self._steps.send(outcome)
        except StopIteration:
            self._ended("")
        except AwsError as error:
            self._ended(said(error))
        except ResourceError as error:
            self._ended(str(error))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            self._ended(f"Properties validation failed: {type(error).__name__}: {error}")
        return None

    def _take(self, step: Step) -> None:
        if isinstance(step, Api):
            self._runner.call(step, self._caller, self.go)
        elif isinstance(step, Pause):
            self._runner.wait(step.seconds, lambda: self.go(None))
        else:
            step.begin(self.go)


def said(error: AwsError) -> str:
    """As resource handlers put a service's refusal into an event."""
    code = "ServiceInternalError" if error.status >= 500 else "InvalidRequest"
    code = "AccessDenied" if "AccessDenied" in error.code else code
    code = "AlreadyExists" if "Exist" in error.code else code
    code = "NotFound" if any(word in error.code for word in ("NotFound", "NoSuch", "DoesNotExist", "NonExistent")) else code
    return f'Resource handler returned message: "{error.message}" (HandlerErrorCode: {code})'
