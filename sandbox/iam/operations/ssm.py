"""Systems Manager: parameters and documents are reviewed, the fleet's side of the service is ``by_rule``.

A parameter's ARN has one slash between ``parameter`` and the name, whether or not the name begins with one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sandbox.iam.operations.request import Request, Rules, by_name, everything, given, table
from sandbox.iam.verdict import Check, ContextValue

_TAGGED: Final = {
    "Association": "association/{}",
    "Automation": "automation-execution/{}",
    "Document": "document/{}",
    "MaintenanceWindow": "maintenancewindow/{}",
    "ManagedInstance": "managed-instance/{}",
    "OpsItem": "opsitem/{}",
    "OpsMetadata": "opsmetadata/{}",
    "PatchBaseline": "patchbaseline/{}",
}


def _arn(request: Request, name: str) -> str:
    """A version or label behind the name (``name:3``) is no part of the ARN; AWS's public parameters belong to no account."""
    if name.startswith("arn:"):
        return ":".join(name.split(":")[:6])
    plain = name.partition(":")[0].removeprefix("/")
    return request.arn(f"parameter/{plain}", account="" if plain.startswith("aws/") else None)


def _parameter(request: Request) -> str:
    return _arn(request, request.text("Name"))


def _parameters(request: Request) -> list[str]:
    return [_arn(request, name) for name in request.texts("Names")] or ["*"]


def _by_path(request: Request) -> Iterable[Check]:
    path = request.text("Path").strip("/")
    recursive = "true" if request.params.get("Recursive") else "false"
    return [request.own(request.arn(f"parameter/{path}"), {"ssm:Recursive": recursive})]


def _put(request: Request) -> Iterable[Check]:
    context: dict[str, ContextValue | None] = {
        "ssm:Overwrite": "true" if request.params.get("Overwrite") else "false",
        "ssm:Policies": "true" if request.text("Policies") else "false",
    }
    checks = [request.own(_parameter(request), context)]
    if request.rows("Tags"):
        checks.append(request.check("AddTagsToResource", _parameter(request)))
    return checks


def _tagged(request: Request) -> str:
    kind, name = request.text("ResourceType"), request.text("ResourceId")
    return _arn(request, name) if kind == "Parameter" else request.named(_TAGGED.get(kind, "{}"), name)


RULES: Rules = {
    **table(
        {
            _parameter: "DeleteParameter GetParameter GetParameterHistory LabelParameterVersion UnlabelParameterVersion",
            _parameters: "DeleteParameters GetParameters",
            _tagged: "AddTagsToResource ListTagsForResource RemoveTagsFromResource",
            given("ResourceArn"): "DeleteResourcePolicy GetResourcePolicies PutResourcePolicy",
            by_name("document/{}", "Name"): (
                "CreateDocument DeleteDocument DescribeDocument DescribeDocumentPermission GetDocument ListDocumentVersions "
                "ModifyDocumentPermission UpdateDocument UpdateDocumentDefaultVersion"
            ),
            everything: "DescribeParameters ListDocuments",
        }
    ),
    "GetParametersByPath": _by_path,
    "PutParameter": _put,
}
