"""Every room wired to every other: the core of an account, the same in the browser and natively."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sandbox.account.overview import overview
from sandbox.account.settings import Settings
from sandbox.account.wire_alarms import wire_alarms
from sandbox.account.wire_api_gateway import wire_api_gateway
from sandbox.account.wire_dashboards import dashboard_svg
from sandbox.account.wire_delivery import wire_delivery
from sandbox.account.wire_deployment import wire_deployment
from sandbox.account.wire_eventbridge import wire_eventbridge
from sandbox.account.wire_keys import wire_keys
from sandbox.account.wire_log_metrics import wire_log_metrics
from sandbox.account.wire_logs_subscriptions import wire_logs_subscriptions
from sandbox.account.wire_pollers import wire_pollers
from sandbox.account.wire_provisioned import wire_provisioned
from sandbox.account.wire_rollout import wire_rollout
from sandbox.account.wire_s3 import wire_s3
from sandbox.account.wire_scheduler import wire_scheduler
from sandbox.account.wire_secrets import wire_secrets
from sandbox.account.wire_signing import wire_signing
from sandbox.account.wire_sns import wire_sns
from sandbox.account.wire_tracing import wire_tracing
from sandbox.account.wire_workflows import wire_workflows
from sandbox.clock import Clock
from sandbox.control.commands import Commands
from sandbox.control.driver import Driver, Later
from sandbox.control_plane import cloudtrail_api
from sandbox.control_plane.plane import ControlPlane
from sandbox.control_plane.sessions import Credential
from sandbox.control_plane.source_state import SourceState
from sandbox.delivery.async_queue import AsyncQueue
from sandbox.errors import LearnerError
from sandbox.faults import Faults
from sandbox.front_door.admission import Admission
from sandbox.front_door.code_download import CodeDownload, Packaged
from sandbox.front_door.door import FrontDoor
from sandbox.front_door.errands import Errands
from sandbox.front_door.gate import Rooms
from sandbox.front_door.signature import Signatures
from sandbox.functions.api import LambdaApi, aws_address
from sandbox.functions.function import FunctionVersion
from sandbox.functions.layers import LayerLocator, first_version
from sandbox.functions.registry import Registry
from sandbox.functions.urls import UrlConfig
from sandbox.http_message import HttpRequest, HttpResponse, Respond
from sandbox.iam.evaluate import evaluate
from sandbox.iam.principal import NamedPolicy, Principal
from sandbox.iam.verdict import Check
from sandbox.ids import Ids
from sandbox.invocation.invoke import Invoker
from sandbox.invocation.settings import InvocationSettings
from sandbox.runtime.environment import Runtime
from sandbox.runtime.faulty import FaultyRuntime
from sandbox.runtime.package import PackageStore, read_package
from sandbox.runtime.pool import Pool
from sandbox.telemetry.calls import CallLog
from sandbox.telemetry.logs import LogDelivery
from sandbox.telemetry.metrics import Metrics
from sandbox.telemetry.timeline import Timeline
from sandbox.triggers.event_filter import check_filter
from sandbox.triggers.source_check import check_source

_ENDINGS_MAX = 3  # an INIT that is cut short is repeated once inside its invocation; that one is cut short as well
_AWS_ENDPOINT = "https://code.us-east-1.amazonaws.com"


class Account:
    """``make_runtime`` is given the account's clock and a folder. ``later`` defers to an event loop; None in process."""

    def __init__(self, settings: Settings, make_runtime: Callable[[Clock, Path], Runtime], later: Later | None = None) -> None:
        self.settings = settings
        self.clock = Clock(virtual=settings.virtual_time, start=settings.start)
        self.ids = Ids(settings.seed)
        self.calls = CallLog()
        self.timeline = Timeline(self.clock)
        self.faults = Faults(self.clock, self.ids, self.timeline)
        self.metrics = Metrics()
        try:
            self.plane = ControlPlane(self.clock, self.ids, account_id=settings.account_id, metrics=self.metrics)
        except ValueError as error:
            raise LearnerError(str(error)) from error
        self.identities = self.plane.identities
        self._scratch = _scratch_folder()
        self.runtime = make_runtime(self.clock, self._scratch)
        self.registry = Registry(
            self.clock, self.ids, fetch_s3=self.plane.fetch_s3, read_package=read_package, runtimes=self.runtime.runtimes
        )
        self._packages = PackageStore(self._scratch / "packages")
        self._variables: dict[str, str] = {}
        faulty = FaultyRuntime(self.runtime, self.faults, self.clock)
        self.pool = Pool(faulty, self.clock)
        self._delivery = LogDelivery(self.plane.logs, self._may, lambda: self.identities.revision, self.timeline)
        self.invoker = Invoker(
            self.registry,
            self.pool,
            self.clock,
            self.ids,
            self._delivery,
            self.metrics,
            self.timeline,
            self.identities,
            self._packages,
            InvocationSettings(variables=self._variables),
        )
        self.invoker.refuse_by(self.faults)
        self.queue = AsyncQueue(self.invoker, self.registry, self.clock, self.ids, self.timeline, self.faults)
        self.invoker.accept_event = self.queue.accept
        self.registry.on_change(self._function_changed)
        self._downloads = CodeDownload(self.clock, self.ids.secret(), self._packaged)
        self._downloads.endpoint = _AWS_ENDPOINT
        self._endpoint_url = ""
        self._admission = Admission(self.identities, self._policy_of)
        rooms = self._rooms()
        self.door = FrontDoor(rooms, self.invoker, self.registry, self._downloads, self._knows_bucket)
        self.errands = Errands(rooms, self.invoker, self.door.causes)
        self.books: list[Callable[[], dict[str, Any]]] = [self.queue.balance]
        self.ledgers: list[Callable[[], list[dict[str, Any]]]] = []  # books that come and go, such as mappings'
        self.on_reset: list[Callable[[], None]] = [self.queue.clear]
        self._wire(rooms)
        self.waiting = 0
        running = lambda: self.invoker.busy + self.pool.making - faulty.waiting  # noqa: E731 - what runs, not what the clock holds up
        self.driver = Driver(self.clock, running, lambda: self.waiting, later)
        faulty.on_wait = self.driver.at_rest
        self.invoker.on_idle(self.driver.at_rest, lambda: faulty.waiting)
        self.commands = Commands(self)
        self._closed = False
        self._layers = {name: read_package(path.read_bytes()) for name, path in settings.layers.items()}
        self._publish_layers()
        self.ids.mark()

    def _wire(self, rooms: Rooms) -> None:
        """Features beyond the first slice, one line each; their bodies are in ``wire_*.py``."""
        wire_delivery(self)
        wire_pollers(self)
        wire_provisioned(self)
        wire_keys(self, rooms)
        self.alarms = wire_alarms(self)
        self.s3_notifications = wire_s3(self)
        wire_sns(self)
        self.event_bridge = wire_eventbridge(self)
        self.emit_event = self.event_bridge.emit
        wire_scheduler(self)
        wire_secrets(self)
        wire_signing(self)
        wire_workflows(self)
        wire_logs_subscriptions(self)
        wire_log_metrics(self)
        self.traces = wire_tracing(self, self._may)
        cloudtrail_api.install(self.plane.services, self.calls)
        self.rollout = wire_rollout(self)
        self.stacks = wire_deployment(self)
        self.http_apis = wire_api_gateway(self, rooms)

    # -- for the edges

    def handle(self, request: HttpRequest, respond: Respond) -> None:
        """The AWS surface: one request, one answer, perhaps later."""
        self.waiting += 1
        open_ = True

        def answered(response: HttpResponse) -> None:
            nonlocal open_
            if open_:  # a defect behind the door may make it answer twice
                open_ = False
                self.waiting -= 1
                respond(response)

        letter = self.stacks.take(request)
        if letter is None:
            self.door.handle(request, answered)
        else:
            answered(letter)
        if self.waiting and self.clock.virtual:
            self.driver.nudge()

    def run_due(self) -> None:
        self.driver.run_due()

    def reachable_at(self, endpoint_url: str) -> None:
        """The address functions and learners use; without one (in process) it is AWS's own names."""
        self._endpoint_url = endpoint_url
        self._variables["AWS_ENDPOINT_URL"] = endpoint_url
        self._variables["AWS_DISABLE_HOST_PREFIX_INJECTION"] = "true"  # sync-127.0.0.1 has no address
        self._downloads.endpoint = self.http_apis.endpoint = endpoint_url

    # -- for the control channel

    @property
    def quiet(self) -> bool:
        return self.driver.quiet

    @property
    def learner(self) -> Credential:
        return self.identities.learner()

    def info(self) -> dict[str, Any]:
        clock, runtime = self.clock, self.runtime
        return {
            "account_id": self.settings.account_id,
            "accounts": list(self.identities.accounts),
            "region": self.settings.region,
            "endpoint_url": self._endpoint_url,
            "seed": self.ids.seed,
            "virtual_time": clock.virtual,
            "now": clock.now(),
            "quiet": self.quiet,
            "runtimes": list(runtime.runtimes),
            "isolation": getattr(runtime, "isolation", "inline"),
            "ration_used_up": bool(getattr(runtime, "ration_used_up", False)),
            "environments": {"busy": self.pool.busy, "idle": self.pool.idle},
            "defects": [*self.door.gate.defects, *self.plane.services.defects],
            "calls": self.calls.total,
        }

    def balance(self) -> list[dict[str, Any]]:
        return [report() for report in self.books] + [row for ledger in self.ledgers for row in ledger()]

    def overview(self) -> dict[str, Any]:
        return overview(self)

    def dashboard_svg(self, name: str) -> str:
        return dashboard_svg(self, name)

    def add_account(self, account_id: str) -> dict[str, Any]:
        try:
            credential = self.identities.add_account(account_id)
        except ValueError as error:
            raise LearnerError(str(error)) from error
        keys = {"aws_access_key_id": credential.access_key_id, "aws_secret_access_key": credential.secret_access_key}
        return {"account_id": account_id, **keys}

    def reset(self) -> None:
        """Everything back to the beginning, in milliseconds; the learners keep their keys. Whoever still waits gets an answer."""
        for _ in range(_ENDINGS_MAX):
            self.pool.close()
            if not self.pool.busy:
                break
        self.driver.reset()
        for forget in self.on_reset:
            forget()
        self.registry.reset()
        self.invoker.reset()
        self.plane.reset()
        self.faults.clear()
        self.calls.clear()
        self.timeline.clear()
        self._delivery.clear()
        self._admission.clear()
        self.door.clear()
        self.ids.restart()
        self.clock.restart(virtual=self.settings.virtual_time, start=self.settings.start)
        self._publish_layers()

    def close(self) -> None:
        """Nothing is left running and nothing on disk; idempotent."""
        if self._closed:
            return
        self._closed = True
        self.pool.close()
        self.runtime.close()
        self.plane.close()
        self.clock.clear()
        shutil.rmtree(self._scratch, ignore_errors=True)

    # -- between the rooms

    def _rooms(self) -> Rooms:
        lambda_api = LambdaApi(
            self.registry,
            role_is_assumable=self.identities.role_is_assumable,
            role_may=self._may,
            code_location=lambda version: self._downloads.location(version.qualified_arn),
            layer_location=lambda version: self._downloads.location(version.arn),
            address_of=self._address_of,
            check_source=partial(check_source, SourceState(self.plane.world)),
            takes_filter=check_filter,
        )
        return Rooms(
            clock=self.clock,
            ids=self.ids,
            signatures=Signatures(self.identities.credential, self.clock.wall, self.clock.now, self._skew),
            admission=self._admission,
            faults=self.faults,
            calls=self.calls,
            timeline=self.timeline,
            services=self.plane.services,
            lambda_api=lambda_api,
            find=self._find,
            account_id=self.settings.account_id,
            ground=self.plane.ground,
            spend=self._spend,
        )

    def _spend(self, access_key_id: str, seconds: float) -> bool:
        """Functions in the account's own interpreter wait by themselves, on its clock."""
        spend: Callable[[str, float], bool] | None = getattr(self.runtime, "spend", None)
        return spend is not None and spend(access_key_id, seconds)

    def _skew(self, service: str, caller: str) -> float:
        fault = self.faults.strike("clock", {"service": (service,), "caller": (caller,)}, f"a request of {caller}")
        return fault.skew_s if fault is not None else 0.0

    def _address_of(self, config: UrlConfig) -> str:
        """Python resolves no ``*.localhost``, so natively the address is a path."""
        return f"{self._endpoint_url}/lambda-url/{config.url_id}/" if self._endpoint_url else aws_address(config)

    def _policy_of(self, arn: str) -> NamedPolicy | None:
        if ":lambda:" in arn:
            return self.registry.policy_of(arn)
        if ":iam:" in arn:
            role = self.identities.role(arn)
            return role.trust if role else None
        return self.plane.policy_of(arn)

    def _find(self, account_id: str, region: str, kind: str, name: str) -> str:
        """What the operation map asks about the account; an empty string where nothing of that name is there."""
        if kind == "codedeploy:deployment":
            return self.rollout.group_of(name)
        if kind == "cloudformation:stack":
            return self.stacks.id_of(name)
        if kind == "lambda:mapping":
            mapping = self.registry.region(account_id, region).mappings.get(name)
            return mapping.function_arn if mapping is not None else ""
        return self.plane.find(account_id, region, kind, name)

    def _knows_bucket(self, name: str) -> bool:
        return bool(self.plane.bucket_owner(name))

    def _packaged(self, arn: str) -> Packaged | None:
        return self.registry.layer_version(arn) if ":layer:" in arn else self.registry.version_at(arn)

    def _may(self, role_arn: str, action: str, resource: str) -> bool:
        """Whether a role's policies let Lambda act for it, as when it writes a function's log."""
        account_id = role_arn.split(":")[4]
        principal = Principal(kind="role", account_id=account_id, arn=role_arn, role_arn=role_arn)
        policies = self.identities.policies(principal)
        return evaluate(principal, Check(action, resource), policies, None).allowed

    def _prepare(self, version: FunctionVersion) -> None:
        """Let the runtime get ready for the first cold start of new code; not every runtime has something to get ready."""
        prepare = getattr(self.runtime, "prepare", None)
        if prepare is not None:
            layers = tuple(self._packages.directory(layer.code) for layer in version.layers)
            prepare(self._packages.directory(version.code), layers)

    def _publish_layers(self) -> None:
        """Those the account is made with; no id is drawn for them."""
        region = self.registry.region(self.settings.account_id, self.settings.region)
        for name, code in self._layers.items():
            region.layers[name] = first_version(LayerLocator(region.account_id, region.name, name), code, self.clock.now())

    def _function_changed(self, event: str, version: FunctionVersion) -> None:
        if event in ("update", "delete"):
            self.pool.retire(version)
        if event in ("create", "update"):
            self._prepare(version)


def _scratch_folder() -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix="account-"))
    except OSError as error:
        where = tempfile.gettempdir()
        raise LearnerError(f"cannot write to {where} ({error.strerror}); set TMPDIR to a folder this user may write") from error
