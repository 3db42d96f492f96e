"""What the control channel can do, as data in and data out: clock, faults, evidence, reset. No sockets here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sandbox.clock import Clock
from sandbox.control.driver import Driver
from sandbox.errors import LearnerError, SandboxError
from sandbox.faults import Faults
from sandbox.telemetry.calls import CallLog
from sandbox.telemetry.timeline import Timeline

PAGE_MAX = 10_000

Params = Mapping[str, Any]
Done = Callable[["dict[str, Any] | SandboxError"], None]
Handler = Callable[[Params, Done], None]


class Controlled(Protocol):
    """What the commands need of an account."""

    clock: Clock
    driver: Driver
    faults: Faults
    calls: CallLog
    timeline: Timeline

    def info(self) -> dict[str, Any]: ...

    def balance(self) -> list[dict[str, Any]]: ...

    def reset(self) -> None: ...

    def add_account(self, account_id: str) -> dict[str, Any]: ...

    def overview(self) -> dict[str, Any]: ...

    def dashboard_svg(self, name: str) -> str: ...


class Commands:
    """``handle`` answers through ``done`` once: a JSON object, or an error whose text says what to mend."""

    def __init__(self, account: Controlled) -> None:
        self._account = account
        self._handlers: dict[str, Handler] = {
            "info": _plain(self._info),
            "now": _plain(self._now),
            "advance": self._advance,
            "until-quiet": self._until_quiet,
            "set-clock": _plain(self._set_clock),
            "faults": _plain(lambda _: {"faults": account.faults.list()}),
            "add-fault": _plain(account.faults.add),
            "remove-fault": _plain(lambda params: account.faults.remove(_text(params, "id"))),
            "clear-faults": _plain(self._clear_faults),
            "calls": _plain(self._calls),
            "timeline": _plain(self._timeline),
            "timeline-svg": _plain(lambda _: {"svg": account.timeline.render_svg()}),
            "timeline-html": _plain(lambda _: {"html": account.timeline.render_html()}),
            "overview": _plain(lambda _: account.overview()),
            "dashboard-svg": _plain(lambda params: {"svg": account.dashboard_svg(_text(params, "dashboard"))}),
            "balance": _plain(lambda _: {"balance": account.balance()}),
            "reset": _plain(self._reset),
            "add-account": _plain(lambda params: account.add_account(_text(params, "account_id"))),
        }

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._handlers)

    def handle(self, name: str, params: Params, done: Done) -> None:
        handler = self._handlers.get(name)
        if handler is None:
            done(LearnerError(f"There is no control command {name!r}; there are: {', '.join(self._handlers)}."))
            return
        try:
            handler(params, done)
        except SandboxError as error:
            done(error)

    # -- clock

    def _now(self, _: Params) -> dict[str, Any]:
        clock = self._account.clock
        quiet = self._account.driver.quiet
        return {"now": clock.now(), "iso": clock.datetime().isoformat(), "virtual": clock.virtual, "quiet": quiet}

    def _advance(self, params: Params, done: Done) -> None:
        self._account.driver.advance(_number(params, "seconds"), lambda _: done(self._now(params)))

    def _until_quiet(self, params: Params, done: Done) -> None:
        self._account.driver.until_quiet(lambda quiet: done({**self._now(params), "quiet": quiet}))

    def _set_clock(self, params: Params) -> dict[str, Any]:
        mode = params.get("mode")
        if mode not in ("real", "virtual"):
            raise LearnerError("'mode' of the clock is 'real' or 'virtual'.")
        self._account.clock.set_virtual(mode == "virtual")
        return self._now(params)

    # -- evidence

    def _info(self, _: Params) -> dict[str, Any]:
        return self._account.info()

    def _calls(self, params: Params) -> dict[str, Any]:
        log = self._account.calls
        filters = {key: _text(params, key) for key in ("service", "operation", "principal", "arn") if params.get(key)}
        allowed = params.get("allowed")
        if allowed is not None and not isinstance(allowed, bool):
            raise LearnerError("'allowed' is true or false.")
        found = log.since(_since(params), allowed=allowed, limit=_limit(params), **filters)
        return {"calls": [record.as_dict() for record in found], "total": log.total, "dropped": log.dropped}

    def _timeline(self, params: Params) -> dict[str, Any]:
        timeline = self._account.timeline
        kind = _text(params, "kind") if params.get("kind") else ""
        found = timeline.since(_since(params), kind=kind, limit=_limit(params))
        return {"entries": [entry.as_dict() for entry in found], "total": timeline.total, "dropped": timeline.dropped}

    # -- state

    def _clear_faults(self, _: Params) -> dict[str, Any]:
        self._account.faults.clear()
        return {"faults": []}

    def _reset(self, params: Params) -> dict[str, Any]:
        self._account.reset()
        return self._now(params)


def _plain(answer: Callable[[Params], dict[str, Any]]) -> Handler:
    return lambda params, done: done(answer(params))


def _text(params: Params, key: str) -> str:
    value = params.get(key)
    if not isinstance(value, str) or not value or len(value) > 2_048:
        raise LearnerError(f"{key!r} is a text and must be given.")
    return value


def _number(params: Params, key: str) -> float:
    value = params.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise LearnerError(f"{key!r} is a number and must be given.")
    return float(value)


def _since(params: Params) -> int:
    value = params.get("since", 0)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise LearnerError("'since' is the number of the last entry you have seen, 0 for none.")
    return value


def _limit(params: Params) -> int:
    value = params.get("limit", 1_000)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= PAGE_MAX:
        raise LearnerError(f"'limit' is a number from 1 to {PAGE_MAX}.")
    return value
