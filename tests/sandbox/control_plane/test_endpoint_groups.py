"""Which security groups an endpoint has (EC2 API reference, CreateVpcEndpoint and ModifyVpcEndpoint)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.account import inprocess_account


@pytest.fixture(name="ec2", scope="module")
def ec2_of_this_file() -> Iterator[Any]:
    with inprocess_account(seed=1) as account:
        yield account.client("ec2")


@pytest.fixture(name="vpc")
def vpc_of_a_test(ec2: Any) -> str:
    return str(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])


def make(ec2: Any, vpc: str, service: str, kind: str, **more: Any) -> dict[str, Any]:
    name = f"com.amazonaws.us-east-1.{service}"
    made: dict[str, Any] = ec2.create_vpc_endpoint(VpcId=vpc, VpcEndpointType=kind, ServiceName=name, **more)["VpcEndpoint"]
    return made


def groups(ec2: Any, endpoint: str) -> list[str]:
    found = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]
    return [row["GroupName"] for row in found["Groups"]]


def test_an_interface_endpoint_has_the_default_group_until_it_is_given_another(ec2: Any, vpc: str) -> None:
    made = make(ec2, vpc, "secretsmanager", "Interface")
    default = made["Groups"][0]["GroupId"]
    assert groups(ec2, made["VpcEndpointId"]) == ["default"]
    door = ec2.create_security_group(GroupName="door", Description="door", VpcId=vpc)["GroupId"]
    change = {"AddSecurityGroupIds": [door], "RemoveSecurityGroupIds": [default]}
    ec2.modify_vpc_endpoint(VpcEndpointId=made["VpcEndpointId"], **change)
    assert groups(ec2, made["VpcEndpointId"]) == ["door"]


def test_groups_that_are_named_are_the_only_ones_and_a_gateway_has_none(ec2: Any, vpc: str) -> None:
    door = ec2.create_security_group(GroupName="door", Description="door", VpcId=vpc)["GroupId"]
    named = make(ec2, vpc, "kms", "Interface", SecurityGroupIds=[door])["VpcEndpointId"]
    assert groups(ec2, named) == ["door"]
    assert groups(ec2, make(ec2, vpc, "s3", "Gateway")["VpcEndpointId"]) == []
