"""What a template is given: parameters checked against their declarations, pseudo parameters, capabilities."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from sandbox.deployment.template import Template, capabilities, invalid, transforms
from sandbox.errors import AwsError

_PATTERN_S = 0.5  # ours
_SSM = "AWS::SSM::Parameter::Value<"
OfSsm = Callable[[str], str]


def parameters(
    template: Template, given: list[Mapping[str, Any]], before: Mapping[str, str], of_ssm: OfSsm
) -> tuple[dict[str, str], dict[str, Any]]:
    """As given, and as ``Ref`` sees them (lists split, SSM parameters looked up). ValidationError says what does not fit."""
    declared: dict[str, Any] = template.get("Parameters") or {}
    texts: dict[str, str] = {}
    for row in given:
        name = row["ParameterKey"]
        if row.get("UsePreviousValue"):
            if name in before:
                texts[name] = before[name]
        else:
            texts[name] = str(row.get("ParameterValue", ""))
    unknown = [name for name in texts if name not in declared]
    if unknown:
        raise invalid(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    missing = [name for name, rule in declared.items() if name not in texts and "Default" not in rule]
    if missing:
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    full = {name: texts.get(name, _default(rule)) for name, rule in declared.items()}
    seen: dict[str, Any] = {}
    for name, rule in declared.items():
        _check(name, full[name], rule)
        seen[name] = _seen(full[name], str(rule.get("Type", "String")), of_ssm)
    return full, seen


def hidden(template: Template) -> frozenset[str]:
    rows: dict[str, Any] = template.get("Parameters") or {}
    return frozenset(name for name, rule in rows.items() if str(rule.get("NoEcho")).lower() == "true")


def pseudo(account_id: str, region: str, name: str, stack_id: str, notifications: list[str]) -> dict[str, Any]:
    return {
        "AWS::AccountId": account_id,
        "AWS::Region": region,
        "AWS::StackName": name,
        "AWS::StackId": stack_id,
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
        "AWS::NotificationARNs": notifications,
    }


def acknowledged(template: Template, original: Template, given: list[str], *, reviewed: bool) -> None:
    """InsufficientCapabilitiesException unless everything dangerous was acknowledged; macros in a change set need not be."""
    needed = capabilities(template)
    held = set(given) | ({"CAPABILITY_IAM"} if "CAPABILITY_NAMED_IAM" in given else set())
    macros = [name for name in transforms(original) if name != "AWS::LanguageExtensions"]
    if macros and not reviewed:
        needed.append("CAPABILITY_AUTO_EXPAND")
    lacking = [one for one in needed if one not in held]
    if lacking:
        raise AwsError("InsufficientCapabilitiesException", f"Requires capabilities : [{', '.join(lacking)}]")


def _default(rule: Mapping[str, Any]) -> str:
    value = rule.get("Default")
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _check(name: str, value: str, rule: Mapping[str, Any]) -> None:
    allowed = rule.get("AllowedValues")
    if allowed is not None and value not in [_default({"Default": one}) for one in allowed]:
        listed = ", ".join(map(str, allowed))
        raise invalid(
            f"Parameter '{name}' must be one of AllowedValues"
            if len(listed) > 300
            else _why(name, rule, f"must be one of AllowedValues: [{listed}]")
        )
    pattern = rule.get("AllowedPattern")
    if pattern and not _matches(str(pattern), value):
        raise invalid(_why(name, rule, f"must match pattern {pattern}"))
    if rule.get("Type") == "Number":
        try:
            number = float(value)
        except ValueError as error:
            raise invalid(_why(name, rule, "must be a number.")) from error
        if "MinValue" in rule and number < float(rule["MinValue"]):
            raise invalid(_why(name, rule, f"must be a number not less than {rule['MinValue']}"))
        if "MaxValue" in rule and number > float(rule["MaxValue"]):
            raise invalid(_why(name, rule, f"must be a number not greater than {rule['MaxValue']}"))
    if "MinLength" in rule and len(value) < int(rule["MinLength"]):
        raise invalid(_why(name, rule, f"must contain at least {rule['MinLength']} characters"))
    if "MaxLength" in rule and len(value) > int(rule["MaxLength"]):
        raise invalid(_why(name, rule, f"must contain at most {rule['MaxLength']} characters"))


def _matches(pattern: str, value: str) -> bool:
    """The pattern is the template's, and Python's own engine can be kept busy for ever: ``regex`` knows a time limit. In the
    page, which does without it, the template is the reader's own.
    """
    try:
        engine = import_module("regex")
        within = {"timeout": _PATTERN_S}
    except ModuleNotFoundError:
        engine, within = re, {}
    try:
        return engine.fullmatch(pattern, value, **within) is not None
    except TimeoutError:
        raise invalid(f"Template error: AllowedPattern {pattern} takes too long to match") from None
    except (engine.error, RecursionError, OverflowError) as error:
        raise invalid(f"Template error: AllowedPattern {pattern} is not a valid regular expression: {error}") from error


def _why(name: str, rule: Mapping[str, Any], why: str) -> str:
    described = rule.get("ConstraintDescription")
    return f"Parameter {name} failed to satisfy constraint: {described}" if described else f"Parameter '{name}' {why}"


def _seen(value: str, kind: str, of_ssm: OfSsm) -> Any:
    if kind.startswith(_SSM):
        value, kind = of_ssm(value), kind[len(_SSM) : -1]
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return [one.strip() for one in value.split(",")]
    return value
