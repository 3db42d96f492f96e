"""SNS."""

from __future__ import annotations

import json
from typing import Any

from sandbox.deployment.kind import Api, Steps, Work, kind

_ATTRIBUTES = "DisplayName KmsMasterKeyId SignatureVersion TracingConfig ContentBasedDeduplication"
_SUBSCRIPTION = "FilterPolicy FilterPolicyScope RawMessageDelivery RedrivePolicy DeliveryPolicy SubscriptionRoleArn"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def _create_topic(work: Work) -> Steps:
    fifo = work.get("FifoTopic") in (True, "true")
    name = work.name("TopicName", 256, suffix=".fifo" if fifo and not work.get("TopicName") else "")
    given = {key: _text(value) for key, value in work.pick(*_ATTRIBUTES.split()).items()} | (
        {"FifoTopic": "true"} if fifo else {}
    )
    tags = {"Tags": work.tag_list()} if work.all_tags() else {}
    answer = yield Api("sns", "CreateTopic", {"Name": name, "Attributes": given, **tags})
    work.physical_id = answer["TopicArn"]
    work.only(TopicArn=work.physical_id, TopicName=name)
    for row in work.get("Subscription") or ():
        yield Api("sns", "Subscribe", {"TopicArn": work.physical_id, "Protocol": row["Protocol"], "Endpoint": row["Endpoint"]})


def _update_topic(work: Work) -> Steps:
    for name in _ATTRIBUTES.split():
        if work.changed(name):
            value = _text(work.get(name, ""))
            yield Api("sns", "SetTopicAttributes", {"TopicArn": work.physical_id, "AttributeName": name, "AttributeValue": value})
    had = work.old.get("Subscription") or []
    for row in [row for row in work.get("Subscription") or () if row not in had]:
        yield Api("sns", "Subscribe", {"TopicArn": work.physical_id, "Protocol": row["Protocol"], "Endpoint": row["Endpoint"]})
    gone = [row for row in had if row not in (work.get("Subscription") or ())]
    if gone:
        listed = yield Api("sns", "ListSubscriptionsByTopic", {"TopicArn": work.physical_id})
        ends = [(row["Protocol"], row["Endpoint"]) for row in gone]
        for held in listed["Subscriptions"]:
            if (held["Protocol"], held["Endpoint"]) in ends:
                yield Api("sns", "Unsubscribe", {"SubscriptionArn": held["SubscriptionArn"]})


def _delete_topic(work: Work) -> Steps:
    yield Api("sns", "DeleteTopic", {"TopicArn": work.physical_id})


def _put_policy(work: Work) -> Steps:
    policy = _text(work.properties["PolicyDocument"])
    for arn in work.properties["Topics"]:
        yield Api("sns", "SetTopicAttributes", {"TopicArn": arn, "AttributeName": "Policy", "AttributeValue": policy})
    work.physical_id = work.physical_id or work.name("")


def _delete_policy(work: Work) -> Steps:
    """A topic is never without a policy: the owner's default comes back."""
    for arn in work.properties["Topics"]:
        statement = {
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:Subscribe", "SNS:Publish", "SNS:DeleteTopic"],
            "Resource": arn,
            "Condition": {"StringEquals": {"AWS:SourceOwner": work.account_id}},
        }
        policy = json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})
        yield Api("sns", "SetTopicAttributes", {"TopicArn": arn, "AttributeName": "Policy", "AttributeValue": policy})


def _subscribe(work: Work) -> Steps:
    attributes = {key: _text(value) for key, value in work.pick(*_SUBSCRIPTION.split()).items()}
    given = work.pick("TopicArn", "Protocol", "Endpoint")
    answer = yield Api("sns", "Subscribe", {**given, "Attributes": attributes, "ReturnSubscriptionArn": True})
    work.physical_id = answer["SubscriptionArn"]
    work.only(Arn=work.physical_id)


def _update_subscription(work: Work) -> Steps:
    for name in _SUBSCRIPTION.split():
        if work.changed(name):
            value = _text(work.get(name, {} if name.endswith("Policy") else "false"))
            given = {"SubscriptionArn": work.physical_id, "AttributeName": name, "AttributeValue": value}
            yield Api("sns", "SetSubscriptionAttributes", given)


def _unsubscribe(work: Work) -> Steps:
    yield Api("sns", "Unsubscribe", {"SubscriptionArn": work.physical_id})


kind(
    "AWS::SNS::Topic",
    _create_topic,
    _delete_topic,
    _update_topic,
    props=f"{_ATTRIBUTES} Subscription Tags",
    fixed="TopicName FifoTopic",
)
kind("AWS::SNS::TopicPolicy", _put_policy, _delete_policy, _put_policy, required="PolicyDocument Topics")
kind(
    "AWS::SNS::Subscription", _subscribe, _unsubscribe, _update_subscription,
    props=f"{_SUBSCRIPTION} Region", required="TopicArn Protocol", fixed="TopicArn Protocol Endpoint",
)  # fmt: skip
