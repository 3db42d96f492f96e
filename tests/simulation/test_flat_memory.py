"""Events come and go; what is kept of them is bounded."""

from __future__ import annotations

import gc
import tracemalloc
from collections import deque

from sandbox.delivery.errand import Done, Errand
from sandbox.triggers.notification_configuration import NotificationConfiguration, Rule
from sandbox.triggers.s3 import S3Notifications
from sandbox.triggers.s3_event import ObjectEvent
from tests.sandbox.invocation.small_account import ACCOUNT, REGION, SmallAccount

GROWTH_BYTES_MAX = 200_000  # over ten thousand events: 20 bytes each


class Direct:
    """Brings errands to the invoker, without a gate."""

    def __init__(self, account: SmallAccount) -> None:
        self.account = account

    def send(self, errand: Errand, done: Done) -> None:
        call = self.account.call("hello", errand.params["Payload"], invocation_type="Event")
        self.account.invoker.invoke(call, lambda _answer: done({"StatusCode": 202}))


def _run(account: SmallAccount, notifications: S3Notifications, count: int) -> None:
    for number in range(count):
        event = ObjectEvent(
            "ObjectCreated:Put", "photos", ACCOUNT, REGION, f"k{number}", account.clock.now(), "00", None, "1.2.3.4", "id", "id-2"
        )
        notifications.happened(event, 0)
        if number % 100 == 99:
            account.settle(account.clock.now())
            account.runtime.events.clear()
            account.sink.groups.clear()
    account.settle()


def test_ten_thousand_s3_events_leave_nothing_behind() -> None:
    account = SmallAccount()
    account.function()
    notifications = S3Notifications(
        Direct(account), lambda _errand: None, lambda _arn: True, account.clock, account.ids, account.timeline
    )
    rule = Rule("r", "CloudFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:hello", ("s3:ObjectCreated:*",))
    notifications.put("photos", ACCOUNT, NotificationConfiguration((rule,)), validate=False)
    account.timeline._entries = deque(maxlen=1_000)  # full after a few hundred events instead of thousands
    tracemalloc.start()
    try:
        _run(account, notifications, 1_000)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        _run(account, notifications, 10_000)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < GROWTH_BYTES_MAX, f"{grown} bytes"
    assert account.queue.balance()["processed"] == 11_000
    assert notifications.deliveries.report()["pending"] == 0
