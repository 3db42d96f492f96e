"""A state machine's definition, read and checked when it is stored: what would fail, and what this account does not execute.

Words of a refusal: ``Invalid State Machine Definition: 'CODE: message at /States/Name'``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.errors import AwsError
from sandbox.workflows import intrinsic
from sandbox.workflows.choice import OPERATORS
from sandbox.workflows.integration import Knows, parse_resource
from sandbox.workflows.paths import PathRefused, is_reference, parse

_TYPES = frozenset({"Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"})
_ENDINGS = frozenset({"Succeed", "Fail", "Choice"})
_MAP_ONLY_DISTRIBUTED = ("ItemReader", "ItemBatcher", "ResultWriter", "ToleratedFailureCount", "ToleratedFailurePercentage")
_UNSUPPORTED = {"Assign": "variables", "Credentials": "tasks in another role", "QueryLanguage": "JSONata", "Arguments": "JSONata"}
_PATHS = ("InputPath", "OutputPath", "ItemsPath", "SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath")


def read(text: str, kind: str, knows: Knows) -> dict[str, Any]:
    """The definition as data; raises AwsError(InvalidDefinition)."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise invalid(f"INVALID_JSON_DESCRIPTION: {error}") from None
    if not isinstance(found, dict):
        raise invalid("INVALID_JSON_DESCRIPTION: The definition is not an object")
    if found.get("QueryLanguage", "JSONPath") != "JSONPath":
        raise invalid("SCHEMA_VALIDATION_FAILED: JSONata is not executed by this account at /QueryLanguage")
    _Checker(kind, knows).machine(found, "")
    return found


def invalid(reason: str) -> AwsError:
    return AwsError("InvalidDefinition", f"Invalid State Machine Definition: '{reason}'")


class _Checker:
    def __init__(self, kind: str, knows: Knows) -> None:
        self._express = kind == "EXPRESS"
        self._knows = knows

    def machine(self, machine: Mapping[str, Any], where: str) -> None:
        states = machine.get("States")
        if not isinstance(states, dict) or not states:
            raise invalid(f"SCHEMA_VALIDATION_FAILED: These fields are required: [States] at {where or '/'}")
        if machine.get("StartAt") not in states:
            raise invalid(f"MISSING_TRANSITION_TARGET: Missing 'StartAt' target: {machine.get('StartAt')} at {where}/StartAt")
        for name, state in states.items():
            here = f"{where}/States/{name}"
            if not isinstance(state, dict) or state.get("Type") not in _TYPES:
                kind = state.get("Type") if isinstance(state, dict) else None
                raise invalid(f"SCHEMA_VALIDATION_FAILED: {kind} is not a type of state at {here}/Type")
            self._state(state, states, here)

    def _state(self, state: Mapping[str, Any], states: Mapping[str, Any], where: str) -> None:
        for field, what in _UNSUPPORTED.items():
            if field in state and state[field] != "JSONPath":
                raise invalid(f"SCHEMA_VALIDATION_FAILED: {what} ({field}) is not executed by this account at {where}/{field}")
        for target in _targets(state):
            if target not in states:
                raise invalid(f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {target} at {where}")
        if state["Type"] not in _ENDINGS and not state.get("End") and "Next" not in state:
            raise invalid(f"MISSING_END_STATE: The state needs Next or End at {where}")
        self._paths(state, where)
        check = getattr(self, f"_{str(state['Type']).lower()}", None)
        if check is not None:
            check(state, where)

    def _paths(self, state: Mapping[str, Any], where: str) -> None:
        for field in _PATHS:
            if isinstance(state.get(field), str):
                _check_path(state[field], f"{where}/{field}")
        result = state.get("ResultPath")
        if isinstance(result, str) and (not is_reference(result) or result.startswith("$$")):
            raise invalid(f"INVALID_PATH: {result} is not a reference path at {where}/ResultPath")
        for field in ("Parameters", "ResultSelector", "ItemSelector"):
            for path, inner in _dynamic(state.get(field), f"{where}/{field}"):
                _check_path(path, inner)

    def _task(self, state: Mapping[str, Any], where: str) -> None:
        resource = state.get("Resource")
        if not isinstance(resource, str):
            raise invalid(f"SCHEMA_VALIDATION_FAILED: The field 'Resource' is required at {where}/Resource")
        try:
            found = parse_resource(resource, self._knows)
        except ValueError as error:
            raise invalid(f"SCHEMA_VALIDATION_FAILED: {error} at {where}/Resource") from None
        if self._express and found.pattern:
            message = f"Express state machine does not support '.{found.pattern}' service integration"
            raise invalid(f"SCHEMA_VALIDATION_FAILED: {message} at {where}/Resource")

    def _choice(self, state: Mapping[str, Any], where: str) -> None:
        if not state.get("Choices"):
            raise invalid(f"SCHEMA_VALIDATION_FAILED: The field 'Choices' is required at {where}/Choices")
        for number, rule in enumerate(state["Choices"]):
            if "Next" not in rule:
                raise invalid(f"SCHEMA_VALIDATION_FAILED: The field 'Next' is required at {where}/Choices[{number}]")
            _check_rule(rule, f"{where}/Choices[{number}]")

    def _wait(self, state: Mapping[str, Any], where: str) -> None:
        if sum(name in state for name in ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")) != 1:
            raise invalid(f"SCHEMA_VALIDATION_FAILED: Exactly one of Seconds, SecondsPath, Timestamp, TimestampPath at {where}")

    def _parallel(self, state: Mapping[str, Any], where: str) -> None:
        if not state.get("Branches"):
            raise invalid(f"SCHEMA_VALIDATION_FAILED: The field 'Branches' is required at {where}/Branches")
        for number, branch in enumerate(state["Branches"]):
            self.machine(branch, f"{where}/Branches[{number}]")

    def _map(self, state: Mapping[str, Any], where: str) -> None:
        processor = state.get("ItemProcessor") or state.get("Iterator")
        if not isinstance(processor, dict):
            raise invalid(f"SCHEMA_VALIDATION_FAILED: The field 'ItemProcessor' is required at {where}/ItemProcessor")
        distributed = (processor.get("ProcessorConfig") or {}).get("Mode") == "DISTRIBUTED"
        if distributed or any(name in state for name in _MAP_ONLY_DISTRIBUTED):
            raise invalid(f"SCHEMA_VALIDATION_FAILED: Distributed Map is not executed by this account at {where}")
        self.machine(processor, f"{where}/ItemProcessor")


def _targets(state: Mapping[str, Any]) -> Iterator[str]:
    if "Next" in state:
        yield state["Next"]
    if "Default" in state:
        yield state["Default"]
    for rule in (*(state.get("Choices") or ()), *(state.get("Catch") or ())):
        if "Next" in rule:
            yield rule["Next"]


def _dynamic(template: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(template, dict):
        for name, value in template.items():
            if name.endswith(".$"):
                yield str(value), f"{where}/{name}"
            else:
                yield from _dynamic(value, f"{where}/{name}")
    elif isinstance(template, list):
        for each in template:
            yield from _dynamic(each, where)


def _check_path(text: str, where: str) -> None:
    if intrinsic.is_call(text):
        why = intrinsic.check(text)
        if why:
            raise invalid(f"SCHEMA_VALIDATION_FAILED: {why} at {where}")
        return
    try:
        parse(text[1:] if text.startswith("$$") else text)
    except PathRefused as error:
        raise invalid(f"SCHEMA_VALIDATION_FAILED: The value for the field must be a valid JSONPath: {error} at {where}") from None


def _check_rule(rule: Mapping[str, Any], where: str) -> None:
    for name in ("And", "Or"):
        if name in rule:
            for each in rule[name]:
                _check_rule(each, f"{where}/{name}")
            return
    if "Not" in rule:
        _check_rule(rule["Not"], f"{where}/Not")
        return
    if "Condition" in rule:
        raise invalid(f"SCHEMA_VALIDATION_FAILED: JSONata (Condition) is not executed by this account at {where}")
    if "Variable" not in rule or sum(name in OPERATORS for name in rule) != 1:
        raise invalid(f"SCHEMA_VALIDATION_FAILED: A rule needs a Variable and one comparison at {where}")
    _check_path(str(rule["Variable"]), f"{where}/Variable")
