"""Change sets: what would happen, shown before it does. ``aws cloudformation deploy`` and ``sam deploy`` work through them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.deployment.api import Asker, Params, Result, StackApi
from sandbox.deployment.plan import Plan, Wanted
from sandbox.deployment.stack import Stack
from sandbox.deployment.template import invalid
from sandbox.errors import AwsError

_NO_CHANGE = "The submitted information didn't contain changes. Submit different information to create a change set."


@dataclass(slots=True)
class ChangeSet:
    name: str
    id: str
    kind: str
    wanted: Wanted
    created: datetime
    changes: list[dict[str, Any]] = field(default_factory=list)
    description: str = ""
    status: str = "CREATE_COMPLETE"
    execution: str = "AVAILABLE"
    reason: str = ""

    def summary(self, stack: Stack) -> Result:
        shown: Result = {
            "StackId": stack.id,
            "StackName": stack.name,
            "ChangeSetId": self.id,
            "ChangeSetName": self.name,
            "ExecutionStatus": self.execution,
            "Status": self.status,
            "CreationTime": self.created,
        }
        shown |= {"StatusReason": self.reason} if self.reason else {}
        return shown | ({"Description": self.description} if self.description else {})


class ChangeSetApi:
    def __init__(self, api: StackApi) -> None:
        self._api = api

    def operations(self) -> dict[str, Callable[[Params, Asker], Result]]:
        return {
            "CreateChangeSet": self.create,
            "DescribeChangeSet": self.describe,
            "ExecuteChangeSet": self.execute,
            "DeleteChangeSet": self.delete,
            "ListChangeSets": self.list_sets,
        }

    def create(self, params: Params, asker: Asker) -> Result:
        """A template that cannot be is refused; one that changes nothing makes a change set that failed."""
        api, name = self._api, params["ChangeSetName"]
        kind = params.get("ChangeSetType") or "UPDATE"
        if params.get("ResourcesToImport") or kind == "IMPORT":
            raise AwsError("NotImplemented", "Importing resources is not supported by this account", 501)
        stack = api.stacks.find(asker.account_id, asker.region, params["StackName"])
        if kind == "CREATE":
            if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
                raise invalid(f"Stack [{stack.name}] already exists and cannot be created again with the changeSet [{name}].")
            fresh = stack is None
            stack = stack or api.new_stack(params["StackName"], asker)
        else:
            if stack is None:
                raise invalid(f"Stack [{params['StackName']}] does not exist")
            api.must_be_still(stack)
            fresh = False
        if name in stack.change_sets:
            raise AwsError("AlreadyExistsException", f"ChangeSet {name} already exists")
        made = self._made(params, kind, stack, asker)
        if fresh:
            api.stacks.add(stack)
            api.desk.journal.stack(stack, "REVIEW_IN_PROGRESS", "User Initiated", asker.cause)
        stack.change_sets[name] = made
        return {"Id": made.id, "StackId": stack.id}

    def _made(self, params: Params, kind: str, stack: Stack, asker: Asker) -> ChangeSet:
        api, name = self._api, params["ChangeSetName"]
        wanted = api.wanted(params, stack, asker)
        wanted.reviewed = True
        arn = f"arn:aws:cloudformation:{asker.region}:{asker.account_id}:changeSet/{name}/{api.desk.ids.uuid()}"
        made = ChangeSet(name, arn, kind, wanted, api.clock.datetime(), description=params.get("Description") or "")
        plan = api.plan(stack, wanted, asker)
        made.changes = plan.changes(stack)
        if kind == "UPDATE" and not api.differs(stack, plan):
            made.status, made.execution, made.reason = "FAILED", "UNAVAILABLE", _NO_CHANGE
        return made

    def describe(self, params: Params, asker: Asker) -> Result:
        stack, found = self._found(params, asker)
        wanted = found.wanted
        shown = found.summary(stack)
        shown |= {
            "Parameters": [row for row in wanted.parameters if not row.get("UsePreviousValue")],
            "NotificationARNs": wanted.notifications or [],
            "RollbackConfiguration": {},
            "Capabilities": wanted.capabilities,
            "Tags": [{"Key": key, "Value": value} for key, value in wanted.tags.items()],
            "Changes": found.changes,
            "IncludeNestedStacks": False,
        }
        return shown

    def execute(self, params: Params, asker: Asker) -> Result:
        api = self._api
        stack, found = self._found(params, asker)
        if found.execution != "AVAILABLE":
            message = f"ChangeSet [{found.id}] cannot be executed in its current status of [{found.status}]"
            raise AwsError("InvalidChangeSetStatus", message)
        creating = stack.status == "REVIEW_IN_PROGRESS"
        if not creating:
            api.must_be_still(stack)
        plan: Plan = api.plan(stack, found.wanted, asker)
        found.execution = "EXECUTE_COMPLETE"
        stack.change_set_id, stack.change_sets = found.id, {}
        stack.on_failure = "DO_NOTHING" if params.get("DisableRollback") else "ROLLBACK"
        stack.notifications = found.wanted.notifications or []
        api.deploy(stack, plan, asker, params, creating=creating)
        return {}

    def delete(self, params: Params, asker: Asker) -> Result:
        stack, found = self._found(params, asker)
        del stack.change_sets[found.name]
        return {}

    def list_sets(self, params: Params, asker: Asker) -> Result:
        stack = self._api.stacks.get(asker.account_id, asker.region, params["StackName"])
        return {"Summaries": [one.summary(stack) for one in stack.change_sets.values()]}

    def _found(self, params: Params, asker: Asker) -> tuple[Stack, ChangeSet]:
        name, stacks = params["ChangeSetName"], self._api.stacks
        if params.get("StackName"):
            rows = [stacks.get(asker.account_id, asker.region, params["StackName"])]
        else:
            rows = list(stacks.alive(asker.account_id, asker.region))
        for stack in rows:
            for found in stack.change_sets.values():
                if name in (found.name, found.id):
                    return stack, found
        raise AwsError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)
