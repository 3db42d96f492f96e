"""The room wired: one world, its identities, its services and their stores, ready for the gate."""

from __future__ import annotations

from importlib import import_module

from sandbox.clock import Clock
from sandbox.control_plane import (
    endpoint_groups,
    iam_overrides,
    key_state,
    member_accounts,
    metric_store,
    named_resources,
    network_state,
    queue_attributes,
    resource_policies,
    s3_objects,
    s3_overrides,
    seams,
    secret_stages,
    sts_overrides,
)
from sandbox.control_plane.identities import Identities
from sandbox.control_plane.log_store import LogStore
from sandbox.control_plane.protocol import model
from sandbox.control_plane.services import Services
from sandbox.control_plane.world import World, current_clock, load_service
from sandbox.iam.principal import NamedPolicy
from sandbox.ids import Ids
from sandbox.network.ground import Ground
from sandbox.telemetry.metrics import Metrics


class ControlPlane:
    """What ``account.py`` builds; moto is imported at the first call that needs it, or by ``warm_up``."""

    def __init__(self, clock: Clock, ids: Ids, *, account_id: str = "123456789012", metrics: Metrics | None = None) -> None:
        self.world = World(clock, ids)
        self.identities = Identities(self.world, clock, ids, account_id=account_id)
        self.services = Services(self.world)
        self.logs = LogStore(self.world)
        self.metrics = metrics if metrics is not None else Metrics()
        iam_overrides.install(self.services, self.identities)
        sts_overrides.install(self.services, self.identities, clock)
        member_accounts.install(self.services, self.world)
        s3_overrides.install(self.services)
        secret_stages.install(self.services)
        self.services.before.setdefault("sqs", []).append(queue_attributes.check)
        self.services.before.setdefault("ec2", []).append(endpoint_groups.given(self.world))
        self.services.before.setdefault("kms", []).append(key_state.checked(self.world))
        self.services.after.setdefault("kms", []).append(key_state.named_by_arn(self.world))
        metric_store.install(self.services, self.metrics)
        self.services.before.setdefault("logs", []).append(self.logs.before_logs)
        self.services.before.setdefault("cloudformation", []).append(lambda *_: self.logs.flush())
        self.services.after.setdefault("logs", []).append(self.logs.after_logs)

    def policy_of(self, arn: str) -> NamedPolicy | None:
        """The policy a resource carries itself (never a function's: the registry has those)."""
        return resource_policies.policy_of(self.world, arn)

    def bucket_owner(self, bucket: str) -> str:
        return resource_policies.bucket_owner(self.world, bucket)

    def find(self, account_id: str, region: str, kind: str, name: str) -> str:
        """What is behind a name in a request: an ARN, an owner, a key; empty when there is nothing of that name."""
        return named_resources.find(self.world, account_id, region, kind, name)

    def ground(self, account_id: str, region: str) -> Ground:
        """The networks that connections of functions in a VPC go through."""
        return network_state.ground(self.world, account_id, region)

    def key_refusal(self, key_arn: str) -> str:
        """Why Lambda cannot decrypt with this key, as the code of its error; empty when it can."""
        return key_state.refusal_of(self.world, key_arn)

    def fetch_s3(self, account_id: str, bucket: str, key: str, version: str = "") -> bytes:
        return s3_objects.fetch_s3(self.world, account_id, bucket, key, version)

    @staticmethod
    def preload() -> None:
        """Import what nearly every session comes to need (moto's core, IAM, logs). Touches no state, so a spare thread may do it
        while the account already serves; without it the first call that needs moto takes half a second longer."""
        seams.install(current_clock)
        for service in ("iam", "logs"):
            load_service(service)
        for module in ("moto.core.routing", "moto.core.parse", "moto.core.serialize", "moto.iam.responses"):
            import_module(module)
        model("lambda")

    def warm_up(self) -> None:
        """Import moto and settle the learner now, so that the first real call does not pay for it."""
        with self.world.entered():
            self.identities.settle()

    def reset(self) -> None:
        """Everything but the learners' credentials is gone."""
        self.world.reset()
        self.services.polls.clear()
        self.identities.reset()
        self.logs.clear()
        self.metrics.clear()

    def close(self) -> None:
        self.world.close()
