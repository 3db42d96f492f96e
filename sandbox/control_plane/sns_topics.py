"""Publish and PublishBatch, answered here: moto knows the topics and subscriptions, ``sandbox.triggers`` delivers.

What is no topic (a phone number, a mobile endpoint) goes on to moto. Refusals in SNS's words (localstack/localstack
tests/aws/services/sns/test_sns.snapshot.json).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox import facts
from sandbox.arn import Arn
from sandbox.clock import Clock
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.functions.moments import millis
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal
from sandbox.triggers.sns import Subscription, TopicDelivery
from sandbox.triggers.sns_filter import checked
from sandbox.triggers.sns_message import Attribute, SnsMessage

BATCH_MAX = 10
DEDUPLICATION_S = 300.0
_PROTOCOLS = ("application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs")
_KINDS = ("String", "Number", "Binary")
_RECENT_MAX = 10_000


class Topics:
    """``_recent`` are FIFO messages of the last five minutes: topic and deduplication id to message id, sequence and time."""

    def __init__(self, services: Services, delivery: TopicDelivery, clock: Clock) -> None:
        self._services = services
        self._world = services.world
        self._delivery = delivery
        self._clock = clock
        self._recent: dict[tuple[str, str], tuple[str, str, float]] = {}
        self._sequence = 10_000_000_000_000_000_000
        services.override("sns", "Publish", self._publish)
        services.override("sns", "PublishBatch", self._publish_batch)
        services.before.setdefault("sns", []).append(_check_attributes(self._scope))

    def clear(self) -> None:
        self._recent.clear()

    def _publish(
        self, call: ParsedCall, _request: HttpRequest, _account: str, _region: str, _principal: Principal | None
    ) -> dict[str, Any] | None:
        arn = str(call.params.get("TopicArn") or call.params.get("TargetArn") or "")
        if not arn or ":endpoint/" in arn:
            return None
        return self._accept(self._topic(arn), call.params)

    def _publish_batch(
        self, call: ParsedCall, _request: HttpRequest, _account: str, _region: str, _principal: Principal | None
    ) -> dict[str, Any]:
        topic = self._topic(str(call.params["TopicArn"]))
        entries = call.params.get("PublishBatchRequestEntries") or []
        names = [str(entry["Id"]) for entry in entries]
        if not entries:
            raise AwsError("EmptyBatchRequest", "The batch request doesn't contain any entries.")
        if len(entries) > BATCH_MAX:
            raise AwsError("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.")
        if len(set(names)) < len(names):
            message = "Two or more batch entries in the request have the same Id."
            raise AwsError("BatchEntryIdsNotDistinct", message)
        if sum(len(str(entry.get("Message", "")).encode()) for entry in entries) > facts.limit("topic_message_bytes"):
            raise AwsError("BatchRequestTooLong", "The length of all the messages put together is more than the limit.")
        successful, failed = [], []
        for entry in entries:
            try:
                successful.append({"Id": entry["Id"], **self._accept(topic, entry)})
            except AwsError as error:
                failed.append({"Id": entry["Id"], "Code": error.code, "Message": error.message, "SenderFault": True})
        return {"Successful": successful, "Failed": failed}

    def _accept(self, topic: Any, params: Mapping[str, Any]) -> dict[str, Any]:
        message = self._message(topic, params)
        in_hand = self._services.in_hand
        if topic.fifo_topic == "true" or topic.fifo_topic is True:
            key, now = (topic.arn, message.deduplication_id), self._clock.now()
            known = self._recent.get(key)
            if known is not None and known[2] > now - DEDUPLICATION_S:
                return {"MessageId": known[0], "SequenceNumber": known[1]}
            if len(self._recent) >= _RECENT_MAX:
                self._recent = {key: row for key, row in self._recent.items() if row[2] > now - DEDUPLICATION_S}
            self._recent[key] = (message.message_id, message.sequence, now)
        self._delivery.publish(message, list(self._subscriptions(topic)), in_hand.cause if in_hand else 0)
        answer = {"MessageId": message.message_id}
        return answer | ({"SequenceNumber": message.sequence} if message.sequence else {})

    def _message(self, topic: Any, params: Mapping[str, Any]) -> SnsMessage:
        text = str(params.get("Message") or "")
        if not text:
            raise _invalid("Empty message")
        if len(text.encode()) > facts.limit("topic_message_bytes"):
            raise _invalid("Message too long")
        subject = params.get("Subject")
        if subject is not None and not 0 < len(str(subject)) <= 100:
            raise _invalid("Subject")
        in_hand = self._services.in_hand
        fifo = topic.fifo_topic in (True, "true")
        group, deduplication = str(params.get("MessageGroupId") or ""), str(params.get("MessageDeduplicationId") or "")
        if fifo:
            deduplication = _fifo_ids(topic, group, deduplication, text)
            self._sequence += 1
        elif deduplication:
            raise _invalid(
                "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for "
                "this topic type"
            )
        return SnsMessage(
            topic_arn=topic.arn,
            message_id=self._world.ids.uuid(),
            message=text,
            timestamp=millis(self._clock.now()).replace("+0000", "Z"),
            subject=None if subject is None else str(subject),
            attributes=_attributes(params.get("MessageAttributes") or {}),
            structured=_structured(text, params.get("MessageStructure")),
            group_id=group,
            deduplication_id=deduplication,
            sequence=str(self._sequence) if fifo else "",
            trace=in_hand.request.header("x-amzn-trace-id") if in_hand else "",
        )

    def _topic(self, arn: str) -> Any:
        try:
            where = Arn.parse(arn)
        except ValueError:
            raise _invalid(f"TopicArn Reason: An ARN must have at least 6 elements, not {arn.count(':') + 1}") from None
        topic = self._world.backend("sns", where.account, where.region).topics.get(arn) if where.account.isdigit() else None
        if topic is None:
            raise AwsError("NotFound", "Topic does not exist", 404)
        return topic

    def _subscriptions(self, topic: Any) -> Iterator[Subscription]:
        for row in self._world.backend("sns", topic.account_id, Arn.parse(topic.arn).region).subscriptions.values():
            if row.topic is topic:
                attributes = row.attributes
                yield Subscription(
                    arn=row.arn,
                    topic_arn=topic.arn,
                    protocol=row.protocol,
                    endpoint=row.endpoint,
                    raw=attributes.get("RawMessageDelivery") in (True, "true", "True"),
                    filter_policy=str(attributes.get("FilterPolicy") or ""),
                    filter_scope=str(attributes.get("FilterPolicyScope") or "MessageAttributes"),
                    redrive_policy=str(attributes.get("RedrivePolicy") or ""),
                )

    def _scope(self, subscription_arn: str) -> str:
        """The stored scope of a subscription's filter."""
        try:
            where = Arn.parse(subscription_arn)
        except ValueError:
            return ""
        found = self._world.backend("sns", where.account, where.region).subscriptions.get(subscription_arn)
        return str(found.attributes.get("FilterPolicyScope") or "") if found is not None else ""


def _check_attributes(scope_of: Any) -> Any:
    """Before moto: a subscription that is refused is not half made."""

    def before(call: ParsedCall, _account: str, _region: str) -> None:
        params = call.params
        if call.operation == "Subscribe":
            _check_endpoint(str(params.get("Protocol") or ""), str(params.get("Endpoint") or ""))
            attributes: Mapping[str, Any] = params.get("Attributes") or {}
            scope, where = str(attributes.get("FilterPolicyScope") or ""), "Attributes Reason: "
        elif call.operation == "SetSubscriptionAttributes":
            attributes = {str(params.get("AttributeName")): params.get("AttributeValue") or ""}
            scope, where = scope_of(str(params.get("SubscriptionArn"))), ""
        else:
            return
        wanted_scope = attributes.get("FilterPolicyScope")
        if wanted_scope is not None and wanted_scope not in ("MessageAttributes", "MessageBody"):
            raise _invalid(f"{where}FilterPolicyScope: Invalid value [{wanted_scope}]. Please use either MessageBody or "
                           "MessageAttributes")  # fmt: skip
        if attributes.get("FilterPolicy"):
            checked(str(attributes["FilterPolicy"]), scope, where)
        if attributes.get("RedrivePolicy"):
            _check_redrive(str(attributes["RedrivePolicy"]), where)

    return before


def _check_endpoint(protocol: str, endpoint: str) -> None:
    if protocol not in _PROTOCOLS:
        raise _invalid(f"Amazon SNS does not support this protocol string: {protocol}")
    if protocol in ("lambda", "sqs"):
        try:
            fits = Arn.parse(endpoint).service == protocol
        except ValueError:
            fits = False
        if not fits:
            raise _invalid(f"{'SQS' if protocol == 'sqs' else 'Lambda'} endpoint ARN")


def _check_redrive(text: str, where: str) -> None:
    try:
        target = Arn.parse(str(json.loads(text)["deadLetterTargetArn"]))
    except (ValueError, KeyError, TypeError):
        raise _invalid(f"{where}RedrivePolicy: failed to parse JSON or find an ARN in deadLetterTargetArn") from None
    if target.service != "sqs":
        raise _invalid(f"{where}RedrivePolicy: deadLetterTargetArn is an invalid arn")


def _fifo_ids(topic: Any, group: str, deduplication: str, text: str) -> str:
    if not group:
        raise _invalid("The MessageGroupId parameter is required for FIFO topics")
    if deduplication:
        return deduplication
    if topic.content_based_deduplication not in (True, "true"):
        raise _invalid(
            "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
        )
    return hashlib.sha256(text.encode()).hexdigest()


def _structured(text: str, structure: Any) -> Mapping[str, str] | None:
    if structure is None:
        return None
    if structure != "json":
        raise _invalid("MessageStructure")
    try:
        found = json.loads(text)
    except ValueError:
        raise _invalid("Message Structure - JSON message body failed to parse") from None
    if not isinstance(found, dict) or not isinstance(found.get("default"), str):
        raise _invalid("Message Structure - No default entry in JSON message body")
    return {key: value for key, value in found.items() if isinstance(value, str)}


def _attributes(given: Mapping[str, Any]) -> dict[str, Attribute]:
    found: dict[str, Attribute] = {}
    for name, attribute in given.items():
        kind = str(attribute.get("DataType") or "")
        if kind.split(".", 1)[0] not in _KINDS:
            message = f"The message attribute '{name}' has an invalid message attribute type, the set of supported type "
            raise AwsError("ParameterValueInvalid", message + "prefixes is Binary, Number, and String.")
        binary = attribute.get("BinaryValue")
        value = attribute.get("StringValue") if binary is None else _base64(binary)
        if not value:
            message = f"The message attribute '{name}' must contain non-empty message attribute value for message attribute type "
            raise AwsError("ParameterValueInvalid", f"{message}'{kind}'.")
        if kind == "Number" and not _is_number(str(value)):
            raise AwsError("ParameterValueInvalid", f"Could not cast message attribute '{name}' value to number.")
        found[str(name)] = {"Type": kind, "Value": str(value)}
    return found


def _base64(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes | bytearray) else str(value)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _invalid(reason: str) -> AwsError:
    return AwsError("InvalidParameter", f"Invalid parameter: {reason}")
