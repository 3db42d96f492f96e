"""A VPC with a function in it, made with an account's own clients."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

Client = Callable[[str], Any]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
CALLER = """
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectTimeoutError


def handler(event, context):
    began = time.monotonic()
    patience = Config(connect_timeout=event.get("connect_s", 60), retries={"total_max_attempts": event.get("attempts", 1)})
    client = boto3.client(event["service"], config=patience, region_name=event.get("region"))
    try:
        getattr(client, event["call"])(**event.get("params", {}))
        said = "answered"
    except ConnectTimeoutError as error:
        said = str(error)
    except ClientError as error:
        said = error.response["Error"]["Message"]
    return {"said": said, "waited_s": round(time.monotonic() - began)}
"""


class Cloud:
    """One VPC, one subnet, one security group (which lets everything out), and a function there."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.ec2, self.lambda_, self._iam = client("ec2"), client("lambda"), client("iam")
        ec2 = self.ec2
        self.vpc: str = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        ec2.modify_vpc_attribute(VpcId=self.vpc, EnableDnsHostnames={"Value": True})
        self.subnet = self.make_subnet("10.0.1.0/24")
        self.table: str = ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(SubnetId=self.subnet, RouteTableId=self.table)
        self.group = self.make_group("function")
        self.role = self._make_role()

    def make_subnet(self, cidr: str) -> str:
        return str(self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=cidr)["Subnet"]["SubnetId"])

    def make_public_subnet(self) -> tuple[str, str]:
        """The subnet, and the internet gateway that its route table leads to."""
        ec2, subnet = self.ec2, self.make_subnet("10.0.9.0/24")
        internet: str = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=internet, VpcId=self.vpc)
        table = ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(SubnetId=subnet, RouteTableId=table)
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=internet)
        return subnet, internet

    def make_group(self, name: str) -> str:
        return str(self.ec2.create_security_group(GroupName=name, Description=name, VpcId=self.vpc)["GroupId"])

    def open_https(self, group: str, **peer: Any) -> None:
        rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **peer}
        self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])

    def interface_endpoint(self, service: str, group: str, **more: Any) -> str:
        made = self.ec2.create_vpc_endpoint(
            VpcId=self.vpc,
            VpcEndpointType="Interface",
            ServiceName=f"com.amazonaws.us-east-1.{service}",
            SubnetIds=[self.subnet],
            SecurityGroupIds=[group],
            PrivateDnsEnabled=True,
            **more,
        )
        return str(made["VpcEndpoint"]["VpcEndpointId"])

    def gateway_endpoint(self, service: str, **more: Any) -> str:
        made = self.ec2.create_vpc_endpoint(
            VpcId=self.vpc,
            VpcEndpointType="Gateway",
            ServiceName=f"com.amazonaws.us-east-1.{service}",
            RouteTableIds=[self.table],
            **more,
        )
        return str(made["VpcEndpoint"]["VpcEndpointId"])

    def function(self, name: str = "caller", source: str = CALLER, **settings: Any) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("app.py", source)
        self.lambda_.create_function(
            FunctionName=name,
            Runtime="python3.14",
            Handler="app.handler",
            Role=self.role,
            Code={"ZipFile": buffer.getvalue()},
            **{"VpcConfig": {"SubnetIds": [self.subnet], "SecurityGroupIds": [self.group]}, **settings},
        )

    def call(self, service: str, call: str, name: str = "caller", **event: Any) -> dict[str, Any]:
        payload = json.dumps({"service": service, "call": call, **event})
        return dict(json.loads(self.lambda_.invoke(FunctionName=name, Payload=payload)["Payload"].read()))

    def _make_role(self) -> str:
        made = self._iam.create_role(RoleName="inside", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        self._iam.put_role_policy(RoleName="inside", PolicyName="all", PolicyDocument=json.dumps(everything))
        return str(made)
