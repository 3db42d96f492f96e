"""Dead-letter queues and destinations, attached to the asynchronous queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.delivery.aftermath import Aftermath

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


def wire_delivery(account: Account) -> None:
    Aftermath(
        account.queue,
        account.registry,
        account.errands,
        account.invoker.plan,
        account.clock,
        account.ids,
        account.timeline,
    )
