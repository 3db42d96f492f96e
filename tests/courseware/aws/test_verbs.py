"""Every operation is read, made, changed or refused; nothing that would stay behind unseen is let through."""

from __future__ import annotations

import botocore.session
import pytest

from courseware.aws.kinds import INSIDE, KINDS, MAKES
from courseware.aws.verbs import verdict


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("lambda", "CreateFunction", "make"),
        ("lambda", "Invoke", "read"),
        ("lambda", "CreateAlias", "change"),
        ("lambda", "AddPermission", "change"),
        ("lambda", "CreateCapacityProvider", "unknown"),
        ("iam", "CreateUser", "unknown"),
        ("iam", "CreateAccessKey", "unknown"),
        ("iam", "PutRolePolicy", "change"),
        ("cloudwatch", "PutMetricAlarm", "make"),
        ("cloudwatch", "PutAnomalyDetector", "unknown"),
        ("logs", "PutResourcePolicy", "unknown"),
        ("ec2", "RunInstances", "unknown"),
        ("ec2", "TerminateInstances", "unknown"),
        ("ec2", "DescribeInstances", "read"),
        ("events", "PutRule", "make"),
        ("dynamodb", "PutItem", "change"),
    ],
)
def test_an_operation_is_judged_by_its_name_and_the_list_of_kinds(service: str, operation: str, expected: str) -> None:
    assert verdict(service, operation) == expected


def test_the_tables_name_operations_and_members_that_there_are() -> None:
    session = botocore.session.get_session()
    for (service, operation), kind in MAKES.items():
        members = session.get_service_model(service).operation_model(operation).input_shape.members
        assert kind.creates[operation] in {"", *members}
    for entry in INSIDE:
        service, operation = entry.split(":")
        assert operation in session.get_service_model(service).operation_names, entry
    for kind in KINDS:
        client = session.create_client(kind.service, "us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        operation, member = kind.delete
        if operation != "delete_layer_version":
            model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
            assert set(model.input_shape.required_members) <= {member}, kind.name
        assert kind.listing[0] in client.meta.method_to_api_mapping, kind.name
