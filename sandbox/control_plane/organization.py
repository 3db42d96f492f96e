"""Where an account stands in AWS Organizations, and what each level above lets it do (service control policies)."""

from __future__ import annotations

from typing import Any

from sandbox.control_plane.attached_policies import parse_document
from sandbox.control_plane.world import World
from sandbox.iam.principal import Membership, NamedPolicy

Levels = tuple[tuple[NamedPolicy, ...], ...]
_SCP = "SERVICE_CONTROL_POLICY"


def service_control(world: World, account_id: str) -> Levels:
    """One tuple per level, root first; empty for accounts outside an organization and for the management account (AWS docs,
    "SCPs": they never restrict it) or while policies of this type are not enabled on the root."""
    if not world.known("organizations"):
        return ()
    with world.entered():
        backend, account = _home(world, account_id)
        if account is None or backend.org.master_account_id == account_id or not _enabled(backend):
            return ()
        return tuple(_policies(level) for level in _path(backend, account))


def membership(world: World, account_id: str) -> Membership | None:
    """The organization that the account belongs to, as member or as management account."""
    if not world.known("organizations"):
        return None
    with world.entered():
        backend, account = _home(world, account_id)
        if account is None:
            return None
        units = "".join(f"{unit.id}/" for unit in _path(backend, account)[:-1])
        return Membership(backend.org.id, f"{backend.org.id}/{units}", backend.org.master_account_id)


def _home(world: World, account_id: str) -> tuple[Any, Any]:
    """The backend that keeps the account's organization, and the account in it; None twice outside of organizations."""
    for holder_account in list(world.backends("organizations")):
        backend = world.backend("organizations", holder_account)
        account = next((row for row in backend.accounts if row.id == account_id), None) if backend.org is not None else None
        if account is not None:
            return backend, account
    return None, None


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
