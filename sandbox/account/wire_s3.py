"""S3 event notifications: the hooks on S3's calls, their deliveries, and their page in the books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.control_plane.s3_notifications import S3Watch, destination_exists
from sandbox.triggers.s3 import S3Notifications

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


def wire_s3(account: Account) -> S3Notifications:
    world = account.plane.world

    def exists(arn: str) -> bool:
        if ":lambda:" in arn:
            return account.registry.version_at(arn) is not None
        return destination_exists(world, arn)

    notifications = S3Notifications(account.errands, account.errands.may, exists, account.clock, account.ids, account.timeline)
    S3Watch(account.plane.services, notifications, account.clock)
    notifications.deliveries.faults = account.faults
    account.books.append(notifications.deliveries.report)
    account.on_reset.append(notifications.clear)
    return notifications
