"""Execution environments by function version: warm ones are used again, idle ones reaped, stale ones retired, some made ahead.

No I/O of its own: a ``Runtime`` makes environments, the account's clock tells when one has idled long enough. One environment
serves one request at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sandbox.clock import Clock, Timer
from sandbox.errors import AwsError
from sandbox.runtime.environment import Environment, EnvironmentSpec, InitReport, Runtime

# AWS documents none ("non-deterministic", fact E-05): ours, long enough to see warm starts, short enough to see a cold one again.
IDLE_S = 600.0

MakeSpec = Callable[[bool], EnvironmentSpec]  # whether the environment is provisioned
Initialised = Callable[[Environment, InitReport], None]


class Version(Protocol):
    """What the pool must know of a function version: two with the same name and revision share environments."""

    @property
    def qualified_arn(self) -> str: ...

    @property
    def revision_id(self) -> str: ...


class Lease:
    """An environment for one request. ``init`` is its INIT, told to its first request only and never for a provisioned one."""

    __slots__ = ("group", "init", "made", "provisioned", "since")

    def __init__(self, group: Group, *, provisioned: bool) -> None:
        self.group = group
        self.provisioned = provisioned
        self.init: InitReport | None = None
        self.since = 0.0  # when it became idle
        self.made: Environment | None = None  # None until the runtime has answered ``start``; nobody sees the lease before

    @property
    def environment(self) -> Environment:
        assert self.made is not None
        return self.made

    @property
    def usable(self) -> bool:
        return bool(getattr(self.made, "alive", True))  # a background thread may have ended it since

    def stop(self) -> None:
        if self.made is not None:
            self.made.stop()


Ready = Callable[[Lease], None]


@dataclass(frozen=True, slots=True)
class Counts:
    """``busy`` includes environments in INIT for a waiting request; the provisioned are part of ``busy`` and ``idle``.

    ``failed`` when an environment was to be made ahead and its INIT failed, or there was nothing to make it of.
    """

    busy: int = 0
    idle: int = 0
    provisioned: int = 0
    provisioned_busy: int = 0
    failed: bool = False


class Group:
    """The environments of one revision of one version."""

    __slots__ = (
        "busy",
        "failed",
        "idle",
        "initialised",
        "make_spec",
        "making",
        "provisioned",
        "provisioned_busy",
        "ready_ahead",
        "retired",
        "target",
    )

    def __init__(self) -> None:
        self.idle: list[Lease] = []  # oldest first, most recently used last
        self.busy: set[Lease] = set()
        self.making: set[Lease] = set()  # INIT under way ahead of any request
        self.ready_ahead: list[Lease] = []  # provisioned and idle
        self.provisioned = 0  # alive and initialised
        self.provisioned_busy = 0
        self.target = 0
        self.failed = False
        self.make_spec: MakeSpec | None = None
        self.initialised: Initialised | None = None
        self.retired = False


class Pool:
    """``on_idle`` is called whenever the last busy environment has become free. ``idle_s`` is the lifetime of an unused one."""

    def __init__(self, runtime: Runtime, clock: Clock, *, idle_s: float = IDLE_S) -> None:
        self._runtime = runtime
        self._clock = clock
        self._idle_s = idle_s
        self._groups: dict[tuple[str, str], Group] = {}
        self._timer: Timer | None = None
        self._busy = 0
        self.on_idle: Callable[[], None] | None = None

    @property
    def busy(self) -> int:
        """Environments with a request, or in INIT."""
        return self._busy

    @property
    def making(self) -> int:
        """Environments in INIT ahead of any request."""
        return sum(len(group.making) for group in self._groups.values())

    @property
    def idle(self) -> int:
        return sum(len(group.idle) + len(group.ready_ahead) for group in self._groups.values())

    def acquire(self, version: Version, make_spec: MakeSpec, ready: Ready) -> None:
        """A provisioned environment, else a warm one, else a new one. ``ready`` may be called before this returns, and for a
        failed INIT too.
        """
        group = self._group(version)
        for waiting in (group.ready_ahead, group.idle):
            while waiting:
                lease = waiting.pop()
                if lease.usable:
                    self._occupy(lease)
                    ready(lease)
                    return
                self._drop(lease)
        lease = Lease(group, provisioned=False)
        spec = make_spec(False)  # noqa: FBT003 - the border's positional flag; what it raises leaves no trace here
        self._occupy(lease)

        def initialised(report: InitReport) -> None:
            lease.init = report
            if lease.made is not None:
                ready(lease)

        try:
            lease.made = self._runtime.start(spec, initialised)
        except BaseException:
            self.release(lease, alive=False)
            raise
        if lease.init is not None:  # it was initialised before ``start`` returned
            ready(lease)

    def release(self, lease: Lease, *, alive: bool = True) -> None:
        """Idempotent. Back to the others of its kind, unless it is dead or its version has been retired."""
        group = lease.group
        if lease not in group.busy:
            return
        group.busy.discard(lease)
        self._busy -= 1
        if lease.provisioned:
            group.provisioned_busy -= 1
        lease.init = None
        if not alive or group.retired:
            self._drop(lease)
            self._replenish(group)
        elif lease.provisioned:
            group.ready_ahead.append(lease)
            self._replenish(group)
        else:
            lease.since = self._clock.now()
            group.idle.append(lease)
            if self._timer is None:
                self._arm()
        if self._busy == 0 and self.on_idle is not None:
            self.on_idle()

    def retire(self, version: Version) -> None:
        """The version's code or configuration is another now: idle environments end, busy ones after their request."""
        self._retire(lambda arn: arn == version.qualified_arn)

    def retire_function(self, arn: str) -> None:
        """All versions of the function with this unqualified ARN."""
        self._retire(lambda qualified: qualified.rpartition(":")[0] == arn)

    def provision(self, version: Version, count: int, make_spec: MakeSpec, initialised: Initialised) -> None:
        """Keep ``count`` environments initialised ahead, replacing those that end; ``initialised`` hears of each one's INIT.

        One whose INIT fails is not tried again until this is called again (AWS: ``FUNCTION_ERROR_INIT_FAILURE``).
        """
        group = self._group(version)
        group.target, group.make_spec, group.initialised, group.failed = count, make_spec, initialised, False
        while group.provisioned > count and group.ready_ahead:
            self._drop(group.ready_ahead.pop(0))
        self._replenish(group)

    def counts(self, version: Version) -> Counts:
        group = self._groups.get((version.qualified_arn, version.revision_id))
        if group is None:
            return Counts()
        idle = len(group.idle) + len(group.ready_ahead)
        return Counts(len(group.busy), idle, group.provisioned, group.provisioned_busy, group.failed)

    def close(self) -> None:
        """Stop every environment. The pool can be used again afterwards, as after a reset of the account."""
        groups = list(self._groups.values())
        self._groups.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for group in groups:
            group.retired, group.target = True, 0
            for lease in (*group.idle, *group.ready_ahead, *group.making, *group.busy):
                lease.stop()

    def _group(self, version: Version) -> Group:
        key = (version.qualified_arn, version.revision_id)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group()
        return group

    def _occupy(self, lease: Lease) -> None:
        lease.group.busy.add(lease)
        self._busy += 1
        if lease.provisioned:
            lease.group.provisioned_busy += 1

    def _drop(self, lease: Lease) -> None:
        if lease.provisioned:
            lease.group.provisioned -= 1
        lease.stop()

    def _replenish(self, group: Group) -> None:
        """Bring the provisioned environments to the number asked for."""
        while group.provisioned > group.target and group.ready_ahead:
            self._drop(group.ready_ahead.pop(0))
        while group.provisioned + len(group.making) < group.target and group.make_spec is not None:
            try:
                spec = group.make_spec(True)  # noqa: FBT003 - the border's positional flag
            except AwsError:  # such as a role that is gone: whoever provisions next hears of it
                group.failed = True
                return
            if not self._make_ahead(group, spec):
                return

    def _make_ahead(self, group: Group, spec: EnvironmentSpec) -> bool:
        """False if it has failed already."""
        lease = Lease(group, provisioned=True)
        reports: list[InitReport] = []

        def initialised(report: InitReport) -> None:
            reports.append(report)
            if lease.made is not None:
                self._made_ahead(lease, report)

        group.making.add(lease)
        lease.made = self._runtime.start(spec, initialised)
        if reports:
            self._made_ahead(lease, reports[0])
            return reports[0].kind == "ok"
        return True

    def _made_ahead(self, lease: Lease, report: InitReport) -> None:
        group = lease.group
        group.making.discard(lease)
        wanted = report.kind == "ok" and not group.retired and group.provisioned < group.target
        if wanted:
            group.provisioned += 1
            group.ready_ahead.append(lease)
        else:
            group.failed = group.failed or report.kind != "ok"
            lease.stop()
        if group.initialised is not None:
            group.initialised(lease.environment, report)

    def _retire(self, applies: Callable[[str], bool]) -> None:
        for key, group in list(self._groups.items()):
            if not applies(key[0]):
                continue
            del self._groups[key]
            group.retired, group.target = True, 0
            for lease in (*group.idle, *group.ready_ahead, *group.making):
                lease.stop()
            group.idle.clear()
            group.ready_ahead.clear()

    # Reaping.

    def _arm(self) -> None:
        oldest = min((group.idle[0].since for group in self._groups.values() if group.idle), default=None)
        self._timer = None
        if oldest is not None:
            self._timer = self._clock.call_at(oldest + self._idle_s, self._reap, "reap idle environments", background=True)

    def _reap(self) -> None:
        limit = self._clock.now() - self._idle_s
        for key, group in list(self._groups.items()):
            while group.idle and group.idle[0].since <= limit:
                self._drop(group.idle.pop(0))
            if not (group.idle or group.busy or group.making or group.ready_ahead or group.target):
                del self._groups[key]
        self._arm()
