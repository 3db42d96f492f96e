"""Custom resources: a function is told what happens and answers to a signed address."""

from __future__ import annotations

import json
from typing import Any

from sandbox.deployment.kind import KINDS, Api, Kind, ResourceError, Signal, Steps, Work

_TIMEOUT_S = 3600.0  # template reference, AWS::CloudFormation::CustomResource, "ServiceTimeout"


def _ask(work: Work, request_type: str) -> Steps:
    """Invoke the function (or publish to the topic) and wait for its answer."""
    lent = work.context
    token = str(work.properties.get("ServiceToken", ""))
    if ":lambda:" not in token and ":sns:" not in token:
        raise ResourceError("ServiceToken must be the ARN of a function or a topic.")
    request_id = work.ids.uuid()
    mailbox = lent.mailbox(request_id, float(work.properties.get("ServiceTimeout") or _TIMEOUT_S))
    event: dict[str, Any] = {
        "RequestType": request_type,
        "ServiceToken": token,
        "ResponseURL": mailbox.url,
        "StackId": work.stack_id,
        "RequestId": request_id,
        "LogicalResourceId": work.logical_id,
        "ResourceType": work.type,
        "ResourceProperties": _texts({name: value for name, value in work.properties.items() if name != "ServiceTimeout"}),
    }
    if request_type != "Create":
        event["PhysicalResourceId"] = work.physical_id
    if request_type == "Update":
        event["OldResourceProperties"] = _texts(work.old)
    if ":sns:" in token:
        body = json.dumps(event)
        yield Api("sns", "Publish", {"TopicArn": token, "Message": body, "Subject": "AWS CloudFormation custom resource request"})
    else:
        payload = json.dumps(event).encode()
        yield Api("lambda", "Invoke", {"FunctionName": token, "InvocationType": "Event", "Payload": payload})
    answer = yield Signal(mailbox.wait)
    _heed(work, answer, request_id)


def _heed(work: Work, answer: Any, request_id: str) -> None:
    if not isinstance(answer, dict):
        raise ResourceError(
            "CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId "
            f"[{request_id}]. If you are using the Python cfn-response module, you may need to update your Lambda function code."
        )
    reason = answer.get("Reason") or "No reason given."
    if answer.get("PhysicalResourceId"):
        work.physical_id = str(answer["PhysicalResourceId"])
    if answer.get("Status") != "SUCCESS":
        raise ResourceError(f"Received response status [FAILED] from custom resource. Message returned: {reason}")
    work.attributes.clear()
    work.attributes.update(answer.get("Data") or {})


def _create(work: Work) -> Steps:
    yield from _ask(work, "Create")


def _update(work: Work) -> Steps:
    yield from _ask(work, "Update")


def _delete(work: Work) -> Steps:
    yield from _ask(work, "Delete")


def _texts(value: Any) -> Any:
    """CloudFormation hands every scalar over as text."""
    if isinstance(value, dict):
        return {key: _texts(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value


CUSTOM = Kind(
    "AWS::CloudFormation::CustomResource",
    _create,
    _delete,
    _update,
    frozenset(),
    frozenset({"ServiceToken"}),
    frozenset({"ServiceToken"}),
    open=True,
)
KINDS[CUSTOM.type] = CUSTOM
