"""Who may call a function or write to a queue or topic by the resource's own policy: asked as strangers would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from sandbox.iam.evaluate import evaluate
from sandbox.iam.principal import NamedPolicy, PolicySet, Principal, anonymous, service
from sandbox.iam.statement import statements_of, texts
from sandbox.iam.verdict import Check

STRANGER = "999988887777"
# What everybody's call brings along, so that a condition on it keeps nobody out.
ORDINARY = {
    "aws:SecureTransport": "true",
    "aws:SourceIp": "203.0.113.9",
    "aws:UserAgent": "curl/8.5",
    "aws:ViaAWSService": "false",
}
_ACTIONS = {"lambda": "lambda:InvokeFunction", "sqs": "sqs:SendMessage", "sns": "sns:Publish"}


@dataclass(frozen=True, slots=True)
class Guarded:
    """A resource and its own policy; ``kind`` is ``lambda``, ``sqs`` or ``sns``."""

    kind: str
    arn: str
    policy: NamedPolicy


def read_guarded(clients: Any, functions: list[str], queues: list[str], topics: list[str]) -> list[Guarded]:
    """Those of the resources that have a policy. Queues are given by URL, topics by ARN."""
    found = []
    for name in functions:
        arn = clients("lambda").get_function_configuration(FunctionName=name)["FunctionArn"]
        try:
            found.append(_guarded("lambda", arn, clients("lambda").get_policy(FunctionName=name)["Policy"]))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
    for url in queues:
        held = clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["Policy", "QueueArn"])["Attributes"]
        if held.get("Policy"):
            found.append(_guarded("sqs", held["QueueArn"], held["Policy"]))
    for topic in topics:
        held = clients("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
        if held.get("Policy"):
            found.append(_guarded("sns", topic, held["Policy"]))
    return found


def intruders(guarded: Guarded, bucket: str, account: str) -> list[str]:
    """In words, each stranger whom the policy lets in, where a bucket may come."""
    own, other = f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}-of-somebody-else"
    asked: list[tuple[str, Principal, dict[str, str]]] = [
        ("anybody without signing", anonymous(), ORDINARY),
        ("a principal of another account", _somebody(STRANGER), ORDINARY),
        ("any bucket of this account", service("s3.amazonaws.com", account), _source(other, account)),
        ("a bucket of the same name in another account", service("s3.amazonaws.com", STRANGER), _source(own, STRANGER)),
    ]
    for name in ("events", "sns", "sqs", "apigateway", "logs"):
        arn = f"arn:aws:{name}:us-east-1:{STRANGER}:rule/anything"
        words = f"{name}.amazonaws.com acting for another account"
        asked.append((words, service(f"{name}.amazonaws.com", STRANGER), _source(arn, STRANGER)))
    return _let_in(guarded, asked, account)


def callers_beside(guarded: Guarded, api: str, account: str, region: str) -> list[str]:
    """In words, each stranger whom the policy lets in, where the API of this id may call."""
    gateway, place = "apigateway.amazonaws.com", "{}/$default/GET/anything"
    other = f"arn:aws:execute-api:{region}:{account}:{place.format('another' + api)}"
    foreign = f"arn:aws:execute-api:{region}:{STRANGER}:{place.format(api)}"
    asked: list[tuple[str, Principal, dict[str, str]]] = [
        ("anybody without signing", anonymous(), {}),
        ("a principal of another account", _somebody(STRANGER), {}),
        ("any API of this account", service(gateway, account), _source(other, account)),
        ("an API of another account", service(gateway, STRANGER), _source(foreign, STRANGER)),
        ("any bucket of this account", service("s3.amazonaws.com", account), _source("arn:aws:s3:::anything", account)),
    ]
    return _let_in(guarded, asked, account)


def _let_in(guarded: Guarded, asked: list[tuple[str, Principal, dict[str, str]]], account: str) -> list[str]:
    action = _ACTIONS[guarded.kind]
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}  # what their own account lets them is not ours to know
    held = PolicySet((NamedPolicy("theirs", {"Version": "2012-10-17", "Statement": everything}),))
    return [
        words
        for words, principal, context in asked
        if evaluate(principal, Check(action, guarded.arn, context, account), held, guarded.policy).allowed
    ]


def strangers_trusted(trust: NamedPolicy, role_arn: str) -> list[str]:
    """In words, everybody but Lambda who may assume the role."""
    account = role_arn.split(":")[4]
    asked: list[tuple[str, Principal, dict[str, str]]] = [
        ("anybody", anonymous(), ORDINARY),
        ("this account's own users and roles", _somebody(account), ORDINARY),
        ("another account", _somebody(STRANGER), ORDINARY),
    ]
    names = {name for row in statements_of(trust.document) for name in _services(row)} | {"ec2.amazonaws.com"}
    asked += [(name, service(name, account), {}) for name in sorted(names - {"lambda.amazonaws.com"})]
    return [
        words
        for words, principal, context in asked
        if evaluate(principal, Check("sts:AssumeRole", role_arn, context, account), PolicySet(), trust).allowed
        or (principal.kind == "user" and _names_account(trust, principal.account_id))
    ]


def trusts_lambda(trust: NamedPolicy, role_arn: str) -> bool:
    check = Check("sts:AssumeRole", role_arn, {"aws:SourceAccount": role_arn.split(":")[4]})
    return evaluate(service("lambda.amazonaws.com", role_arn.split(":")[4]), check, PolicySet(), trust).allowed


def _names_account(trust: NamedPolicy, account: str) -> bool:
    """An account that is named lets its administrators decide who comes in: trust enough to count."""
    named = [name for row in statements_of(trust.document) if row.get("Effect") == "Allow" for name in _principals(row)]
    return any(name == "*" or name == account or name.startswith(f"arn:aws:iam::{account}:") for name in named)


def _principals(row: Any) -> list[str]:
    principal = row.get("Principal")
    return ["*"] if principal == "*" else texts((principal or {}).get("AWS"))


def _services(row: Any) -> list[str]:
    principal = row.get("Principal")
    return texts(principal.get("Service")) if isinstance(principal, dict) else []


def _guarded(kind: str, arn: str, policy: str) -> Guarded:
    return Guarded(kind, arn, NamedPolicy("resource", json.loads(policy)))


def _somebody(account: str) -> Principal:
    arn = f"arn:aws:iam::{account}:user/somebody"
    return Principal(kind="user", account_id=account, arn=arn, user_name="somebody")


def _source(arn: str, account: str) -> dict[str, str]:
    return {"aws:SourceArn": arn, "aws:SourceAccount": account}
