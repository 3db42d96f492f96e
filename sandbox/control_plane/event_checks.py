"""What EventBridge looks at before it stores a rule or its targets; a refused call leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sandbox import facts
from sandbox.arn import Arn
from sandbox.errors import AwsError
from sandbox.triggers.event_input import fits
from sandbox.triggers.event_pattern import PatternError, validate
from sandbox.triggers.event_target import ROLE_NEEDED
from sandbox.triggers.schedule_expression import ScheduleError, parse


def pattern_of(text: str) -> dict[str, Any]:
    """A pattern, or InvalidEventPatternException."""
    try:
        pattern = json.loads(text)
    except ValueError:
        raise _bad_pattern("Filter is not valid JSON") from None
    try:
        validate(pattern)
    except PatternError as error:
        raise _bad_pattern(str(error)) from error
    found: dict[str, Any] = pattern
    return found


def check_rule(params: Mapping[str, Any]) -> None:
    if params.get("EventPattern"):
        pattern_of(str(params["EventPattern"]))
    if params.get("ScheduleExpression"):
        if str(params.get("EventBusName") or "default").rsplit("/", 1)[-1] != "default":
            raise AwsError("ValidationException", "ScheduleExpression is supported only on the default event bus.")
        try:
            parse(str(params["ScheduleExpression"]))
        except ScheduleError:
            raise AwsError("ValidationException", "Parameter ScheduleExpression is not valid.") from None


def check_targets(targets: Iterable[Mapping[str, Any]], there: Sequence[Mapping[str, Any]]) -> None:
    names = {str(target["Id"]) for target in there}
    for target in targets:
        _check_target(target)
        names.add(str(target["Id"]))
    if len(names) > facts.limit("rule_targets"):
        raise AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.")


def _check_target(target: Mapping[str, Any]) -> None:
    text = str(target["Arn"])
    try:
        arn = Arn.parse(text)
    except ValueError:
        message = f"Parameter {text} is not valid. Reason: Provided Arn is not in correct format."
        raise AwsError("ValidationException", message) from None
    bus = arn.service == "events" and not arn.resource.startswith("event-bus/")
    if arn.service in ROLE_NEEDED and not bus and not target.get("RoleArn"):
        raise AwsError("ValidationException", f"RoleArn is required for target {text}.")
    if sum(target.get(name) is not None for name in ("Input", "InputPath", "InputTransformer")) > 1:
        message = f"Only one of Input, InputPath, or InputTransformer must be provided for target {target['Id']}."
        raise AwsError("ValidationException", message)
    if target.get("Input") is not None:
        _check_json(str(target["Input"]), str(target["Id"]))
    transformer = target.get("InputTransformer")
    if transformer:
        why = fits(str(transformer.get("InputTemplate") or ""), frozenset(transformer.get("InputPathsMap") or ()))
        if why:
            raise AwsError("ValidationException", why.replace("target id", f"target {target['Id']}"))
    queue = str((target.get("DeadLetterConfig") or {}).get("Arn") or "")
    if queue and (":sqs:" not in queue or queue.endswith(".fifo")):
        message = f"Parameter(s) DeadLetterConfig.Arn not valid for target {target['Id']}: a standard SQS queue is needed."
        raise AwsError("ValidationException", message)


def _check_json(text: str, name: str) -> None:
    try:
        json.loads(text)
    except ValueError:
        raise AwsError("ValidationException", f"JSON syntax error in input for target {name}.") from None


def _bad_pattern(reason: str) -> AwsError:
    return AwsError("InvalidEventPatternException", f"Event pattern is not valid. Reason: {reason}")
