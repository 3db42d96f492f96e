from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandbox.clock import Clock
from sandbox.errors import AwsError
from sandbox.runtime.environment import EnvironmentSpec, InitReport
from sandbox.runtime.pool import IDLE_S, Pool


@dataclass(frozen=True)
class Version:
    qualified_arn: str = "arn:aws:lambda:us-east-1:1:function:f:$LATEST"
    revision_id: str = "r1"


@dataclass
class Environment:
    spec: EnvironmentSpec
    alive: bool = True
    stopped: bool = False

    def stop(self):
        self.stopped = True
        self.alive = False


@dataclass
class Runtime:
    """Initialises at once, or when told to (``finish``)."""

    at_once: bool = True
    kind: str = "ok"
    made: list = field(default_factory=list)
    waiting: list = field(default_factory=list)

    def start(self, spec, done):
        environment = Environment(spec)
        self.made.append(environment)
        if self.at_once:
            done(InitReport(self.kind, 1.0))
        else:
            self.waiting.append(done)
        return environment

    def finish(self):
        self.waiting.pop(0)(InitReport(self.kind, 1.0))


def make_spec(provisioned=False):
    return EnvironmentSpec("e", "a", "f", "$LATEST", "python3.13", "app.handler", 128, 3, 512, {"kind": str(provisioned)}, Path())


@pytest.fixture
def clock():
    return Clock(virtual=True, start=0.0)


@pytest.fixture
def runtime():
    return Runtime()


@pytest.fixture
def pool(runtime, clock):
    return Pool(runtime, clock)


def take(pool, version=Version()):
    leases = []
    pool.acquire(version, make_spec, leases.append)
    return leases[0]


def advance(clock, seconds):
    until = clock.now() + seconds
    while clock.run_next(until):
        pass
    clock.move_to(until)


def test_a_fresh_environment_tells_its_init_once(pool, runtime):
    lease = take(pool)
    assert lease.init.kind == "ok"
    pool.release(lease)
    assert take(pool) is lease
    assert lease.init is None
    assert len(runtime.made) == 1


def test_one_environment_serves_one_request_at_a_time(pool, runtime):
    first, second = take(pool), take(pool)
    assert first.environment is not second.environment
    assert (pool.busy, pool.idle) == (2, 0)


def test_the_most_recently_used_environment_comes_first(pool):
    first, second = take(pool), take(pool)
    pool.release(first)
    pool.release(second)
    assert take(pool) is second


def test_a_request_waits_for_init_and_counts_as_busy(clock):
    runtime = Runtime(at_once=False)
    pool, leases = Pool(runtime, clock), []
    pool.acquire(Version(), make_spec, leases.append)
    assert (leases, pool.busy) == ([], 1)
    runtime.finish()
    assert leases[0].init.kind == "ok"


def test_a_failed_init_is_handed_over_and_dropped_on_release(clock):
    runtime = Runtime(kind="error")
    pool = Pool(runtime, clock)
    lease = take(pool)
    assert lease.init.kind == "error"
    pool.release(lease, alive=False)
    assert (pool.busy, pool.idle, runtime.made[0].stopped) == (0, 0, True)


def test_a_dead_environment_is_not_used_again(pool, runtime):
    pool.release(take(pool), alive=False)
    lease = take(pool)
    pool.release(lease)
    runtime.made[1].alive = False  # a background thread ended it
    take(pool)
    assert len(runtime.made) == 3


def test_a_second_release_changes_nothing(pool):
    lease = take(pool)
    pool.release(lease)
    pool.release(lease)
    assert (pool.busy, pool.idle) == (0, 1)


def test_an_idle_environment_is_reaped_by_the_clock_and_a_used_one_is_not(pool, runtime, clock):
    first, second = take(pool), take(pool)
    pool.release(first)
    advance(clock, IDLE_S / 2)
    pool.release(second)
    advance(clock, IDLE_S / 2)
    assert [each.stopped for each in runtime.made] == [True, False]
    advance(clock, IDLE_S / 2)
    assert [each.stopped for each in runtime.made] == [True, True]
    assert clock.next_due() is None, "no timer without an idle environment"


def test_the_reaping_timer_does_not_keep_an_account_busy(pool, clock):
    pool.release(take(pool))
    assert clock.next_due(background=False) is None
    assert clock.next_due() == IDLE_S


def test_an_update_ends_idle_environments_now_and_busy_ones_after_their_request(pool, runtime):
    idle, busy = take(pool), take(pool)
    pool.release(idle)
    pool.retire(Version())
    assert [each.stopped for each in runtime.made] == [True, False]
    pool.release(busy)
    assert runtime.made[1].stopped
    assert take(pool, Version(revision_id="r2")).environment is runtime.made[2]


def test_retiring_a_function_takes_all_its_versions(pool, runtime):
    for version in (
        Version(),
        Version("arn:aws:lambda:us-east-1:1:function:f:1"),
        Version("arn:aws:lambda:us-east-1:1:function:g:1"),
    ):
        pool.release(take(pool, version))
    pool.retire_function("arn:aws:lambda:us-east-1:1:function:f")
    assert [each.stopped for each in runtime.made] == [True, True, False]


def test_a_spec_that_cannot_be_made_leaves_no_trace(pool):
    def refuse(provisioned):
        raise AwsError("InvalidParameterValueException", "no role")

    with pytest.raises(AwsError):
        pool.acquire(Version(), refuse, lambda lease: None)
    assert (pool.busy, pool.idle) == (0, 0)


def test_a_runtime_that_cannot_start_leaves_no_trace(pool, runtime, monkeypatch):
    def broken(spec, done):
        raise RuntimeError("closed")

    monkeypatch.setattr(runtime, "start", broken)
    with pytest.raises(RuntimeError):
        take(pool)
    assert pool.busy == 0


def test_provisioned_environments_are_made_ahead_used_first_and_tell_no_init(pool, runtime):
    reports = []
    pool.provision(Version(), 2, make_spec, lambda environment, report: reports.append(report.kind))
    assert (reports, len(runtime.made)) == (["ok", "ok"], 2)
    leases = [take(pool) for _ in range(3)]
    assert [lease.provisioned for lease in leases] == [True, True, False]
    assert [lease.init is None for lease in leases] == [True, True, False]
    assert leases[0].environment.spec.variables == {"kind": "True"}
    counts = pool.counts(Version())
    assert (counts.busy, counts.provisioned, counts.provisioned_busy) == (3, 2, 2)


def test_provisioned_environments_are_not_reaped_and_dead_ones_are_replaced(pool, runtime, clock):
    pool.provision(Version(), 1, make_spec, lambda environment, report: None)
    advance(clock, 3 * IDLE_S)
    assert not runtime.made[0].stopped
    pool.release(take(pool), alive=False)
    assert (len(runtime.made), pool.counts(Version()).provisioned) == (2, 1)


def test_provisioning_fewer_ends_the_surplus(pool, runtime):
    pool.provision(Version(), 3, make_spec, lambda environment, report: None)
    busy = take(pool)
    pool.provision(Version(), 0, make_spec, lambda environment, report: None)
    assert sum(each.stopped for each in runtime.made) == 2
    pool.release(busy)
    assert all(each.stopped for each in runtime.made)


def test_a_failing_provisioned_init_is_not_tried_for_ever(clock):
    runtime, reports = Runtime(kind="error"), []
    pool = Pool(runtime, clock)
    pool.provision(Version(), 5, make_spec, lambda environment, report: reports.append(report.kind))
    assert (reports, len(runtime.made), runtime.made[0].stopped) == (["error"], 1, True)
    assert (pool.counts(Version()).failed, pool.making) == (True, 0)


def test_on_idle_is_called_when_the_last_busy_one_is_free(pool):
    calls = []
    pool.on_idle = lambda: calls.append(pool.busy)
    first, second = take(pool), take(pool)
    pool.release(first)
    assert calls == []
    pool.release(second)
    assert calls == [0]


def test_close_stops_everything_and_the_pool_can_go_on(pool, runtime, clock):
    pool.provision(Version(), 1, make_spec, lambda environment, report: None)
    busy, spill = take(pool), take(pool)
    pool.release(spill)
    pool.close()
    assert all(each.stopped for each in runtime.made)
    pool.release(busy, alive=False)
    assert (pool.busy, pool.idle, clock.next_due()) == (0, 0, None)
    assert take(pool).init.kind == "ok"
