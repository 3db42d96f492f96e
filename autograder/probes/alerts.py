"""Which alarms told whom: what CloudWatch itself published to the alert topic, and what each alarm would act on."""

from __future__ import annotations

import json
from typing import Any

from autograder.evidence import Evidence


def ringing(evidence: Evidence, window: str) -> list[str]:
    """Names of the alarms that told the alert topic of ALARM in this window."""
    if not _published(evidence, window):
        return []
    told = [_document(message.body) for message in evidence.during(window, evidence.alerts)]
    return [str(found.get("AlarmName")) for found in told if found.get("NewStateValue") == "ALARM"]


def alarm_actions(clients: Any) -> dict[str, list[str]]:
    """ARNs each alarm acts on, composite ones too; none when its actions are switched off."""
    found = clients("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    return {
        row["AlarmName"]: row["AlarmActions"] if row["ActionsEnabled"] else []
        for section in ("MetricAlarms", "CompositeAlarms")
        for row in found.get(section, ())
    }


def alarm_states(clients: Any) -> dict[str, str]:
    """The state each alarm is in now, composite ones too."""
    found = clients("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    return {
        row["AlarmName"]: row["StateValue"] for section in ("MetricAlarms", "CompositeAlarms") for row in found.get(section, ())
    }


def mail_subscribed(clients: Any, topic: str) -> list[str]:
    """Addresses that are subscribed to the topic, confirmed or not."""
    found = clients("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    return [row["Endpoint"] for row in found if row["Protocol"].startswith("email")]


def _published(evidence: Evidence, window: str) -> bool:
    """Whether CloudWatch itself published to a topic: anybody with the permission can send what looks like an alarm."""
    held = evidence.windows.get(window)
    spoken = [
        call for call in evidence.calls if call["principal"] == "cloudwatch.amazonaws.com" and call["operation"] == "Publish"
    ]
    return held is not None and any(held.holds(call["at_ms"] / 1000) for call in spoken)


def _document(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
