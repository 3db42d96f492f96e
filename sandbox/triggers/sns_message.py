"""A published message in the forms subscribers get it: envelope, raw, and the event of a function.

The signature fields have AWS's form, but no certificate stands behind them: nothing here can be verified against AWS's keys.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.arn import Arn

Attribute = Mapping[str, str]  # ``Type`` and ``Value``; binary values in base64
ATTRIBUTES_MAX = 10  # a queue takes no more; SNS drops a raw message with more ("raw message delivery" in its guide)
_CERTIFICATE = "SimpleNotificationService-9c6465fa7f48f5cacd23014631ec1136.pem"


@dataclass(frozen=True, slots=True)
class SnsMessage:
    """``structured`` maps protocols and ``default`` to texts (MessageStructure json); ``timestamp`` is ISO with milliseconds."""

    topic_arn: str
    message_id: str
    message: str
    timestamp: str
    subject: str | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    structured: Mapping[str, str] | None = None
    group_id: str = ""
    deduplication_id: str = ""
    sequence: str = ""
    trace: str = ""  # header of the call

    def text_for(self, protocol: str) -> str:
        if self.structured is None:
            return self.message
        return self.structured.get(protocol, self.structured["default"])

    def signature(self, text: str) -> str:
        """256 bytes, the same for the same message."""
        seed = f"{self.message_id}{self.timestamp}{self.topic_arn}{text}".encode()
        return base64.b64encode(b"".join(hashlib.sha256(seed + bytes([n])).digest() for n in range(8))).decode()

    def urls(self, subscription_arn: str) -> tuple[str, str]:
        """Of the certificate, and to unsubscribe."""
        host = f"https://sns.{Arn.parse(self.topic_arn).region}.amazonaws.com"
        return f"{host}/{_CERTIFICATE}", f"{host}/?Action=Unsubscribe&SubscriptionArn={subscription_arn}"


def envelope(message: SnsMessage, protocol: str, subscription_arn: str) -> str:
    """The JSON text a queue gets without raw delivery, spaced as SNS writes it."""
    text = message.text_for(protocol)
    certificate, unsubscribe = message.urls(subscription_arn)
    document: dict[str, Any] = {"Type": "Notification", "MessageId": message.message_id}
    if message.sequence:
        document["SequenceNumber"] = message.sequence
    document["TopicArn"] = message.topic_arn
    if message.subject is not None:
        document["Subject"] = message.subject
    document |= {"Message": text, "Timestamp": message.timestamp}
    document |= {"SignatureVersion": "1", "Signature": message.signature(text), "SigningCertURL": certificate}
    document["UnsubscribeURL"] = unsubscribe
    if message.attributes:
        document["MessageAttributes"] = {name: dict(value) for name, value in message.attributes.items()}
    return json.dumps(document, indent=2, separators=(",", " : "), ensure_ascii=False)


def function_event(message: SnsMessage, subscription_arn: str) -> dict[str, Any]:
    """One record, always; ``Subject`` is null when there is none (Lambda guide, "with-sns")."""
    text = message.text_for("lambda")
    certificate, unsubscribe = message.urls(subscription_arn)
    said: dict[str, Any] = {
        "Type": "Notification",
        "MessageId": message.message_id,
        "TopicArn": message.topic_arn,
        "Subject": message.subject,
        "Message": text,
        "Timestamp": message.timestamp,
        "SignatureVersion": "1",
        "Signature": message.signature(text),
        "SigningCertUrl": certificate,
        "UnsubscribeUrl": unsubscribe,
        "MessageAttributes": {name: dict(value) for name, value in message.attributes.items()},
    }
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": subscription_arn, "Sns": said}
    return {"Records": [record]}


def queue_attributes(message: SnsMessage) -> dict[str, dict[str, Any]]:
    """For raw delivery: the message's attributes become the queue message's own."""
    found: dict[str, dict[str, Any]] = {}
    for name, attribute in message.attributes.items():
        if attribute["Type"].startswith("Binary"):
            found[name] = {"DataType": attribute["Type"], "BinaryValue": base64.b64decode(attribute["Value"])}
        else:
            kind = "String" if attribute["Type"] == "String.Array" else attribute["Type"]
            found[name] = {"DataType": kind, "StringValue": attribute["Value"]}
    return found
