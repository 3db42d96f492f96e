"""Step Functions."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.deployment.kind import Api, ResourceError, Steps, Work, kind

_SLOT = re.compile(r"\$\{([A-Za-z0-9_]+)\}")


def _definition(work: Work) -> Steps:
    """Sets ``work.attributes['definition']``: text, object or an S3 object, with the substitutions put in."""
    text: Any = work.get("DefinitionString")
    if work.get("DefinitionS3Location"):
        place = work.properties["DefinitionS3Location"]
        where = {
            "Bucket": place["Bucket"],
            "Key": place["Key"],
            **({"VersionId": place["Version"]} if place.get("Version") else {}),
        }
        answer = yield Api("s3", "GetObject", where)
        body = answer["Body"]
        text = (body.read() if hasattr(body, "read") else body).decode()
    elif work.get("Definition") is not None:
        text = json.dumps(work.properties["Definition"])
    if text is None:
        raise ResourceError("Property validation failure: one of DefinitionString, Definition, DefinitionS3Location is required")
    held = {str(key): str(value) for key, value in (work.get("DefinitionSubstitutions") or {}).items()}
    work.attributes["definition"] = _SLOT.sub(lambda match: held.get(match[1], match[0]), str(text))


def _given(work: Work) -> dict[str, Any]:
    given = work.pick("RoleArn", "LoggingConfiguration", "TracingConfiguration", "EncryptionConfiguration")
    return {**given, "definition": work.attributes.pop("definition")}


def _create(work: Work) -> Steps:
    yield from _definition(work)
    name = work.name("StateMachineName", 80)
    kind_ = {"type": work.properties["StateMachineType"]} if work.get("StateMachineType") else {}
    tags = {"tags": [{"key": key, "value": value} for key, value in work.all_tags().items()]} if work.all_tags() else {}
    answer = yield Api("stepfunctions", "CreateStateMachine", {"name": name, **kind_, **_given(work), **tags})
    work.physical_id = answer["stateMachineArn"]
    work.only(Arn=work.physical_id, Name=name)


def _update(work: Work) -> Steps:
    yield from _definition(work)
    yield Api("stepfunctions", "UpdateStateMachine", {"stateMachineArn": work.physical_id, **_given(work)})


def _delete(work: Work) -> Steps:
    yield Api("stepfunctions", "DeleteStateMachine", {"stateMachineArn": work.physical_id})


kind(
    "AWS::StepFunctions::StateMachine", _create, _delete, _update,
    props="Definition DefinitionString DefinitionS3Location DefinitionSubstitutions LoggingConfiguration TracingConfiguration "
    "EncryptionConfiguration Tags",
    required="RoleArn", fixed="StateMachineName StateMachineType",
)  # fmt: skip
