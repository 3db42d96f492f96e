"""Rotation of secrets: timers, invocations of rotation functions, and Secrets Manager's own events (CloudTrail, EventBridge)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.arn import Arn
from sandbox.control_plane.secret_rotation import MotoSecrets, SecretRotation
from sandbox.telemetry.audit_trail import bus_event_of
from sandbox.triggers.secret_rotation import SERVICE, Rotation, Rotations

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


def wire_secrets(account: Account) -> None:
    def record(event: str, rotation: Rotation, error: str, cause: int) -> None:
        """User guide, "AWS CloudTrail entries for Secrets Manager": RotationStarted, RotationFailed and their like."""
        where, status = Arn.parse(rotation.arn), 400 if error else 200
        number = account.calls.add(
            account.clock.now_ms(),
            rotation.account_id,
            where.region,
            "secretsmanager",
            event,
            SERVICE,
            (rotation.arn,),
            status=status,
            error=error,
            request_id=account.ids.uuid(),
        )
        (told,) = account.calls.since(number - 1, limit=1)
        account.emit_event(rotation.account_id, where.region, bus_event_of(told), cause)

    def exists(arn: str) -> bool:
        return account.registry.version_at(arn) is not None

    state = MotoSecrets(account.plane.world)
    rotations = Rotations(state, account.errands, account.clock, account.ids, account.timeline, record)
    SecretRotation(account.plane.services, state, rotations, account.errands.may, exists)
    account.on_reset.append(rotations.clear)
