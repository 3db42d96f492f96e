"""A template's text as data: JSON, or YAML with the short forms (``!Ref``, ``!GetAtt a.b``), and its outer shape checked.

CloudFormation user guide, "Template anatomy"; the wording of refusals is recorded
(localstack/localstack tests/aws/services/cloudformation/*.snapshot.json).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from sandbox.errors import AwsError

TEMPLATE_BYTES_MAX = 1_048_576  # from S3; a body in the request is limited to 51,200
_VALUES_MAX = 200_000  # ours, as are the levels: aliases make a short text a tree without end
_LEVELS_MAX = 100
# What XML 1.0 cannot hold ("Characters"), and so no answer about the stack: escapes in JSON or YAML write it all the same.
_IN_NO_ANSWER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SECTIONS = frozenset(
    [
        "AWSTemplateFormatVersion",
        "Description",
        "Metadata",
        "Parameters",
        "Rules",
        "Mappings",
        "Conditions",
        "Transform",
        "Resources",
        "Outputs",
        "Globals",
        "Hooks",
    ]
)
_OBJECTS = ("Parameters", "Mappings", "Conditions", "Resources", "Outputs", "Globals")
_OF_OBJECTS = ("Parameters", "Mappings", "Outputs")
_ATTRIBUTES = frozenset(
    [
        "Type",
        "Properties",
        "DependsOn",
        "Condition",
        "Metadata",
        "DeletionPolicy",
        "UpdateReplacePolicy",
        "UpdatePolicy",
        "CreationPolicy",
    ]
)
Template = dict[str, Any]


def invalid(message: str) -> AwsError:
    return AwsError("ValidationError", message)


def parse(text: str) -> Template:
    """AwsError (ValidationError) says what is wrong."""
    if len(text.encode()) > TEMPLATE_BYTES_MAX:
        raise invalid(f"Template may not exceed {TEMPLATE_BYTES_MAX} bytes in size.")
    try:
        template = _loaded(text)
        _weigh(template, {}, 0)
    except RecursionError:
        raise invalid("Template format error: nested too deeply.") from None
    if not isinstance(template, dict):
        raise invalid("Template format error: unsupported structure.")
    unknown = [name for name in template if name not in _SECTIONS]
    if unknown:
        raise invalid(f"Invalid template property or properties [{', '.join(map(str, unknown))}]")
    _check_sections(template)
    version = template.get("AWSTemplateFormatVersion")
    if version is not None and str(version) != "2010-09-09":
        raise invalid("Template format error: unsupported value for AWSTemplateFormatVersion.")
    return template


def check(template: Template) -> None:
    """The resources' own shape, after transforms. What this account would not heed is refused."""
    for section in ("Rules", "Hooks"):
        if template.get(section):
            raise invalid(f"The template section {section} is not supported by this account")
    resources = template.get("Resources")
    if not isinstance(resources, dict) or not resources:
        raise invalid("Template format error: At least one Resources member must be defined.")
    for name, resource in resources.items():
        if not str(name).isalnum():
            raise invalid(f"Template format error: Resource name {name} is non alphanumeric.")
        if not isinstance(resource, dict) or not resource.get("Type"):
            raise invalid(f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member.")
        unknown = [key for key in resource if key not in _ATTRIBUTES]
        if unknown:
            raise invalid(f"Invalid template resource property '{unknown[0]}'")
        if set(resource.get("UpdatePolicy") or ()) - {"CodeDeployLambdaAliasUpdate"}:
            raise invalid(f"The UpdatePolicy of {name} is not supported by this account")
        if resource.get("CreationPolicy"):
            raise invalid(f"CreationPolicy of {name} is not supported by this account")
        if not isinstance(resource.get("Properties") or {}, dict):
            raise invalid(f"Template format error: [/Resources/{name}/Properties] must be an object.")


def transforms(template: Template) -> list[str]:
    held = template.get("Transform") or []
    rows = held if isinstance(held, list) else [held]
    if not all(isinstance(one, str | dict) for one in rows):
        raise invalid("Template format error: [/Transform] must be a name, an object, or a list of them.")
    return [one if isinstance(one, str) else str(one.get("Name")) for one in rows]


def capabilities(template: Template) -> list[str]:
    """What the caller must acknowledge: IAM resources, those with names of their own, and macros."""
    needed: set[str] = set()
    for resource in (template.get("Resources") or {}).values():
        kind, properties = str(resource.get("Type", "")), resource.get("Properties") or {}
        if kind.startswith("AWS::IAM::"):
            named = {"RoleName", "ManagedPolicyName", "UserName", "GroupName"} & set(properties)
            needed.add("CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM")
    if "CAPABILITY_NAMED_IAM" in needed:
        needed.discard("CAPABILITY_IAM")
    return sorted(needed)


def _loaded(text: str) -> Any:
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text)
        except ValueError:
            pass  # flow-style YAML looks the same
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  # derived from SafeLoader  # derived from SafeLoader
    except (yaml.YAMLError, ValueError) as error:  # the second: a number of thousands of digits, a date of no day
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise invalid(f"Template format error: YAML not well-formed.{where}") from error


def _check_sections(template: Template) -> None:
    for section in _OBJECTS:
        members = template.get(section)
        if members is None:
            continue
        if not isinstance(members, dict):
            raise invalid(f"Template format error: [/{section}] must be an object.")
        for name, member in members.items():
            if section in _OF_OBJECTS and not isinstance(member, dict):
                raise invalid(f"Template format error: [/{section}/{name}] must be an object.")


def _weigh(value: Any, known: dict[int, int], level: int) -> int:
    """How many values there are, those behind an alias counted wherever it stands. A circle goes deeper than any limit."""
    if isinstance(value, str) and _IN_NO_ANSWER.search(value):
        raise invalid("Template format error: a control character stands in the template.")
    if not isinstance(value, dict | list):
        return 1
    if level > _LEVELS_MAX:
        raise invalid(f"Template format error: nested more than {_LEVELS_MAX} levels deep.")
    found = known.get(id(value))
    if found is None:
        inside = [*value, *value.values()] if isinstance(value, dict) else value
        found = known[id(value)] = 1 + sum(_weigh(one, known, level + 1) for one in inside)
    if found > _VALUES_MAX:
        raise invalid(f"Template format error: more than {_VALUES_MAX} values once its aliases are put in.")
    return found


class _Loader(yaml.SafeLoader):
    """Dates stay text (``2012-10-17``), and tags become the long forms. Merges (``<<``) are counted while they multiply."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        super().flatten_mapping(node)
        if len(node.value) > _VALUES_MAX:
            raise invalid(f"Template format error: more than {_VALUES_MAX} values once its aliases are put in.")


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in rows if tag != "tag:yaml.org,2002:timestamp"]
    for letter, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> Mapping[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]  # the only kind that is left
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)
