"""The control channel as methods: the same names over HTTP (``client``) and in process (``LocalControl``)."""

from __future__ import annotations

from typing import Any

from sandbox.control.commands import Commands
from sandbox.errors import InternalError, SandboxError


class ControlFace:
    """All values are plain JSON; errors are ``LearnerError`` with a text that says what to mend."""

    def ask(self, name: str, **params: Any) -> dict[str, Any]:
        """Send one command and wait for its answer."""
        raise InternalError(f"{type(self).__name__} does not say how to ask for {name} with {sorted(params)}")

    def info(self) -> dict[str, Any]:
        return self.ask("info")

    def now(self) -> dict[str, Any]:
        """``now`` (epoch seconds), ``iso``, ``virtual``, ``quiet``."""
        return self.ask("now")

    def advance(self, seconds: float) -> dict[str, Any]:
        """Everything that falls due in that time has happened when this returns; a real clock runs on from there."""
        return self.ask("advance", seconds=seconds)

    def until_quiet(self) -> dict[str, Any]:
        """Go on until nothing is running or due; ``quiet`` is false when that has no end in sight."""
        return self.ask("until-quiet")

    def set_clock(self, mode: str) -> dict[str, Any]:
        """``virtual`` stops it, ``real`` lets it run on from where it is; it never goes back."""
        return self.ask("set-clock", mode=mode)

    def faults(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("faults")["faults"]
        return found

    def add_fault(self, **rule: Any) -> dict[str, Any]:
        return self.ask("add-fault", **rule)

    def remove_fault(self, id: str) -> dict[str, Any]:  # noqa: A002  # the rule's own name for it
        return self.ask("remove-fault", id=id)

    def clear_faults(self) -> None:
        self.ask("clear-faults")

    def calls(self, since: int = 0, **filters: Any) -> list[dict[str, Any]]:
        """Recorded calls after number ``since``; filters: service, operation, principal, arn, allowed, limit."""
        found: list[dict[str, Any]] = self.ask("calls", since=since, **filters)["calls"]
        return found

    def timeline(self, since: int = 0, **filters: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("timeline", since=since, **filters)["entries"]
        return found

    def timeline_svg(self) -> str:
        return str(self.ask("timeline-svg")["svg"])

    def timeline_html(self) -> str:
        return str(self.ask("timeline-html")["html"])

    def overview(self) -> dict[str, Any]:
        """Functions, queues, alarms and the newest log lines; looking leaves no recorded call."""
        return self.ask("overview")

    def dashboard_svg(self, name: str) -> str:
        """A CloudWatch dashboard of the learner's Region as a picture."""
        return str(self.ask("dashboard-svg", dashboard=name)["svg"])

    def balance(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("balance")["balance"]
        return found

    def reset(self) -> None:
        self.ask("reset")

    def add_account(self, account_id: str) -> dict[str, Any]:
        """Another account in the same world, with a learner of its own; returns its credentials."""
        return self.ask("add-account", account_id=account_id)


class LocalControl(ControlFace):
    """Commands of an account in this interpreter, which completes them before it returns."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    def ask(self, name: str, **params: Any) -> dict[str, Any]:
        answers: list[dict[str, Any] | SandboxError] = []
        self._commands.handle(name, params, answers.append)
        if not answers:
            raise InternalError(f"the account did not finish {name}")
        answer = answers[0]
        if isinstance(answer, SandboxError):
            raise answer
        return answer
