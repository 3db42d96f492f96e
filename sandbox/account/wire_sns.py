"""SNS: publishing answered here, deliveries by the gate's rules, metrics, and a page in the books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.arn import Arn
from sandbox.control_plane.sns_topics import Topics
from sandbox.triggers.sns import TopicDelivery

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


def wire_sns(account: Account) -> None:
    def count(topic_arn: str, metric: str) -> None:
        topic = Arn.parse(topic_arn)
        place = (topic.account, topic.region, "AWS/SNS", metric)
        account.metrics.put(*place, {"TopicName": topic.resource}, 1.0, "Count", account.clock.now())

    delivery = TopicDelivery(account.errands, account.clock, account.ids, account.timeline, count)
    topics = Topics(account.plane.services, delivery, account.clock)
    delivery.deliveries.faults = account.faults
    account.books.append(delivery.deliveries.report)
    account.on_reset += [delivery.clear, topics.clear]
