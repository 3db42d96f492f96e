"""CloudFormation's operations on stacks; change sets and drift have files of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.delivery.errand import in_role
from sandbox.deployment import inputs, template
from sandbox.deployment.kind import Api
from sandbox.deployment.operation import Deletion, Deployment, Desk
from sandbox.deployment.plan import Plan, Wanted
from sandbox.deployment.runner import Caller
from sandbox.deployment.stack import Stack
from sandbox.deployment.stacks import Stacks
from sandbox.deployment.template import Template, invalid, transforms
from sandbox.errors import AwsError
from sandbox.iam.principal import Principal

Params = Mapping[str, Any]
Result = dict[str, Any]
Transform = Callable[[Template, Mapping[str, Any]], Template]
_REFUSED = (
    "TimeoutInMinutes",
    "ResourceTypes",
    "RollbackConfiguration",
    "StackPolicyBody",
    "StackPolicyURL",
    "StackPolicyDuringUpdateBody",
    "StackPolicyDuringUpdateURL",
    "RetainExceptOnCreate",
)

FetchTemplate = Callable[[str, str], str]
"""Account and URL: the text."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who calls CloudFormation, where, and the call's entry on the timeline."""

    principal: Principal
    account_id: str
    region: str
    cause: int = 0


class StackApi:
    def __init__(self, desk: Desk, clock: Clock, stacks: Stacks, transform: Transform, fetch: FetchTemplate) -> None:
        self.desk = desk
        self.clock = clock
        self.stacks = stacks
        self._transform = transform
        self._fetch = fetch

    def operations(self) -> dict[str, Callable[[Params, Asker], Result]]:
        return {
            "CreateStack": self.create,
            "UpdateStack": self.update,
            "DeleteStack": self.delete,
            "DescribeStacks": self.describe,
            "ListStacks": self.list_stacks,
            "DescribeStackEvents": self.events,
            "DescribeStackResource": self.resource,
            "DescribeStackResources": self.resources,
            "ListStackResources": self.list_resources,
            "GetTemplate": self.get_template,
            "GetTemplateSummary": self.summary,
            "ValidateTemplate": self.validate,
            "ListExports": self.list_exports,
            "ListImports": self.list_imports,
            "UpdateTerminationProtection": self.protect,
        }

    # -- changing

    def create(self, params: Params, asker: Asker) -> Result:
        name = params["StackName"]
        there = self.stacks.find(asker.account_id, asker.region, name)
        if there is not None:
            raise AwsError("AlreadyExistsException", f"Stack [{name}] already exists")
        stack = self.new_stack(name, asker)
        failure = "DO_NOTHING" if params.get("DisableRollback") else str(params.get("OnFailure") or "ROLLBACK")
        stack.on_failure, stack.protected = failure, bool(params.get("EnableTerminationProtection"))
        stack.notifications = list(params.get("NotificationARNs") or ())
        plan = self.plan(stack, self.wanted(params, stack, asker), asker)
        self.stacks.add(stack)
        self.deploy(stack, plan, asker, params, creating=True)
        return {"StackId": stack.id}

    def update(self, params: Params, asker: Asker) -> Result:
        stack = self.stacks.get(asker.account_id, asker.region, params["StackName"])
        self.must_be_still(stack)
        plan = self.plan(stack, self.wanted(params, stack, asker), asker)
        if not self.differs(stack, plan):
            raise invalid("No updates are to be performed.")
        stack.on_failure = "DO_NOTHING" if params.get("DisableRollback") else "ROLLBACK"
        self.deploy(stack, plan, asker, params, creating=False)
        return {"StackId": stack.id}

    def delete(self, params: Params, asker: Asker) -> Result:
        """No error for a stack that is not there."""
        stack = self.stacks.find(asker.account_id, asker.region, params["StackName"])
        if stack is None or stack.status == "DELETE_COMPLETE":
            return {}
        if stack.protected:
            message = f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
            raise invalid(message)
        if stack.busy:
            raise invalid(f"Stack [{stack.name}] cannot be deleted while in status {stack.status}")
        self.stacks.keep_imports(stack, set())
        stack.token = str(params.get("ClientRequestToken") or "")
        role = str(params.get("RoleARN") or stack.role_arn)
        Deletion(self.desk, stack, self.caller(asker, role)).begin(list(params.get("RetainResources") or ()))
        return {}

    def protect(self, params: Params, asker: Asker) -> Result:
        stack = self.stacks.get(asker.account_id, asker.region, params["StackName"])
        stack.protected = bool(params["EnableTerminationProtection"])
        return {"StackId": stack.id}

    # -- for change sets as well

    def new_stack(self, name: str, asker: Asker) -> Stack:
        arn = f"arn:aws:cloudformation:{asker.region}:{asker.account_id}:stack/{name}/{self.desk.ids.uuid()}"
        return Stack(arn, name, asker.account_id, asker.region, self.clock.datetime())

    def wanted(self, params: Params, stack: Stack, asker: Asker) -> Wanted:
        refused = [name for name in _REFUSED if params.get(name)]
        if refused:
            raise invalid(f"{refused[0]} is not supported by this account")
        text = str(params.get("TemplateBody") or "")
        if params.get("TemplateURL"):
            text = self._fetch(asker.account_id, str(params["TemplateURL"]))
        elif params.get("UsePreviousTemplate"):
            text = stack.text
        if not text:
            raise invalid("Either Template URL or Template Body must be specified.")
        given = params.get("Tags")
        tags = stack.tags if given is None else {row["Key"]: row["Value"] for row in given}
        role, notifications = str(params.get("RoleARN") or stack.role_arn), params.get("NotificationARNs") or stack.notifications
        held = list(params.get("Capabilities") or ())
        return Wanted(text, list(params.get("Parameters") or ()), held, tags, role, list(notifications))

    def plan(self, stack: Stack, wanted: Wanted, asker: Asker) -> Plan:
        caller = self.caller(asker, wanted.role_arn)

        def export(name: str) -> str:
            return self.stacks.export(asker.account_id, asker.region, name)

        return Plan(stack, wanted, self._transform, lambda name: self._of_ssm(name, caller), export)

    def differs(self, stack: Stack, plan: Plan) -> bool:
        if plan.gone or plan.wanted.tags != stack.tags or plan.changes(stack):
            return True
        return bool(plan.template.get("Outputs") != stack.template.get("Outputs"))

    def deploy(self, stack: Stack, plan: Plan, asker: Asker, params: Params, *, creating: bool) -> None:
        stack.token = str(params.get("ClientRequestToken") or "")
        stack.role_arn = plan.wanted.role_arn
        if not creating:
            stack.updated = self.clock.datetime()
        Deployment(self.desk, stack, self.caller(asker, stack.role_arn), plan, creating=creating).begin()

    def must_be_still(self, stack: Stack) -> None:
        stuck = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED", "CREATE_FAILED", "UPDATE_ROLLBACK_FAILED")
        if stack.busy or stack.status in stuck or stack.status == "REVIEW_IN_PROGRESS":
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")

    def caller(self, asker: Asker, role_arn: str) -> Caller:
        """The stack's service role if it has one, else whoever called."""
        if role_arn:
            return Caller(
                in_role(role_arn, "AWSCloudFormation", "cloudformation").principal, asker.account_id, asker.region, asker.cause
            )
        return Caller(asker.principal, asker.account_id, asker.region, asker.cause)

    def _of_ssm(self, name: str, caller: Caller) -> str:
        found: list[Any] = []
        self.desk.runner.call(Api("ssm", "GetParameter", {"Name": name}), caller, found.append)
        if not found or isinstance(found[0], AwsError):
            raise invalid(f"Unable to fetch parameters [{name}] from parameter store for this account.")
        return str(found[0]["Parameter"]["Value"])

    # -- looking

    def describe(self, params: Params, asker: Asker) -> Result:
        if params.get("StackName"):
            return {"Stacks": [self.stacks.get(asker.account_id, asker.region, params["StackName"]).shown()]}
        return {"Stacks": [stack.shown() for stack in self.stacks.alive(asker.account_id, asker.region)]}

    def list_stacks(self, params: Params, asker: Asker) -> Result:
        wanted = params.get("StackStatusFilter")
        rows = self.stacks.all(asker.account_id, asker.region)
        return {"StackSummaries": [stack.summary() for stack in rows if not wanted or stack.status in wanted]}

    def events(self, params: Params, asker: Asker) -> Result:
        """The newest first."""
        return {"StackEvents": self.stacks.get(asker.account_id, asker.region, params["StackName"]).events[::-1]}

    def resource(self, params: Params, asker: Asker) -> Result:
        stack = self.stacks.get(asker.account_id, asker.region, params["StackName"])
        resource = stack.resources.get(params["LogicalResourceId"])
        if resource is None:
            raise invalid(f"Resource {params['LogicalResourceId']} does not exist for stack {stack.name}")
        shown = stack.resource_shown(resource)
        shown |= {"StackName": stack.name, "StackId": stack.id, "LastUpdatedTimestamp": resource.touched}
        shown["Metadata"] = json.dumps(resource.declaration.get("Metadata") or {})
        return {"StackResourceDetail": shown}

    def resources(self, params: Params, asker: Asker) -> Result:
        name = params.get("StackName")
        if not name:
            raise invalid("Either StackName or PhysicalResourceId must be specified")
        stack = self.stacks.get(asker.account_id, asker.region, name)
        wanted = params.get("LogicalResourceId")
        more = {"StackName": stack.name, "StackId": stack.id}
        rows = [row for row in stack.resources.values() if not wanted or row.logical_id == wanted]
        return {"StackResources": [{**stack.resource_shown(row), **more, "Timestamp": row.touched} for row in rows]}

    def list_resources(self, params: Params, asker: Asker) -> Result:
        stack = self.stacks.get(asker.account_id, asker.region, params["StackName"])
        rows = [{**stack.resource_shown(row), "LastUpdatedTimestamp": row.touched} for row in stack.resources.values()]
        return {"StackResourceSummaries": rows}

    def get_template(self, params: Params, asker: Asker) -> Result:
        stack = self.stacks.get(asker.account_id, asker.region, params["StackName"])
        processed = params.get("TemplateStage") == "Processed" and transforms(template.parse(stack.text))
        body = json.dumps(stack.template, default=str) if processed else stack.text
        return {"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}

    def summary(self, params: Params, asker: Asker) -> Result:
        if params.get("StackName"):
            text = self.stacks.get(asker.account_id, asker.region, params["StackName"]).text
        else:
            text = self.wanted({**params, "StackName": ""}, self.new_stack("", asker), asker).text
        parsed = template.parse(text)
        types = sorted({str(row.get("Type")) for row in (parsed.get("Resources") or {}).values()})
        shown = self._declared(parsed)
        for row in shown["Parameters"]:
            row["ParameterConstraints"] = {"AllowedValues": row["AllowedValues"]} if row.pop("AllowedValues", None) else {}
        return {**shown, "ResourceTypes": types, "ResourceIdentifierSummaries": []}

    def validate(self, params: Params, asker: Asker) -> Result:
        text = self.wanted(params, self.new_stack("", asker), asker).text
        parsed = template.parse(text)
        if not transforms(parsed):
            template.check(parsed)
        shown = self._declared(parsed)
        for row in shown["Parameters"]:
            row.pop("AllowedValues", None)
            row.pop("ParameterType", None)
        return shown

    @staticmethod
    def _declared(parsed: Template) -> Result:
        rows = []
        for name, rule in (parsed.get("Parameters") or {}).items():
            row = {
                "ParameterKey": name,
                "NoEcho": name in inputs.hidden(parsed),
                "ParameterType": str(rule.get("Type", "String")),
            }
            row |= {"DefaultValue": str(rule["Default"])} if "Default" in rule else {}
            row |= {"Description": str(rule["Description"])} if "Description" in rule else {}
            row |= {"AllowedValues": [str(one) for one in rule["AllowedValues"]]} if "AllowedValues" in rule else {}
            rows.append(row)
        shown: Result = {"Parameters": rows, "DeclaredTransforms": transforms(parsed)}
        needed = template.capabilities(parsed) + (["CAPABILITY_AUTO_EXPAND"] if transforms(parsed) else [])
        if needed:
            shown |= {"Capabilities": needed, "CapabilitiesReason": "The following resource(s) require capabilities"}
        return shown | ({"Description": parsed["Description"]} if parsed.get("Description") else {})

    def list_exports(self, _params: Params, asker: Asker) -> Result:
        rows = [
            {"ExportingStackId": stack.id, "Name": name, "Value": value}
            for stack in self.stacks.alive(asker.account_id, asker.region)
            for name, value in stack.exports.items()
        ]
        return {"Exports": sorted(rows, key=lambda row: row["Name"])}

    def list_imports(self, params: Params, asker: Asker) -> Result:
        users = self.stacks.importers(asker.account_id, asker.region, params["ExportName"])
        if not users:
            raise invalid(f"Export '{params['ExportName']}' is not imported by any stack.")
        return {"Imports": users}
