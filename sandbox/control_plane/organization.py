"""Service control policies: what each level of the organization above an account lets it do."""

from __future__ import annotations

from typing import Any

from sandbox.control_plane.attached_policies import parse_document
from sandbox.control_plane.world import World
from sandbox.iam.principal import NamedPolicy

Levels = tuple[tuple[NamedPolicy, ...], ...]
_SCP = "SERVICE_CONTROL_POLICY"


def service_control(world: World, account_id: str) -> Levels:
    """One tuple per level, root first; empty for accounts outside an organization and for the management account (AWS docs,
    "SCPs": they never restrict it) or while policies of this type are not enabled on the root."""
    if not world.known("organizations"):
        return ()
    with world.entered():
        for holder_account in _masters(world):
            backend = world.backend("organizations", holder_account)
            if backend.org is None or backend.org.master_account_id == account_id:
                continue
            account = next((row for row in backend.accounts if row.id == account_id), None)
            if account is not None and _enabled(backend):
                return tuple(_policies(level) for level in _path(backend, account))
    return ()


def _masters(world: World) -> list[str]:
    return list(world.backends("organizations"))


def _enabled(backend: Any) -> bool:
    root = next(unit for unit in backend.ou if unit.type == "ROOT")
    return any(row["Type"] == _SCP and row.get("Status", "ENABLED") == "ENABLED" for row in root.policy_types)


def _path(backend: Any, account: Any) -> list[Any]:
    units = {unit.id: unit for unit in backend.ou}
    path = [account]
    while path[0].type != "ROOT":
        path.insert(0, units[path[0].parent_id])
    return path


def _policies(level: Any) -> tuple[NamedPolicy, ...]:
    return tuple(
        NamedPolicy(policy.name, parse_document(policy.content)) for policy in level.attached_policies if policy.type == _SCP
    )
