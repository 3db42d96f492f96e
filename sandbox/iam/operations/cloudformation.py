"""CloudFormation. What a template creates is asked of the caller, or of the stack's role, call by call; not here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sandbox.iam.operations.request import Request, Rules, everything, table
from sandbox.iam.verdict import Check, ContextValue


def _stack(request: Request) -> str:
    """A stack's ARN ends with an id; while it has none, ``*`` stands there, which ``stack/NAME/*`` matches."""
    name = request.text("StackName", "StackId")
    if name.startswith("arn:"):
        return name
    return request.where.find("cloudformation:stack", name) or request.arn(f"stack/{name or '*'}/*")


def _of_change_set(request: Request) -> str:
    """A change set is asked on its stack; its ARN does not name it."""
    if request.text("StackName") or not request.text("ChangeSetName").startswith("arn:"):
        return _stack(request)
    return request.arn("stack/*/*")


def _stack_set(request: Request) -> str:
    return request.arn(f"stackset/{request.text('StackSetName')}:*")


def _refactor(request: Request) -> str:
    return request.arn("stack/*/*")


def _template(request: Request) -> str:
    return _stack(request) if request.text("StackName") else "*"


def _on_stack(request: Request) -> Iterable[Check]:
    context: dict[str, ContextValue | None] = {
        "cloudformation:ChangeSetName": request.text("ChangeSetName"),
        "cloudformation:ImportResourceTypes": [str(row.get("ResourceType") or "") for row in request.rows("ResourcesToImport")],
        "cloudformation:ResourceTypes": request.texts("ResourceTypes"),
        "cloudformation:RoleArn": request.text("RoleARN"),
        "cloudformation:StackPolicyUrl": request.text("StackPolicyURL"),
        "cloudformation:TemplateUrl": request.text("TemplateURL"),
    }
    arn = _of_change_set(request) if "ChangeSet" in request.operation else _stack(request)
    return [request.own(arn, context), *request.pass_role(request.text("RoleARN"), "cloudformation.amazonaws.com", arn)]


def _create_stack_set(request: Request) -> Iterable[Check]:
    role = request.text("AdministrationRoleARN")
    arn = _stack_set(request) if request.operation != "CreateStackSet" else "*"
    return [request.own(arn), *request.pass_role(role, "cloudformation.amazonaws.com")]


_ON_STACK: Final = (
    "CancelUpdateStack ContinueUpdateRollback CreateChangeSet CreateStack DeleteChangeSet DeleteStack DescribeChangeSet "
    "DescribeChangeSetHooks DescribeStackEvents DescribeStackResource DescribeStackResourceDrifts DescribeStackResources "
    "DescribeStacks DetectStackDrift DetectStackResourceDrift ExecuteChangeSet GetStackPolicy ListChangeSets "
    "ListStackResources RecordHandlerProgress RollbackStack SetStackPolicy SignalResource UpdateStack "
    "UpdateTerminationProtection DescribeEvents ListStacks"
)

RULES: Rules = {
    **table(
        {
            _template: "GetTemplate GetTemplateSummary",
            _stack_set: (
                "CreateStackInstances DeleteStackInstances DeleteStackSet DescribeStackInstance DescribeStackSet "
                "DescribeStackSetOperation DetectStackSetDrift ImportStacksToStackSet ListStackInstanceResourceDrifts "
                "ListStackInstances ListStackSetAutoDeploymentTargets ListStackSetOperationResults ListStackSetOperations "
                "StopStackSetOperation UpdateStackInstances"
            ),
            _refactor: (
                "CreateStackRefactor DescribeStackRefactor ExecuteStackRefactor ListStackRefactorActions ListStackRefactors"
            ),
            everything: (
                "DescribeAccountLimits DescribeStackDriftDetectionStatus EstimateTemplateCost ListExports ListImports "
                "ListStackSets ValidateTemplate"
            ),
        }
    ),
    **dict.fromkeys(_ON_STACK.split(), _on_stack),
    "CreateStackSet": _create_stack_set,
    "UpdateStackSet": _create_stack_set,
}
