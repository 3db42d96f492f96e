"""The SNS messages a deployment group's triggers ask for (CodeDeploy user guide, "JSON data formats for triggers")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.arn import Arn
from sandbox.clock import Clock
from sandbox.delivery.errand import Messenger, Sender, compact
from sandbox.errors import AwsError
from sandbox.rollout.deployment import Deployment

_STATUS = {"Start": "CREATED", "Success": "SUCCEEDED", "Failure": "FAILED", "Stop": "STOPPED", "Rollback": "FAILED"}


class Notices:
    def __init__(self, messenger: Messenger, clock: Clock) -> None:
        self._messenger = messenger
        self._clock = clock

    def tell(self, deployment: Deployment, what: str, sender: Sender) -> None:
        """``what`` is Start, Success, Failure, Stop or Rollback. A topic that refuses changes nothing about the deployment."""
        for trigger in deployment.group.triggers:
            if f"Deployment{what}" in (trigger.get("triggerEvents") or ()):
                body = compact(self._message(deployment, str(trigger.get("triggerName", "")), what))
                group = deployment.group
                subject = f"{_STATUS[what]}: AWS CodeDeploy {deployment.id} in {group.region} to {group.name}"
                topic = str(Arn.parse(trigger["triggerTargetArn"]))
                self._messenger.send(sender.to_topic(topic, body, Subject=subject[:100]), _nothing)

    def _message(self, deployment: Deployment, trigger: str, what: str) -> dict[str, Any]:
        group = deployment.group
        message = {
            "region": group.region,
            "accountId": group.account_id,
            "eventTriggerName": trigger,
            "applicationName": group.application,
            "deploymentId": deployment.id,
            "deploymentGroupName": group.name,
            "createTime": f"{deployment.created:%a %b %d %H:%M:%S UTC %Y}",
            "completeTime": f"{deployment.completed:%a %b %d %H:%M:%S UTC %Y}" if deployment.completed else None,
            "status": _STATUS[what],
        }
        if deployment.error:
            code, text = deployment.error
            message["errorInformation"] = compact({"ErrorCode": code, "ErrorMessage": text})
        return message


def _nothing(_outcome: Mapping[str, Any] | AwsError) -> None:
    """The refusal is in the call log."""
