"""A bucket's notification configuration: read from the API's shape, refused in S3's words, matched against keys.

Refusals are recorded (localstack/localstack tests/aws/services/s3/test_s3_notifications_*.snapshot.json) unless said otherwise.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from sandbox.arn import Arn
from sandbox.errors import AwsError

Kind = Literal["Queue", "Topic", "CloudFunction"]
# our kind → member of the API's document, its ARN member, the ARN's service
MEMBERS: Mapping[Kind, tuple[str, str, str]] = {
    "Queue": ("QueueConfigurations", "QueueArn", "sqs"),
    "Topic": ("TopicConfigurations", "TopicArn", "sns"),
    "CloudFunction": ("LambdaFunctionConfigurations", "LambdaFunctionArn", "lambda"),
}
_KINDS: Mapping[str, tuple[str, ...]] = {
    "ObjectCreated": ("*", "Put", "Post", "Copy", "CompleteMultipartUpload"),
    "ObjectRemoved": ("*", "Delete", "DeleteMarkerCreated"),
    "ObjectRestore": ("*", "Post", "Completed", "Delete"),
    "Replication": (
        "*",
        "OperationFailedReplication",
        "OperationNotTracked",
        "OperationMissedThreshold",
        "OperationReplicatedAfterThreshold",
    ),
    "ObjectAcl": ("Put",),
    "LifecycleExpiration": ("*", "Delete", "DeleteMarkerCreated"),
    "ObjectTagging": ("*", "Put", "Delete"),
}
EVENTS = frozenset(f"s3:{kind}:{what}" for kind, every in _KINDS.items() for what in every) | {
    "s3:ReducedRedundancyLostObject",
    "s3:LifecycleTransition",
    "s3:IntelligentTiering",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One destination: which events of which keys go there. ``events`` carry their ``s3:`` prefix."""

    id: str
    kind: Kind
    arn: str
    events: tuple[str, ...]
    prefix: str = ""
    suffix: str = ""
    filters: tuple[tuple[str, str], ...] = ()  # as they are shown again

    def covers(self, event: str, key: str) -> bool:
        """``event`` such as ``s3:ObjectCreated:Put``."""
        return self.wants(event) and key.startswith(self.prefix) and key.endswith(self.suffix)

    def wants(self, event: str) -> bool:
        return event in self.events or f"{event.rpartition(':')[0]}:*" in self.events

    def overlaps(self, other: Rule) -> bool:
        """Whether some event of some key would go to both."""
        if not any(_share(one, two) for one in self.events for two in other.events):
            return False
        prefixes = self.prefix.startswith(other.prefix) or other.prefix.startswith(self.prefix)
        return prefixes and (self.suffix.endswith(other.suffix) or other.suffix.endswith(self.suffix))

    def shown(self) -> dict[str, Any]:
        document: dict[str, Any] = {"Id": self.id, MEMBERS[self.kind][1]: self.arn, "Events": list(self.events)}
        if self.filters:
            document["Filter"] = {"Key": {"FilterRules": [{"Name": name, "Value": value} for name, value in self.filters]}}
        return document


@dataclass(frozen=True, slots=True)
class NotificationConfiguration:
    rules: tuple[Rule, ...] = ()
    event_bridge: bool = False

    def matching(self, event: str, key: str) -> Iterator[Rule]:
        return (rule for rule in self.rules if rule.covers(event, key))

    def shown(self) -> dict[str, Any]:
        """GetBucketNotificationConfiguration's answer."""
        document: dict[str, Any] = {}
        for kind, (member, _, _) in MEMBERS.items():
            rules = [rule.shown() for rule in self.rules if rule.kind == kind]
            if rules:
                document[member] = rules
        return document | ({"EventBridgeConfiguration": {}} if self.event_bridge else {})


def parse(document: Mapping[str, Any], region: str, new_id: Callable[[], str]) -> NotificationConfiguration:
    """Raises AwsError. ``new_id`` makes a UUID for a rule without an ``Id``: S3 shows it in base64."""
    rules = [
        _rule(kind, given, region, new_id) for kind, (member, _, _) in MEMBERS.items() for given in document.get(member) or ()
    ]
    if len({rule.id for rule in rules}) < len(rules):
        raise _invalid("Same ID used for multiple configurations. IDs must be unique")  # reported by users of S3
    for one, two in combinations(rules, 2):
        if one.overlaps(two):  # as users of S3 report it
            raise _invalid(
                "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are "
                "overlapping for the same event type."
            )
    return NotificationConfiguration(tuple(rules), document.get("EventBridgeConfiguration") is not None)


def _rule(kind: Kind, given: Mapping[str, Any], region: str, new_id: Callable[[], str]) -> Rule:
    _, arn_member, service = MEMBERS[kind]
    arn = str(given.get(arn_member, ""))
    try:
        where = Arn.parse(arn)
    except ValueError:
        where = None
    if where is None or where.service != service or not where.account or not where.resource:
        raise _invalid("The ARN could not be parsed", {"ArgumentName": kind, "ArgumentValue": arn})
    if where.region != region:
        raise _invalid("The notification destination service region is not valid for the bucket location constraint")
    events = tuple(str(event) for event in given.get("Events") or ())
    if not events:
        message = "The XML you provided was not well-formed or did not validate against our published schema"
        raise AwsError("MalformedXML", message)
    unknown = next((event for event in events if event not in EVENTS), None)
    if unknown is not None:
        fields = {"ArgumentName": "Event", "ArgumentValue": unknown}
        raise _invalid("A specified event is not supported for notifications.", fields)
    filters = _filters(given)
    named = {name.lower(): value for name, value in filters}
    identifier = str(given.get("Id") or base64.b64encode(new_id().encode()).decode())
    return Rule(identifier, kind, arn, events, named.get("prefix", ""), named.get("suffix", ""), filters)


def _filters(given: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    rules = ((given.get("Filter") or {}).get("Key") or {}).get("FilterRules") or ()
    found = []
    for rule in rules:
        name = str(rule.get("Name", ""))
        if name.lower() not in ("prefix", "suffix"):
            fields = {"ArgumentName": "FilterRule.Name", "ArgumentValue": name}
            raise _invalid("filter rule name must be either prefix or suffix", fields)
        found.append((name.capitalize(), str(rule.get("Value") or "")))
    if len({name for name, _ in found}) < len(found):
        raise _invalid("Cannot specify more than one prefix or suffix rule in a filter.", {"ArgumentName": "FilterRule.Name"})
    return tuple(found)


def refused(reasons: Mapping[str, str]) -> AwsError:
    """Destinations that do not exist or do not let S3 in, all of them, by ARN."""
    fields: dict[str, str] = {}
    for number, (arn, reason) in enumerate(reasons.items(), 1):
        fields[f"ArgumentName{number}"] = arn
        fields[f"ArgumentValue{number}"] = reason
    return _invalid("Unable to validate the following destination configurations", fields)


def _share(one: str, two: str) -> bool:
    return one == two or (one.endswith("*") and two.startswith(one[:-1])) or (two.endswith("*") and one.startswith(two[:-1]))


def _invalid(message: str, fields: Mapping[str, str] | None = None) -> AwsError:
    return AwsError("InvalidArgument", message, 400, fields=fields)
