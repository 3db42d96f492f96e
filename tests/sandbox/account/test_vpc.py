"""Functions in a VPC whose calls have a way out, or none: the same in the page's runtime and in processes.

Sources: Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC"; re:Post, "How do I troubleshoot
retry and timeout issues with Lambda functions and AWS SDKs"; IAM user guide, "Troubleshoot access denied error messages".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

import boto3
import pytest

from sandbox.account import InprocessAccount, LocalAccount, inprocess_account, local_account
from tests.sandbox.network.cloud import Cloud

Account = InprocessAccount | LocalAccount
TIMED_OUT = "Task timed out after 3.00 seconds"
ONLY_GET = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "dynamodb:GetItem", "Resource": "*"}]}
NO_LISTS = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "dynamodb:ListTables", "Resource": "*"}]}


@pytest.fixture(scope="module", params=["inline", "processes"])
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    with inprocess_account() if request.param == "inline" else local_account(virtual_time=True) as made:
        yield made


def cloud_of(account: Account) -> Cloud:
    if isinstance(account, InprocessAccount):
        return Cloud(cache(boto3.client))
    keys = account.environ()
    session = boto3.session.Session(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"], region_name=account.region)
    return Cloud(cache(lambda name: session.client(name, endpoint_url=account.endpoint_url)))  # type: ignore[call-overload]


@pytest.fixture
def cloud(account: Account) -> Cloud:
    account.control.reset()
    return cloud_of(account)


def test_a_call_without_a_way_out_takes_the_function_s_time_and_says_nothing(cloud: Cloud, account: Account) -> None:
    cloud.function()
    assert cloud.call("dynamodb", "list_tables")["errorMessage"].endswith(TIMED_OUT)
    told = [entry["title"] for entry in account.control.timeline() if entry["kind"] == "network"]
    assert told == [f"dynamodb:ListTables of caller gets no answer: {cloud.table} of {cloud.subnet} has no route to it"]
    assert [call for call in account.control.calls() if call["operation"] == "ListTables"] == []


def test_a_client_that_gives_up_earlier_says_what_it_did_not_reach(cloud: Cloud) -> None:
    cloud.function()
    said = cloud.call("dynamodb", "list_tables", connect_s=1)
    assert said["said"] == 'Connect timeout on endpoint URL: "https://dynamodb.us-east-1.amazonaws.com/"'
    assert 1 <= said["waited_s"] < 3
    assert "timed out" in cloud.call("dynamodb", "list_tables", connect_s=1, attempts=5)["errorMessage"]


def test_outside_of_a_vpc_everything_is_reached(cloud: Cloud) -> None:
    cloud.function(VpcConfig={})
    assert cloud.call("dynamodb", "list_tables")["said"] == "answered"


def test_endpoints_and_their_security_groups_open_a_warm_environment_s_way(cloud: Cloud) -> None:
    cloud.function()
    cloud.gateway_endpoint("dynamodb")
    assert cloud.call("dynamodb", "list_tables")["said"] == "answered"
    group = cloud.make_group("endpoint")
    cloud.interface_endpoint("secretsmanager", group)
    assert cloud.call("secretsmanager", "list_secrets", connect_s=1)["said"].startswith("Connect timeout")
    cloud.open_https(group, UserIdGroupPairs=[{"GroupId": cloud.group}])
    assert cloud.call("secretsmanager", "list_secrets")["said"] == "answered"
    assert cloud.call("sqs", "list_queues", connect_s=1)["said"].startswith("Connect timeout")


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        (ONLY_GET, "because no VPC endpoint policy allows the dynamodb:ListTables action"),
        (NO_LISTS, "with an explicit deny in a VPC endpoint policy"),
    ],
)
def test_an_endpoint_s_policy_lets_pass_what_it_allows(cloud: Cloud, policy: dict[str, object], says: str) -> None:
    cloud.function()
    cloud.gateway_endpoint("dynamodb", PolicyDocument=json.dumps(policy))
    assert says in cloud.call("dynamodb", "list_tables")["said"]


def test_a_nat_gateway_in_a_public_subnet_is_the_way_to_the_internet(cloud: Cloud) -> None:
    """Lambda guide, "Enable internet access for VPC-connected Lambda functions"."""
    cloud.function()
    elsewhere = {"region": "eu-central-1", "connect_s": 1}
    public, internet = cloud.make_public_subnet()
    cloud.ec2.create_route(RouteTableId=cloud.table, DestinationCidrBlock="0.0.0.0/0", GatewayId=internet)
    assert cloud.call("sqs", "list_queues", **elsewhere)["said"].startswith("Connect timeout")
    address = cloud.ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = cloud.ec2.create_nat_gateway(SubnetId=public, AllocationId=address)["NatGateway"]["NatGatewayId"]
    cloud.ec2.replace_route(RouteTableId=cloud.table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    assert cloud.call("sqs", "list_queues", **elsewhere)["said"] == "answered"
    cloud.ec2.delete_nat_gateway(NatGatewayId=nat)
    assert cloud.call("sqs", "list_queues", **elsewhere)["said"].startswith("Connect timeout")


def test_through_an_endpoint_a_request_says_which_one(cloud: Cloud) -> None:
    cloud.function()
    endpoint = cloud.gateway_endpoint("s3")
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="inside-only")
    everybody_else = {"Effect": "Deny", "Principal": "*", "Action": "s3:ListBucket", "Resource": "*"}
    condition = {"StringNotEquals": {"aws:SourceVpce": endpoint}}
    s3.put_bucket_policy(Bucket="inside-only", Policy=json.dumps({"Statement": [{**everybody_else, "Condition": condition}]}))
    assert cloud.call("s3", "list_objects_v2", params={"Bucket": "inside-only"})["said"] == "answered"
    with pytest.raises(s3.exceptions.ClientError, match="explicit deny"):
        s3.list_objects_v2(Bucket="inside-only")


def test_a_call_in_init_without_a_way_out_is_an_init_that_times_out(cloud: Cloud) -> None:
    source = "import boto3\nboto3.client('dynamodb').list_tables()\n\ndef handler(event, context):\n    return {}\n"
    cloud.function(source=source)
    assert "timed out" in cloud.call("dynamodb", "list_tables")["errorMessage"]


def test_one_function_without_a_way_to_lambda_does_not_reach_another(cloud: Cloud) -> None:
    cloud.function()
    assert cloud.call("lambda", "invoke", connect_s=1, params={"FunctionName": "caller"})["said"].startswith("Connect timeout")
    cloud.function("other", VpcConfig={}, source="def handler(event, context):\n    return 1\n")
    group = cloud.make_group("endpoint")
    cloud.open_https(group, IpRanges=[{"CidrIp": "10.0.0.0/16"}])
    cloud.interface_endpoint("lambda", group)
    assert cloud.call("lambda", "invoke", params={"FunctionName": "other"})["said"] == "answered"


def test_in_real_time_the_wait_is_real() -> None:
    with local_account() as account:
        cloud = cloud_of(account)
        cloud.function()
        began = account.control.now()["now"]
        assert cloud.call("dynamodb", "list_tables", connect_s=0.2)["said"].startswith("Connect timeout")
        assert account.control.now()["now"] - began >= 0.2
