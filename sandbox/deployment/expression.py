"""Intrinsic functions: a template's values with everything known put in.

CloudFormation user guide, "Intrinsic function reference" and "Pseudo parameters reference".
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.deployment.template import invalid

_VARIABLE = re.compile(r"\$\{([^!${}][^${}]*)\}")
_LITERAL = re.compile(r"\$\{!([^}]*)\}")
_TEXT_CHARS_MAX = 1 << 20  # ours: functions in one another double a text at every level
_MISSHAPEN = (TypeError, ValueError, IndexError, AttributeError, KeyError)
NO_VALUE = object()
"""What ``AWS::NoValue`` leaves behind: nothing."""

OfResource = Callable[[str, str], Any]
"""Logical id and attribute (empty for Ref): the value; KeyError where there is no such resource or attribute."""


class Scope:
    """``known`` are parameters and pseudo parameters, ``of_resource`` answers for resources, ``export`` for other stacks."""

    def __init__(
        self,
        template: Mapping[str, Any],
        known: Mapping[str, Any],
        of_resource: OfResource,
        export: Callable[[str], str],
    ) -> None:
        self._mappings = template.get("Mappings") or {}
        self._conditions = template.get("Conditions") or {}
        self._known = known
        self._of_resource = of_resource
        self._export = export
        self._judged: dict[str, bool] = {}
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::Split": lambda given: str(self.resolve(given[1])).split(given[0]),
            "Fn::If": self._if,
            "Fn::FindInMap": self._find_in_map,
            "Fn::Base64": lambda given: base64.b64encode(str(self.resolve(given)).encode()).decode(),
            "Fn::ImportValue": lambda given: self._export(str(self.resolve(given))),
            "Fn::GetAZs": lambda given: [f"{self.resolve(given) or known['AWS::Region']}{letter}" for letter in "abc"],
            "Fn::Length": lambda given: len(self.resolve(given)),
            "Fn::ToJsonString": lambda given: json.dumps(self.resolve(given), separators=(",", ":")),
            "Fn::Equals": lambda given: str(self.resolve(given[0])) == str(self.resolve(given[1])),
            "Fn::And": lambda given: all(self._truth(one) for one in given),
            "Fn::Or": lambda given: any(self._truth(one) for one in given),
            "Fn::Not": lambda given: not self._truth(given[0]),
        }

    def resolve(self, value: Any) -> Any:
        """A copy without intrinsics and without what ``AWS::NoValue`` removes."""
        if isinstance(value, list):
            return [one for one in map(self.resolve, value) if one is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name = next(iter(value))
            if name in self._functions:
                made = self._called(name, value[name])
                if isinstance(made, str) and len(made) > _TEXT_CHARS_MAX:
                    raise _too_long(name)
                return made
            if name.startswith("Fn::"):
                raise invalid(f"Template error: the intrinsic function {name} is not supported by this account")
            if name == "Condition" and isinstance(value[name], str):
                return self.condition(value[name])
        found = {key: self.resolve(one) for key, one in value.items()}
        return {key: one for key, one in found.items() if one is not NO_VALUE}

    def _called(self, name: str, given: Any) -> Any:
        """What a template hands a function may have any shape; one that is not the function's is the template's fault."""
        try:
            return self._functions[name](given)
        except _MISSHAPEN as error:
            raise invalid(f"Template error: {name} is not used as it must be ({error})") from error

    def condition(self, name: str) -> bool:
        if name not in self._judged:
            if name not in self._conditions:
                raise invalid(
                    f"Template format error: Unresolved condition dependency {name} in the Conditions block of the template"
                )
            self._judged[name] = False  # a circle ends here
            self._judged[name] = self._truth(self._conditions[name])
        return self._judged[name]

    # -- the functions

    def _truth(self, value: Any) -> bool:
        if isinstance(value, dict) and set(value) == {"Condition"}:
            return self.condition(value["Condition"])
        return self.resolve(value) in (True, "true")

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self._known:
            return self._known[name]
        return self._of_resource(name, "")

    def _get_att(self, given: Any) -> Any:
        name, attribute = (
            given.split(".", 1) if isinstance(given, str) else (given[0], ".".join(map(str, self.resolve(given[1:]))))
        )
        return self._of_resource(name, attribute)

    def _sub(self, given: Any) -> str:
        if not isinstance(given, str | list):
            raise TypeError("it takes a text, or a list of a text and a mapping")
        text, own = (given, {}) if isinstance(given, str) else (given[0], self.resolve(given[1]))
        left = _TEXT_CHARS_MAX

        def put(match: re.Match[str]) -> str:
            nonlocal left
            name = match[1].strip()
            resource, _, attribute = name.partition(".")
            value = own[name] if name in own else self._get_att([resource, attribute]) if attribute else self._ref(name)
            made = _text(value)
            left -= len(made)
            if left < 0:
                raise _too_long("Fn::Sub")
            return made

        return _LITERAL.sub(r"${\1}", _VARIABLE.sub(put, text))

    def _join(self, given: Any) -> str:
        parts = self.resolve(given[1])
        if not isinstance(parts, list):
            raise invalid(
                "Template error: every Fn::Join object requires two parameters, a string delimiter and a list of strings"
            )
        texts, between = list(map(_text, parts)), str(given[0])
        if sum(map(len, texts)) + len(between) * len(texts) > _TEXT_CHARS_MAX:
            raise _too_long("Fn::Join")
        return between.join(texts)

    def _select(self, given: Any) -> Any:
        index, rows = int(self.resolve(given[0])), self.resolve(given[1])
        rows = rows.split(",") if isinstance(rows, str) else rows
        if not 0 <= index < len(rows):
            raise invalid(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
        return rows[index]

    def _if(self, given: Any) -> Any:
        if not isinstance(given, list) or len(given) != 3:
            raise invalid("Template error: Fn::If requires a list argument with three elements")
        return self.resolve(given[1] if self.condition(given[0]) else given[2])

    def _find_in_map(self, given: Any) -> Any:
        names = [str(self.resolve(one)) for one in given[:3]]
        found: Any = self._mappings
        for name in names:
            if not isinstance(found, dict) or name not in found:
                default = given[3].get("DefaultValue") if len(given) > 3 else None
                if default is not None:
                    return self.resolve(default)
                raise invalid(f"Template error: Unable to get mapping for {'::'.join(names)}")
            found = found[name]
        return found


def _too_long(name: str) -> Exception:
    return invalid(f"Template error: {name} makes a text of more than {_TEXT_CHARS_MAX} characters")


def references(value: Any, scope: Scope) -> set[str]:
    """Names a value refers to; of ``Fn::If`` only the branch that is taken."""
    try:
        return _references(value, scope)
    except _MISSHAPEN as error:
        raise invalid(f"Template error: an intrinsic function is not used as it must be ({error})") from error


def _references(value: Any, scope: Scope) -> set[str]:
    if isinstance(value, list):
        return set().union(*(_references(one, scope) for one in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    if "Ref" in value and len(value) == 1:
        return {str(value["Ref"])}
    if "Fn::GetAtt" in value and len(value) == 1:
        held = value["Fn::GetAtt"]
        return {held.split(".", 1)[0] if isinstance(held, str) else str(held[0])}
    if "Fn::If" in value and len(value) == 1 and isinstance(value["Fn::If"], list) and len(value["Fn::If"]) == 3:
        name, yes, no = value["Fn::If"]
        return _references(yes if scope.condition(name) else no, scope)
    if "Fn::Sub" in value and len(value) == 1:
        held = value["Fn::Sub"]
        text, own = (held, {}) if isinstance(held, str) else (held[0], held[1])
        names = {match.strip().partition(".")[0] for match in _VARIABLE.findall(text) if match.strip() not in own}
        return names | _references(own, scope)
    return _references(list(value.values()), scope)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return "" if value is NO_VALUE else str(value)
