"""Rotation of secrets: timers, invocations of rotation functions, and Secrets Manager's own events in CloudTrail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.arn import Arn
from sandbox.control_plane.secret_rotation import MotoSecrets, SecretRotation
from sandbox.triggers.secret_rotation import SERVICE, Rotation, Rotations

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


def wire_secrets(account: Account) -> None:
    def record(event: str, rotation: Rotation, error: str) -> None:
        """User guide, "AWS CloudTrail entries for Secrets Manager": RotationStarted, RotationFailed and their like."""
        where, status = Arn.parse(rotation.arn), 400 if error else 200
        account.calls.add(
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

    def exists(arn: str) -> bool:
        return account.registry.version_at(arn) is not None

    state = MotoSecrets(account.plane.world)
    rotations = Rotations(state, account.errands, account.clock, account.ids, account.timeline, record)
    SecretRotation(account.plane.services, state, rotations, account.errands.may, exists)
    account.on_reset.append(rotations.clear)
