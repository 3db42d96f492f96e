"""What a deployment will do: the template read and judged against what the stack has now. Nothing is made here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.deployment import inputs, template
from sandbox.deployment.expression import Scope
from sandbox.deployment.kind import KINDS, Kind
from sandbox.deployment.kinds.custom import CUSTOM
from sandbox.deployment.order import dependencies, ordered
from sandbox.deployment.stack import Resource, Stack
from sandbox.deployment.template import Template, invalid

UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"
OfExport = Callable[[str], str]


def kind_of(name: str) -> Kind | None:
    return CUSTOM if name.startswith("Custom::") else KINDS.get(name)


@dataclass(slots=True)
class Wanted:
    """A request to create or update, before it is judged."""

    text: str
    parameters: list[Mapping[str, Any]]
    capabilities: list[str]
    tags: dict[str, str]
    role_arn: str = ""
    notifications: list[str] | None = None
    reviewed: bool = False  # through a change set, which shows what macros made of the template


class Plan:
    """``order`` are the logical ids to make or change, dependencies first; ``gone`` what the template no longer has."""

    def __init__(
        self,
        stack: Stack,
        wanted: Wanted,
        transform: Callable[[Template, Mapping[str, Any]], Template],
        of_ssm: inputs.OfSsm,
        export: OfExport,
    ) -> None:
        original = template.parse(wanted.text)
        self.wanted = wanted
        self.parameters, seen = inputs.parameters(original, wanted.parameters, stack.parameters, of_ssm)
        notifications = wanted.notifications or []
        pseudo = inputs.pseudo(stack.account_id, stack.region, stack.name, stack.id, notifications)
        self.known = {**seen, **pseudo}
        self.template = transform(original, self.known)
        template.check(self.template)
        inputs.acknowledged(self.template, original, wanted.capabilities, reviewed=wanted.reviewed)
        self.resources_of: dict[str, Resource] = dict(stack.resources)
        self.scope = Scope(self.template, self.known, self._of_resource, export)
        declared: dict[str, Any] = self.template["Resources"]
        unrecognized = sorted({str(row["Type"]) for row in declared.values() if kind_of(str(row["Type"])) is None})
        if unrecognized:
            raise invalid(f"Template format error: Unrecognized resource types: [{', '.join(unrecognized)}]")
        self.declared = {name: row for name, row in declared.items() if self._exists(row)}
        self.depends = dependencies(self.declared, self._also(declared), self.scope)
        self.order = ordered(self.depends)
        self.gone = [name for name in stack.resources if name not in self.declared]
        self.hidden = inputs.hidden(original)

    def _exists(self, row: Mapping[str, Any]) -> bool:
        return "Condition" not in row or self.scope.condition(str(row["Condition"]))

    def _also(self, declared: Mapping[str, Any]) -> dict[str, Any]:
        """A reference to a resource whose condition is false is refused when it is resolved, not as unknown."""
        return {**self.known, **{name: None for name in declared if name not in self.declared}}

    def _of_resource(self, name: str, attribute: str) -> Any:
        resource = self.resources_of.get(name)
        if resource is None or not resource.physical_id:
            if name in self.template["Resources"]:
                return UNKNOWN
            raise invalid(f"Template error: instance of Fn::GetAtt references undefined resource {name}")
        return value_of(resource, attribute)

    def properties(self, name: str) -> dict[str, Any]:
        found = self.scope.resolve(self.declared[name].get("Properties") or {})
        if not isinstance(found, dict):
            raise invalid(f"Template format error: [/Resources/{name}/Properties] must be an object.")
        return dict(found)

    def outputs(self) -> list[dict[str, Any]]:
        rows = []
        for name, row in (self.template.get("Outputs") or {}).items():
            if not self._exists(row):
                continue
            value = self.scope.resolve(row["Value"])
            shown = {"OutputKey": name, "OutputValue": ",".join(map(str, value)) if isinstance(value, list) else _text(value)}
            if row.get("Description"):
                shown["Description"] = str(row["Description"])
            if row.get("Export"):
                shown["ExportName"] = str(self.scope.resolve(row["Export"]["Name"]))
            rows.append(shown)
        return rows

    def changes(self, stack: Stack) -> list[dict[str, Any]]:
        """A change set's rows, in the order of work."""
        rows = []
        for name in self.order:
            had, kind = stack.resources.get(name), kind_of(str(self.declared[name]["Type"]))
            if had is None or not had.physical_id:
                rows.append(_row("Add", name, str(self.declared[name]["Type"])))
                continue
            now = self.properties(name)
            changed = sorted(key for key in {*now, *had.properties} if now.get(key) != had.properties.get(key))
            if changed and kind is not None:
                replaces = kind.replaces(had.properties, now)
                more = {
                    "PhysicalResourceId": had.physical_id,
                    "Replacement": "True" if replaces else "False",
                    "Scope": ["Properties"],
                }
                details = [_detail(key, replaces and (kind.update is None or key in kind.immutable)) for key in changed]
                rows.append(_row("Modify", name, had.type, **more, Details=details))
        for name in self.gone:
            had = stack.resources[name]
            rows.append(_row("Remove", name, had.type, PhysicalResourceId=had.physical_id))
        return rows


def value_of(resource: Resource, attribute: str) -> Any:
    """Ref (no attribute) or GetAtt."""
    if not attribute:
        return resource.physical_id
    if attribute in resource.attributes:
        return resource.attributes[attribute]
    raise invalid(f"Template error: resource {resource.logical_id} does not support attribute type {attribute} in Fn::GetAtt")


def _row(action: str, name: str, kind: str, **more: Any) -> dict[str, Any]:
    held = {"Action": action, "LogicalResourceId": name, "ResourceType": kind, "Scope": [], "Details": [], **more}
    return {"Type": "Resource", "ResourceChange": held}


def _detail(name: str, recreates: bool) -> dict[str, Any]:
    target = {"Attribute": "Properties", "Name": name, "RequiresRecreation": "Always" if recreates else "Never"}
    return {"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification"}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
