from __future__ import annotations

import contextlib

import botocore.session
import pytest

from sandbox.errors import AwsError, InternalError
from sandbox.iam.operations import CallSite, by_rule, checks_for, is_by_rule, is_mapped, lookup
from sandbox.iam.principal import Principal

USER = Principal("user", "123456789012", "arn:aws:iam::123456789012:user/bob")
WHERE = CallSite("123456789012", "us-east-1", USER)
MODELS = botocore.session.get_session()
OUTSIDE = {"InvokeFunctionUrl"}  # asked by the Function URL door; no API operation


def operations(service: str) -> set[str]:
    return set(MODELS.get_service_model(service).operation_names)


@pytest.mark.parametrize("service", sorted(lookup.SERVICES))
def test_every_operation_of_the_service_is_mapped(service: str) -> None:
    assert [name for name in sorted(operations(service)) if not is_mapped(service, name)] == []


@pytest.mark.parametrize("service", sorted(lookup.SERVICES))
def test_no_rule_is_for_an_operation_that_does_not_exist(service: str) -> None:
    assert set(lookup._rules(service)) - operations(service) - OUTSIDE == set()
    assert by_rule.OPERATIONS.get(service, frozenset()) - operations(service) == frozenset()


@pytest.mark.parametrize("service", sorted(lookup.SERVICES))
def test_nothing_is_both_reviewed_and_by_rule(service: str) -> None:
    assert set(lookup._rules(service)) & by_rule.OPERATIONS.get(service, frozenset()) == set()


@pytest.mark.parametrize("service", sorted(lookup.SERVICES))
def test_every_rule_stands_an_empty_request(service: str) -> None:
    for operation in sorted(operations(service)):
        for check in checks_for(service, operation, {}, WHERE):
            assert ":" in check.action
            assert check.resource


@pytest.mark.parametrize("service", sorted(lookup.SERVICES))
def test_parameters_of_the_wrong_type_are_refused_and_break_nothing(service: str) -> None:
    model = MODELS.get_service_model(service)
    for operation in sorted(operations(service)):
        shape = model.operation_model(operation).input_shape
        members = list(shape.members) if shape is not None else []
        for value in ("x", 7, ["x"], [{"x": 1}], {"x": "y"}, {"x": {"y": ["z"]}}, None, b"x"):
            with contextlib.suppress(AwsError):  # any other error fails the test
                checks_for(service, operation, dict.fromkeys(members, value), WHERE)


@pytest.mark.parametrize("service", ["lambda", "sqs", "sns", "events", "scheduler", "stepfunctions", "kms", "xray", "codedeploy"])
def test_the_services_of_the_course_are_reviewed_in_full(service: str) -> None:
    assert [name for name in sorted(operations(service)) if is_by_rule(service, name)] == []


@pytest.mark.parametrize(("service", "operation"), [("lambda", "NoSuch"), ("glue", "GetTable")])
def test_what_nobody_mapped_fails_loudly_with_its_name(service: str, operation: str) -> None:
    with pytest.raises(InternalError, match=f"{service}:{operation}"):
        checks_for(service, operation, {}, WHERE)


def test_by_rule_asks_on_the_arns_of_the_request() -> None:
    arn = "arn:aws:kinesis:us-east-1:123456789012:queue/q"
    assert is_by_rule("kinesis", "DeleteQueue")
    (check,) = checks_for("kinesis", "DeleteQueue", {"QueueARN": arn}, WHERE)
    assert (check.action, check.resource) == ("kinesis:DeleteQueue", arn)
    (check,) = checks_for("organizations", "ListRoots", {}, WHERE)
    assert (check.action, check.resource) == ("organizations:ListRoots", "*")
