"""The invocation room with everything around it in memory: a scripted runtime behind the real pool, a log store made of lists."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.clock import Clock
from sandbox.delivery.async_queue import AsyncQueue
from sandbox.errors import AwsError
from sandbox.functions.aliases import Alias
from sandbox.functions.function import LATEST, Code, FunctionVersion
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.registry import Registry
from sandbox.ids import Ids
from sandbox.invocation.call import Answer, Call
from sandbox.invocation.invoke import Invoker
from sandbox.invocation.settings import InvocationSettings
from sandbox.runtime.environment import EnvironmentSpec, Event, InitReport, InvocationReport, LogRecord
from sandbox.runtime.pool import Pool
from sandbox.telemetry.logs import LogDelivery
from sandbox.telemetry.metrics import Metrics
from sandbox.telemetry.timeline import Timeline

ACCOUNT = "123456789012"
REGION = "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
NOW = 1_800_000_000.0  # 2027-01-15 08:00:00 UTC, the start of a minute


@dataclass
class Later:
    """A handler's answer that comes after ``seconds`` of the account's clock."""

    seconds: float
    report: InvocationReport


def ok(value: object = None, *, duration_ms: float = 1.5, memory_mb: int = 36, logs: tuple[str, ...] = ()) -> InvocationReport:
    records = tuple(LogRecord(NOW, text) for text in logs)
    return InvocationReport("ok", json.dumps(value).encode(), duration_ms, memory_mb, records)


def raised(name: str, message: str) -> InvocationReport:
    document = {"errorMessage": message, "errorType": name, "requestId": "r", "stackTrace": []}
    return InvocationReport("error", json.dumps(document).encode(), 2.0, 40)


Handler = Callable[[Event], InvocationReport | Later]


class ScriptedEnvironment:
    def __init__(self, runtime: ScriptedRuntime, spec: EnvironmentSpec) -> None:
        self._runtime = runtime
        self.spec = spec
        self.stopped = False

    def invoke(
        self, event: Event, done: Callable[[InvocationReport], None], chunk: Callable[[bytes], None] | None = None
    ) -> None:
        self._runtime.events.append(event)
        self._runtime.chunk = chunk
        result = self._runtime.handlers[self.spec.function_name](event)
        if isinstance(result, Later):
            self._runtime.clock.call_later(result.seconds, lambda: done(result.report), "handler")
        else:
            done(result)

    def stop(self) -> None:
        self.stopped = True


@dataclass
class ScriptedRuntime:
    clock: Clock
    handlers: dict[str, Handler] = field(default_factory=dict)
    inits: list[InitReport] = field(default_factory=list)  # the next INITs in order; then they succeed in 110.1 ms
    events: list[Event] = field(default_factory=list)
    specs: list[EnvironmentSpec] = field(default_factory=list)
    chunk: Callable[[bytes], None] | None = None

    @property
    def runtimes(self) -> tuple[str, ...]:
        return ("python3.14",)

    def start(self, spec: EnvironmentSpec, done: Callable[[InitReport], None]) -> ScriptedEnvironment:
        self.specs.append(spec)
        done(self.inits.pop(0) if self.inits else InitReport("ok", 110.1))
        return ScriptedEnvironment(self, spec)

    def close(self) -> None:
        pass


class ListSink:
    def __init__(self) -> None:
        self.groups: dict[tuple[str, str, str], dict[str, list[tuple[int, str]]]] = {}

    def has_group(self, account_id: str, region: str, group: str) -> bool:
        return (account_id, region, group) in self.groups

    def has_stream(self, account_id: str, region: str, group: str, stream: str) -> bool:
        return stream in self.groups.get((account_id, region, group), {})

    def create_group(self, account_id: str, region: str, group: str) -> None:
        self.groups[account_id, region, group] = {}

    def create_stream(self, account_id: str, region: str, group: str, stream: str) -> None:
        self.groups[account_id, region, group][stream] = []

    def put(self, account_id: str, region: str, group: str, stream: str, records: list[tuple[int, str]]) -> None:
        self.groups[account_id, region, group][stream].extend(records)


@dataclass(frozen=True)
class Minted:
    access_key_id: str = "ASIAEXAMPLE"
    secret_access_key: str = "secret"
    session_token: str = "token"


class Vault:
    """Mints for every role but the one named gone."""

    def mint(self, role_arn: str, session_name: str, *, source_function_arn: str = "", place: object = None) -> Minted:
        if role_arn.endswith("/gone"):
            raise AwsError(
                "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.", 400
            )
        return Minted(session_token=f"{session_name} {source_function_arn}")


class Store:
    def directory(self, code: Code) -> Path:
        return Path("/packages") / code.digest


class SmallAccount:
    """``lines()`` are a function's log messages of all streams, ``invoke`` returns the answer (run the clock for a Later)."""

    def __init__(self, **settings: Any) -> None:
        self.clock = Clock(virtual=True, start=NOW)
        self.ids = Ids(7)
        self.runtime = ScriptedRuntime(self.clock)
        self.pool = Pool(self.runtime, self.clock)
        self.registry = Registry(self.clock, self.ids, fetch_s3=lambda *_: b"", read_package=Code, runtimes=("python3.14",))
        self.sink = ListSink()
        self.denied: set[str] = set()  # logs actions the role may not use
        self.asked: list[tuple[str, str, str]] = []
        self.timeline = Timeline(self.clock)
        self.metrics = Metrics()
        self.delivery = LogDelivery(self.sink, self._may, lambda: len(self.denied), self.timeline)
        self.invoker = Invoker(
            self.registry,
            self.pool,
            self.clock,
            self.ids,
            self.delivery,
            self.metrics,
            self.timeline,
            Vault(),
            Store(),
            InvocationSettings(**settings),
        )
        self.queue = AsyncQueue(self.invoker, self.registry, self.clock, self.ids, self.timeline)
        self.invoker.accept_event = self.queue.accept

    def function(self, name: str = "hello", handler: Handler = lambda event: ok({"n": 1}), **fields: Any) -> FunctionRecord:
        version = FunctionVersion(
            account_id=ACCOUNT,
            region=REGION,
            name=name,
            version=LATEST,
            runtime="python3.14",
            role=fields.pop("role", ROLE),
            handler="app.handler",
            code=Code(b"", "sha", "digest"),
            revision_id="r1",
            last_modified=NOW,
            **fields,
        )
        record = FunctionRecord(version)
        self.registry.region(ACCOUNT, REGION).functions[name] = record
        self.runtime.handlers[name] = handler
        return record

    def alias(self, record: FunctionRecord, name: str, version: str) -> None:
        record.aliases[name] = Alias(name=name, version=version, revision_id="r")

    def call(self, function: str = "hello", payload: bytes = b"{}", **fields: Any) -> Call:
        return Call(ACCOUNT, REGION, function, payload, **fields)

    def start(self, function: str = "hello", payload: bytes = b"{}", **fields: Any) -> list[Answer | AwsError]:
        """The answers as they come: empty while the handler runs."""
        answers: list[Answer | AwsError] = []
        self.invoker.invoke(self.call(function, payload, **fields), answers.append)
        return answers

    def invoke(self, function: str = "hello", payload: bytes = b"{}", **fields: Any) -> Answer:
        answers = self.start(function, payload, **fields)
        self.settle()
        assert len(answers) == 1
        answer = answers[0]
        assert isinstance(answer, Answer), answer
        return answer

    def refused(self, function: str = "hello", payload: bytes = b"{}", **fields: Any) -> AwsError:
        (answer,) = self.start(function, payload, **fields)
        assert isinstance(answer, AwsError), answer
        return answer

    def settle(self, until: float = NOW + 86_400) -> None:
        """Run the clock until nothing but background work (reaping) is due."""
        while (due := self.clock.next_due(background=False)) is not None and due <= until:
            self.clock.run_next(due)

    def streams(self, name: str = "hello") -> dict[str, list[tuple[int, str]]]:
        return self.sink.groups.get((ACCOUNT, REGION, f"/aws/lambda/{name}"), {})

    def lines(self, name: str = "hello") -> list[str]:
        return [message for records in self.streams(name).values() for _, message in records]

    def total(self, metric: str, **dimensions: str) -> float:
        return sum(point.sum for point in self.points(metric, **dimensions))

    def points(self, metric: str, **dimensions: str) -> list[Any]:
        sets = tuple(sorted(dimensions.items()))
        return self.metrics.datapoints(ACCOUNT, REGION, "AWS/Lambda", metric, sets, NOW - 60, NOW + 200_000)

    def _may(self, role: str, action: str, arn: str) -> bool:
        self.asked.append((role, action, arn))
        return action not in self.denied
