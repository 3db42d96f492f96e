"""Secrets Manager rotates a secret: four invocations of the rotation function, one after the other, each because of the last.

Source: Secrets Manager user guide, "Rotation by Lambda function"; API reference, RotateSecret. A failed step ends the attempt:
the staging labels stay where they are, and the whole rotation is tried again "multiple times" (DescribeSecret, NextRotationDate).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sandbox.clock import Clock, Timer
from sandbox.delivery.errand import Messenger, Outcome, as_service, compact
from sandbox.errors import AwsError
from sandbox.ids import Ids
from sandbox.telemetry.timeline import Timeline
from sandbox.triggers.rotation_window import Window, next_window

SERVICE = "secretsmanager.amazonaws.com"
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
_RETRIES = 5  # AWS documents neither how often nor when
_RETRY_FIRST_S = 60.0


@dataclass(frozen=True, slots=True)
class Rotation:
    """A secret as far as its rotation matters."""

    arn: str
    name: str
    account_id: str
    function_arn: str
    rules: Mapping[str, Any]
    enabled: bool


class RotationState(Protocol):
    def rotation(self, arn: str) -> Rotation | None:
        """None for a secret that is gone or about to be deleted."""

    def pending(self, arn: str) -> str:
        """The version that has AWSPENDING and not AWSCURRENT; empty when there is none."""

    def labels(self, arn: str, version: str) -> list[str]: ...

    def stage(self, arn: str, version: str) -> None:
        """Give AWSPENDING to a new version without a value, unless the version is there."""

    def unstage(self, arn: str, version: str) -> None: ...

    def schedule(self, arn: str, window: Window | None) -> None:
        """Keep the date of the next rotation."""

    def rotated(self, arn: str, at: float) -> None: ...


Record = Callable[[str, Rotation, str, int], None]
"""Tells CloudTrail and EventBridge of an event of the service: its name, the secret, the error, its entry on the timeline."""


class Rotations:
    def __init__(
        self, state: RotationState, messenger: Messenger, clock: Clock, ids: Ids, timeline: Timeline, record: Record
    ) -> None:
        self._state = state
        self._messenger = messenger
        self._clock = clock
        self._ids = ids
        self._timeline = timeline
        self._record = record
        self._runs: dict[str, _Run] = {}
        self._timers: dict[str, Timer] = {}

    def start(self, arn: str, version: str, *, cause: int = 0) -> None:
        """Rotate into a staged version, once the call under way is over."""
        self._begin(_Run(arn, version, STEPS, "Rotation", cause), 0.0)

    def test(self, arn: str, version: str, *, cause: int = 0) -> None:
        """Try the configuration out: one step, on a version that goes again."""
        self._begin(_Run(arn, version, STEPS[2:3], "TestRotation", cause), 0.0)

    def plan(self, arn: str, after: float) -> None:
        """Fix the next rotation by the secret's rules, counted from ``after``."""
        self._stop(self._timers.pop(arn, None))
        rotation = self._state.rotation(arn)
        if rotation is None:
            return
        window = next_window(rotation.rules, after) if rotation.enabled else None
        self._state.schedule(arn, window)
        if window is not None:
            when = max(self._clock.now(), window.moment(self._ids.draw()))
            label = f"rotation of {rotation.name}"
            self._timers[arn] = self._clock.call_at(when, lambda: self._due(arn), label, background=True)

    def abandon(self, arn: str, version: str, why: str) -> None:
        """Somebody wrote a new current version: the rotation under way loses its label ("RotationAbandoned")."""
        run = self._runs.pop(arn, None)
        self._stop(run.timer if run is not None else None)
        self._state.unstage(arn, version)
        rotation = self._state.rotation(arn)
        if rotation is not None:
            self._tell("RotationAbandoned", rotation, run, f"Rotation of {rotation.name} abandoned: {why}")

    def cancel(self, arn: str) -> None:
        """No more attempts, no more dates; the labels stay."""
        run = self._runs.pop(arn, None)
        self._stop(run.timer if run is not None else None)
        self._stop(self._timers.pop(arn, None))

    def clear(self) -> None:
        for arn in {*self._runs, *self._timers}:
            self.cancel(arn)

    def _due(self, arn: str) -> None:
        self._timers.pop(arn, None)
        rotation = self._state.rotation(arn)
        if rotation is None or not rotation.enabled:
            return
        self.plan(arn, self._clock.now())
        entry = self._timeline.add("schedule", f"Rotation of {rotation.name} is due", secret=arn)
        version = self._state.pending(arn) or self._ids.uuid()  # one that never came to an end goes on in its own version
        self._state.stage(arn, version)
        self.start(arn, version, cause=entry)

    def _begin(self, run: _Run, wait_s: float) -> None:
        old = self._runs.get(run.arn)
        self._stop(old.timer if old is not None else None)
        self._runs[run.arn] = run
        label = f"{run.name} of {run.arn.rsplit(':', 1)[-1]}"
        run.timer = self._clock.call_later(wait_s, lambda: self._attempt(run), label, background=wait_s > 0)

    def _attempt(self, run: _Run) -> None:
        rotation = self._current(run)
        if rotation is None:
            return
        if "AWSPENDING" not in self._state.labels(run.arn, run.version):  # taken away by hand: there is nothing to go on with
            del self._runs[run.arn]
            return
        run.attempts += 1
        title = f"{run.name} of {rotation.name} started" + (f", attempt {run.attempts}" if run.attempts > 1 else "")
        run.cause = self._tell(f"{run.name}Started", rotation, run, title)
        self._step(run, 0)

    def _step(self, run: _Run, index: int) -> None:
        rotation = self._current(run)
        if rotation is None:
            return
        step = run.steps[index]
        entry = self._timeline.add("rotation", f"{step}: {rotation.name}", cause=run.cause, version=run.version)
        payload = {
            "Step": step,
            "SecretId": run.arn,
            "ClientRequestToken": run.version,
            "RotationToken": self._ids.uuid(),
        }
        sender = as_service(SERVICE, run.arn, rotation.account_id, "secretsmanager", entry)
        errand = sender.to_function(rotation.function_arn, compact(payload).encode(), "RequestResponse")
        self._messenger.send(errand, lambda outcome: self._stepped(run, index, outcome))

    def _stepped(self, run: _Run, index: int, outcome: Outcome) -> None:
        rotation = self._current(run)
        if rotation is None:
            return
        why = (
            outcome.code if isinstance(outcome, AwsError) else str(outcome.get("ErrorType") or outcome.get("FunctionError") or "")
        )
        if not why and index + 1 < len(run.steps):
            self._step(run, index + 1)
        elif not why and run.steps is STEPS and self._state.pending(run.arn) == run.version:
            self._failed(run, rotation, "finishSecret", "AWSCURRENT was not moved")
        elif why:
            self._failed(run, rotation, run.steps[index], why)
        else:
            self._succeeded(run, rotation)

    def _succeeded(self, run: _Run, rotation: Rotation) -> None:
        del self._runs[run.arn]
        self._tell(f"{run.name}Succeeded", rotation, run, f"{run.name} of {rotation.name} succeeded")
        if run.steps is not STEPS:
            self._state.unstage(run.arn, run.version)
            return
        now = self._clock.now()
        self._state.rotated(run.arn, now)
        self.plan(run.arn, now)

    def _failed(self, run: _Run, rotation: Rotation, step: str, why: str) -> None:
        del self._runs[run.arn]
        again = run.steps is STEPS and run.attempts <= _RETRIES
        wait_s = _RETRY_FIRST_S * 2.0 ** (run.attempts - 1)
        what = f"; again in {wait_s:g} s" if again else ""
        self._tell(f"{run.name}Failed", rotation, run, f"{run.name} of {rotation.name} failed in {step} ({why}){what}", why)
        if again:
            self._begin(run, wait_s)
        elif run.steps is not STEPS:
            self._state.unstage(run.arn, run.version)

    def _current(self, run: _Run) -> Rotation | None:
        """None when this run is over: cancelled, abandoned, or its secret gone."""
        if self._runs.get(run.arn) is not run:
            return None
        rotation = self._state.rotation(run.arn)
        if rotation is None:
            del self._runs[run.arn]
        return rotation

    def _tell(self, event: str, rotation: Rotation, run: _Run | None, title: str, error: str = "") -> int:
        entry = self._timeline.add("rotation", title, cause=run.cause if run is not None else 0, secret=rotation.arn)
        self._record(event, rotation, error, entry)
        return entry

    @staticmethod
    def _stop(timer: Timer | None) -> None:
        if timer is not None:
            timer.cancel()


class _Run:
    """One rotation under way, over all its attempts."""

    __slots__ = ("arn", "attempts", "cause", "name", "steps", "timer", "version")

    def __init__(self, arn: str, version: str, steps: tuple[str, ...], name: str, cause: int) -> None:
        self.arn = arn
        self.version = version
        self.steps = steps
        self.name = name
        self.cause = cause
        self.attempts = 0
        self.timer: Timer | None = None
