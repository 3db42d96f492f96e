"""SNS."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.iam.operations.request import Request, Rules, by_name, everything, given, table
from sandbox.iam.verdict import Check, ContextValue


def _topic(request: Request) -> str:
    """A text message to a phone number has no topic."""
    return request.text("TopicArn", "TargetArn") or "*"


def _subscribed(request: Request) -> str:
    """Actions on a subscription are asked on its topic: the subscription's ARN without the last part."""
    topic, _, subscription = request.text("SubscriptionArn").rpartition(":")
    return topic if subscription and topic.count(":") == 5 else "*"


def _publish_batch(request: Request) -> Iterable[Check]:
    return [request.check("Publish", request.text("TopicArn"))]


def _subscribe(request: Request) -> Iterable[Check]:
    context: dict[str, ContextValue | None] = {
        "sns:Endpoint": request.text("Endpoint"),
        "sns:Protocol": request.text("Protocol"),
    }
    return [request.own(request.text("TopicArn"), context)]


RULES: Rules = {
    **table(
        {
            _topic: (
                "AddPermission ConfirmSubscription DeleteTopic GetTopicAttributes ListSubscriptionsByTopic Publish "
                "RemovePermission SetTopicAttributes"
            ),
            by_name("{}", "Name"): "CreateTopic",
            _subscribed: "GetSubscriptionAttributes SetSubscriptionAttributes Unsubscribe",
            given("ResourceArn"): "GetDataProtectionPolicy ListTagsForResource PutDataProtectionPolicy TagResource UntagResource",
            given("EndpointArn"): "DeleteEndpoint GetEndpointAttributes SetEndpointAttributes",
            given("PlatformApplicationArn"): (
                "CreatePlatformEndpoint DeletePlatformApplication GetPlatformApplicationAttributes "
                "ListEndpointsByPlatformApplication SetPlatformApplicationAttributes"
            ),
            everything: (
                "CheckIfPhoneNumberIsOptedOut CreatePlatformApplication CreateSMSSandboxPhoneNumber "
                "DeleteSMSSandboxPhoneNumber GetSMSAttributes GetSMSSandboxAccountStatus ListOriginationNumbers "
                "ListPhoneNumbersOptedOut ListPlatformApplications ListSMSSandboxPhoneNumbers ListSubscriptions ListTopics "
                "OptInPhoneNumber SetSMSAttributes VerifySMSSandboxPhoneNumber"
            ),
        }
    ),
    "PublishBatch": _publish_batch,
    "Subscribe": _subscribe,
}
