"""From a service and an operation to its rule."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sandbox.errors import AwsError, InternalError
from sandbox.iam.operations import by_rule
from sandbox.iam.operations.call_site import CallSite
from sandbox.iam.operations.request import Request, Rule, Rules
from sandbox.iam.verdict import Check

# botocore's service name → (our module, prefix of actions and ARNs)
SERVICES: Final[Mapping[str, tuple[str, str]]] = {
    "apigateway": ("apigateway", "apigateway"),
    "apigatewayv2": ("apigatewayv2", "apigateway"),
    "cloudformation": ("cloudformation", "cloudformation"),
    "cloudwatch": ("cloudwatch", "cloudwatch"),
    "codedeploy": ("codedeploy", "codedeploy"),
    "dynamodb": ("dynamodb", "dynamodb"),
    "dynamodbstreams": ("dynamodbstreams", "dynamodb"),
    "events": ("events", "events"),
    "iam": ("iam", "iam"),
    "kinesis": ("kinesis", "kinesis"),
    "kms": ("kms", "kms"),
    "lambda": ("lambda_", "lambda"),
    "logs": ("logs", "logs"),
    "s3": ("s3", "s3"),
    "scheduler": ("scheduler", "scheduler"),
    "secretsmanager": ("secretsmanager", "secretsmanager"),
    "signer": ("signer", "signer"),
    "sns": ("sns", "sns"),
    "sqs": ("sqs", "sqs"),
    "ssm": ("ssm", "ssm"),
    "stepfunctions": ("stepfunctions", "states"),
    "sts": ("sts", "sts"),
    "xray": ("xray", "xray"),
}


@cache
def _rules(service: str) -> Rules:
    # loaded on first use: a function that only writes logs should not pay for reading 23 tables
    module = importlib.import_module(f"sandbox.iam.operations.{SERVICES[service][0]}")
    rules: Rules = module.RULES
    return rules


@cache
def _rule(service: str, operation: str) -> Rule | None:
    rule = _rules(service).get(operation) if service in SERVICES else None
    return rule or by_rule.rule_for(service, operation)


def checks_for(service: str, operation: str, params: Mapping[str, Any], where: CallSite) -> list[Check]:
    """All of them must be allowed; an empty list means that AWS asks for no permission.

    ``service`` is botocore's name and ``params`` are botocore's input parameters. Raises InternalError for an operation nobody
    mapped: refusing or admitting it would both be guesses. AwsError when parameters have types that make no sense.
    """
    rule = _rule(service, operation)
    if rule is None:
        raise InternalError(f"no IAM rule for {service}:{operation}; add it to sandbox/iam/operations")
    prefix = SERVICES[service][1] if service in SERVICES else by_rule.WHOLE_SERVICES[service]
    try:
        return list(rule(Request(prefix, operation, params, where)))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # a structure where a list should be and the like; AWS refuses it before it authorizes
        raise AwsError("SerializationException", "The request is malformed: a parameter has the wrong type", 400) from error


def is_mapped(service: str, operation: str) -> bool:
    """False when ``checks_for`` would raise InternalError."""
    return _rule(service, operation) is not None


def is_by_rule(service: str, operation: str) -> bool:
    """True when no reviewed rule exists and the rule of thumb in ``by_rule`` answers."""
    reviewed = service in SERVICES and operation in _rules(service)
    return not reviewed and by_rule.rule_for(service, operation) is not None
