"""The room wired: one world, its identities, its services and their stores, ready for the gate."""

from __future__ import annotations

from sandbox.clock import Clock
from sandbox.control_plane import iam_overrides, sts_overrides
from sandbox.control_plane.identities import Identities
from sandbox.control_plane.services import Services
from sandbox.control_plane.world import World
from sandbox.ids import Ids


class ControlPlane:
    """What ``account.py`` builds; moto is imported at the first call that needs it, or by ``warm_up``."""

    def __init__(self, clock: Clock, ids: Ids, *, account_id: str = "123456789012") -> None:
        self.world = World(clock, ids)
        self.identities = Identities(self.world, clock, ids, account_id=account_id)
        self.services = Services(self.world)
        iam_overrides.install(self.services, self.identities)
        sts_overrides.install(self.services, self.identities, clock)

    def warm_up(self) -> None:
        """Import moto and settle the learner now, so that the first real call does not pay for it."""
        with self.world.entered():
            self.identities.settle()

    def reset(self) -> None:
        """Everything but the learners' credentials is gone."""
        self.world.reset()
        self.identities.reset()

    def close(self) -> None:
        self.world.close()
