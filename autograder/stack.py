"""A submission deployed: packaged code in an artifact bucket, a CloudFormation stack, its outputs and resources."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from autograder.errors import SubmissionError
from autograder.packaging import Packaged, package
from autograder.source_tree import SourceTree, tree_of
from sandbox.account import LocalAccount

ARTIFACTS = "course-artifacts"
APP = "app"  # the stack under test
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_STEP_S = 30
_STEPS_MAX = 40  # twenty virtual minutes


class NotDeployed(SubmissionError):
    """CloudFormation refused the template or rolled it back; the text holds its reasons."""


@dataclass(frozen=True, slots=True)
class Stack:
    """``resources`` are (logical id, type, physical id), in the order they were made."""

    name: str
    outputs: Mapping[str, str]
    resources: tuple[tuple[str, str, str], ...]
    parameters: Mapping[str, str]

    def physical(self, kind: str) -> list[str]:
        """Physical ids of every resource of this type."""
        return [physical for _, type_, physical in self.resources if type_ == kind]


def prepare(account: LocalAccount, clients: Callable[[str], Any], layers: Iterable[str]) -> dict[str, str]:
    """The artifact bucket; returns the value of each layer's parameter. The account has the layers from its beginning."""
    clients("s3").create_bucket(Bucket=ARTIFACTS)
    place = f"arn:aws:lambda:{account.region}:{account.account_id}:layer"
    return {parameter: f"{place}:{layer_name(parameter)}:1" for parameter in layers}


def layer_name(parameter: str) -> str:
    """``PillowLayerArn`` stands for the layer ``pillow``."""
    return parameter.removesuffix("LayerArn").lower()


@dataclass(frozen=True, slots=True)
class Deployer:
    """A submission's way into the account: first as the stack under test, then beside it, then over it.

    ``given`` is offered to the template, which takes the parameters it declares; ``packaged`` is what ``tree`` comes to.
    """

    account: LocalAccount
    clients: Callable[[str], Any]
    tree: SourceTree
    packaged: Packaged
    given: Mapping[str, str]

    def first(self) -> Stack:
        """NotDeployed holds CloudFormation's reasons."""
        return self._made(APP, self.packaged, {})

    def beside(self, parameters: Mapping[str, str]) -> str:
        """The same template as a stack of its own; why it could not be, or an empty text."""
        try:
            self._made(f"{APP}2", self.packaged, parameters)
        except SubmissionError as error:
            return str(error)
        return ""

    def over(self, files: Mapping[str, bytes], parameters: Mapping[str, str]) -> str:
        """The update of the stack under test with these files in place of its own begins; why it could not, or an empty text."""
        try:
            packaged = package(tree_of({**self.tree.files, **files}), ARTIFACTS)
            self._asked("update_stack", APP, packaged, parameters)
        except SubmissionError as error:
            return str(error)
        return ""

    def status(self) -> str:
        """Of the stack under test, such as ``UPDATE_IN_PROGRESS``."""
        return str(self.clients("cloudformation").describe_stacks(StackName=APP)["Stacks"][0]["StackStatus"])

    def _made(self, name: str, packaged: Packaged, parameters: Mapping[str, str]) -> Stack:
        cloudformation = self.clients("cloudformation")
        given = self._asked("create_stack", name, packaged, parameters)
        found = _finished(self.account, cloudformation, name)
        if found["StackStatus"] != "CREATE_COMPLETE":
            raise NotDeployed(_why(cloudformation, name))
        rows = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        return Stack(
            name=name,
            outputs={row["OutputKey"]: str(row["OutputValue"]) for row in found.get("Outputs", ())},
            resources=tuple((row["LogicalResourceId"], row["ResourceType"], row.get("PhysicalResourceId", "")) for row in rows),
            parameters=given,
        )

    def _asked(self, operation: str, name: str, packaged: Packaged, parameters: Mapping[str, str]) -> dict[str, str]:
        """Sends the template; returns the parameters it was given."""
        s3, cloudformation = self.clients("s3"), self.clients("cloudformation")
        for key, data in packaged.uploads.items():
            s3.put_object(Bucket=ARTIFACTS, Key=key, Body=data)
        body = json.dumps(packaged.template, default=str)
        s3.put_object(Bucket=ARTIFACTS, Key=f"{name}.template", Body=body.encode())
        declared = packaged.template.get("Parameters")
        offered = {**self.given, **parameters}
        given = {key: value for key, value in offered.items() if isinstance(declared, dict) and key in declared}
        try:
            getattr(cloudformation, operation)(
                StackName=name,
                TemplateURL=f"{self.account.endpoint_url}/{ARTIFACTS}/{name}.template",
                Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
                Capabilities=_CAPABILITIES,
            )
        except ClientError as error:
            raise NotDeployed(f"CloudFormation refused the template: {error.response['Error']['Message']}") from error
        return given


def _finished(account: LocalAccount, cloudformation: Any, name: str) -> dict[str, Any]:
    for _ in range(_STEPS_MAX):
        found: dict[str, Any] = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        if not found["StackStatus"].endswith("_IN_PROGRESS"):
            return found
        account.control.advance(_STEP_S)
    # A custom resource whose function never answers, say.
    raise NotDeployed(f"The stack was still {found['StackStatus']} after {_STEPS_MAX * _STEP_S // 60} minutes.")


def _why(cloudformation: Any, name: str) -> str:
    """The first failures, oldest first: what follows is cancelled because of them."""
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failed = [event for event in reversed(events) if event["ResourceStatus"].endswith("_FAILED")]
    told = [f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in failed]
    kept = [line for line in told if "cancelled" not in line.lower()][:3]
    return "CloudFormation rolled the stack back. " + " ".join(kept or told[:1])
