"""Subscription filters of log groups: their API, the log events that arrive, and a page in the books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.control_plane.subscription_filters import SubscriptionApi
from sandbox.triggers.logs_subscription import LogSubscriptions

if TYPE_CHECKING:
    from sandbox.account.wiring import Account
    from sandbox.delivery.errand import Errand


def wire_logs_subscriptions(account: Account) -> None:
    def unfit(errand: Errand) -> bool:
        if errand.service == "lambda" and account.registry.version_at(str(errand.params["FunctionName"])) is None:
            return True
        if errand.service == "kinesis" and not _has_stream(account, errand):
            return True
        return account.errands.may(errand) is not None

    subscriptions = LogSubscriptions(account.errands, account.clock, account.timeline)
    SubscriptionApi(account.plane.services, account.plane.logs, subscriptions, unfit)
    subscriptions.deliveries.faults = account.faults
    account.books.append(subscriptions.deliveries.report)
    account.on_reset.append(subscriptions.clear)


def _has_stream(account: Account, errand: Errand) -> bool:
    world = account.plane.world
    with world.entered():
        return errand.params["StreamName"] in world.backend("kinesis", errand.account_id, errand.region).streams
