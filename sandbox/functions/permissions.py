"""Resource policies of functions: the statements AddPermission writes, and whole documents from PutResourcePolicy."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox import facts
from sandbox.errors import AwsError
from sandbox.functions import refusals
from sandbox.functions.caller import Params
from sandbox.iam.principal import NamedPolicy

Statement = dict[str, Any]
_ACCOUNT = re.compile(r"\d{12}")
_IAM_ARN = re.compile(r"arn:aws[a-zA-Z-]*:(?:iam|sts)::\d{12}:.+")
_VERSION = "2012-10-17"


def statement(params: Params, resource: str) -> Statement:
    """As AddPermission's members say it; the order of the keys is AWS's."""
    built: Statement = {
        "Sid": params["StatementId"],
        "Effect": "Allow",
        "Principal": _principal(params["Principal"]),
        "Action": params["Action"],
        "Resource": resource,
    }
    condition = _condition(params)
    return built | {"Condition": condition} if condition else built


def _principal(text: str) -> str | dict[str, str]:
    if text == "*":
        return "*"
    if text.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return {"Service": text}
    if _ACCOUNT.fullmatch(text):
        return {"AWS": f"arn:aws:iam::{text}:root"}
    if _IAM_ARN.fullmatch(text):
        return {"AWS": text}
    raise refusals.invalid("The provided principal was invalid. Please check the principal and try again.")


def _condition(params: Params) -> dict[str, dict[str, str]]:
    action = params["Action"]
    equals: dict[str, str] = {}
    if params.get("FunctionUrlAuthType"):
        if action != "lambda:InvokeFunctionUrl":
            raise refusals.invalid("FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action")
        equals["lambda:FunctionUrlAuthType"] = params["FunctionUrlAuthType"]
    if params.get("PrincipalOrgID"):
        equals["aws:PrincipalOrgID"] = params["PrincipalOrgID"]
    if params.get("SourceAccount"):
        equals["AWS:SourceAccount"] = params["SourceAccount"]
    if params.get("EventSourceToken"):
        equals["lambda:EventSourceToken"] = params["EventSourceToken"]
    condition = {"StringEquals": equals} if equals else {}
    if params.get("InvokedViaFunctionUrl") is not None:
        if action != "lambda:InvokeFunction":
            raise refusals.invalid("InvokedViaFunctionUrl is only supported for lambda:InvokeFunction action")
        condition["Bool"] = {"lambda:InvokedViaFunctionUrl": "true" if params["InvokedViaFunctionUrl"] else "false"}
    if params.get("SourceArn"):
        condition["ArnLike"] = {"AWS:SourceArn": params["SourceArn"]}
    return condition


def statements(policy: NamedPolicy | None) -> list[Statement]:
    if policy is None:
        return []
    found = policy.document.get("Statement") or []
    return list(found) if isinstance(found, list) else [found]


def added(policy: NamedPolicy | None, new: Statement, name: str) -> NamedPolicy:
    """A new policy object; the old one stays as it was for whoever is still judging with it."""
    before = statements(policy)
    if any(each.get("Sid") == new["Sid"] for each in before):
        raise refusals.conflict(
            f"The statement id ({new['Sid']}) provided already exists. Please provide a new statement id, "
            "or remove the existing statement."
        )
    frame = dict(policy.document) if policy else {"Version": _VERSION, "Id": "default"}
    return _bounded(NamedPolicy(name, frame | {"Statement": [*before, new]}))


def removed(policy: NamedPolicy, sid: str) -> NamedPolicy | None:
    """None when that was the last statement."""
    before = statements(policy)
    left = [each for each in before if each.get("Sid") != sid]
    if len(left) == len(before):
        raise refusals.not_found(f"Statement {sid} is not found in resource policy.")
    return NamedPolicy(policy.name, dict(policy.document) | {"Statement": left}) if left else None


def whole(text: str, name: str) -> NamedPolicy:
    """A caller's own document. Its grammar is IAM's; here it must be JSON of the right outline."""
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    listed = document.get("Statement") if isinstance(document, dict) else None
    each = [listed] if isinstance(listed, dict) else listed
    if not isinstance(each, list) or not each or not all(isinstance(one, dict) and one.get("Effect") for one in each):
        raise refusals.invalid("The provided policy document is malformed. Check that it is JSON with a list of statements.")
    return _bounded(NamedPolicy(name, document))


def text(policy: NamedPolicy) -> str:
    return json.dumps(policy.document, separators=(",", ":"))


def _bounded(policy: NamedPolicy) -> NamedPolicy:
    size, most = len(text(policy).encode()), facts.limit("resource_policy_bytes")
    if size > most:
        raise AwsError(
            "PolicyLengthExceededException",
            f"The final policy size ({size}) is bigger than the limit ({most}).",
            400,
            fields={"Type": "User"},
        )
    return policy
