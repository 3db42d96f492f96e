"""Which connection of a function in a VPC gets where. Sources are named at ``sandbox.network.way``."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandbox.network.ground import Endpoint, Ground, Group, Place, Rule, Subnet
from sandbox.network.way import Way, way

ANY = Rule("-1", 0, 0, cidr="0.0.0.0/0")
HOME = Subnet("subnet-home", "vpc-1", "10.0.1.0/24", "rtb-home")
PUBLIC = Subnet("subnet-public", "vpc-1", "10.0.0.0/24", "rtb-public", default_route="igw-1")
PLACE = Place(("subnet-home",), ("sg-function",))
SECRETS = Endpoint(
    *("vpce-secrets", "vpc-1", "com.amazonaws.us-east-1.secretsmanager", "Interface"),
    subnet_ids=("subnet-home",),
    group_ids=("sg-endpoint",),
    private_dns=True,
)
TABLES = Endpoint("vpce-tables", "vpc-1", "com.amazonaws.us-east-1.dynamodb", "Gateway", prefix_list="pl-tables")
GROUND = Ground(
    subnets={"subnet-home": HOME, "subnet-public": PUBLIC},
    groups={
        "sg-function": Group(egress=(ANY,)),
        "sg-endpoint": Group(ingress=(Rule("tcp", 443, 443, group_id="sg-function"),)),
    },
    endpoints=(SECRETS, TABLES),
    nat_gateways={"nat-1": "subnet-public"},
    internet_gateways={"igw-1": "vpc-1"},
    named=frozenset({"vpc-1"}),
)


def leads(service: str = "", *, ground: Ground = GROUND, home: Subnet = HOME, region: str = "us-east-1") -> Way:
    ground = replace(ground, subnets={**ground.subnets, "subnet-home": home})
    return way(ground, PLACE, "subnet-home", "us-east-1", service, region)


def with_egress(*rules: Rule) -> Ground:
    return replace(GROUND, groups={**GROUND.groups, "sg-function": Group(egress=rules)})


def with_ingress(*rules: Rule) -> Ground:
    return replace(GROUND, groups={**GROUND.groups, "sg-endpoint": Group(ingress=rules)})


def test_a_subnet_without_a_route_leads_nowhere() -> None:
    assert leads("sqs").stopped == "rtb-home of subnet-home has no route to it"
    assert leads().stopped == "rtb-home of subnet-home has no route to it"


def test_an_internet_gateway_does_not_serve_a_function_which_has_no_public_address() -> None:
    assert "not public" in leads(home=replace(HOME, default_route="igw-1")).stopped


def test_a_nat_gateway_leads_to_every_service_and_to_the_internet() -> None:
    behind = replace(HOME, default_route="nat-1")
    assert [leads(service, home=behind).by for service in ("sqs", "")] == ["nat-1", "nat-1"]
    assert leads("sqs", home=behind, region="eu-west-1").by == "nat-1"


def test_a_nat_gateway_that_is_gone_or_has_no_way_out_itself_leads_nowhere() -> None:
    behind = replace(HOME, default_route="nat-1")
    assert "no NAT gateway that works" in leads(home=behind, ground=replace(GROUND, nat_gateways={})).stopped
    inside = replace(GROUND, nat_gateways={"nat-1": "subnet-home"})
    assert "no route to an internet gateway" in leads(home=behind, ground=inside).stopped
    assert leads(home=behind, ground=replace(GROUND, internet_gateways={})).stopped


def test_the_function_s_security_group_must_let_it_out() -> None:
    behind = replace(HOME, default_route="nat-1")
    assert leads("sqs", home=behind, ground=with_egress()).stopped == "the security group does not let it out"
    for rule in (Rule("tcp", 5432, 5432, cidr="0.0.0.0/0"), Rule("udp", 443, 443, cidr="0.0.0.0/0")):
        assert leads("sqs", home=behind, ground=with_egress(rule)).stopped
    assert leads("sqs", home=behind, ground=with_egress(Rule("tcp", 443, 443, cidr="0.0.0.0/0"))).by == "nat-1"


def test_a_gateway_endpoint_serves_the_route_tables_it_is_in_and_its_own_region() -> None:
    assert leads("dynamodb").stopped
    routed = replace(HOME, endpoint_routes=frozenset({"vpce-tables"}))
    assert leads("dynamodb", home=routed).by == "vpce-tables"
    assert leads("s3", home=routed).stopped
    assert leads("dynamodb", home=routed, region="eu-west-1").stopped


def test_a_gateway_endpoint_goes_before_the_nat_gateway() -> None:
    routed = replace(HOME, default_route="nat-1", endpoint_routes=frozenset({"vpce-tables"}))
    assert leads("dynamodb", home=routed).by == "vpce-tables"


def test_a_security_group_may_name_the_prefix_list_of_a_gateway_endpoint() -> None:
    routed = replace(HOME, endpoint_routes=frozenset({"vpce-tables"}))
    listed = Rule("tcp", 443, 443, prefix_list="pl-tables")
    assert leads("dynamodb", home=routed, ground=with_egress(listed)).by == "vpce-tables"
    assert leads("dynamodb", home=routed, ground=with_egress(Rule("tcp", 443, 443, cidr="10.0.0.0/16"))).stopped


@pytest.mark.parametrize("peer", [{"group_id": "sg-function"}, {"cidr": "10.0.0.0/16"}, {"cidr": "0.0.0.0/0"}])
def test_an_interface_endpoint_lets_in_what_its_security_group_does(peer: dict[str, str]) -> None:
    found = leads("secretsmanager", ground=with_ingress(Rule("tcp", 443, 443, **peer)))
    assert (found.by, found.vpc_id, found.endpoint) == ("vpce-secrets", "vpc-1", SECRETS)


def test_an_interface_endpoint_that_lets_nothing_in_is_not_gone_around() -> None:
    """The service's name leads to the endpoint as long as private DNS is on, whatever else the routes offer."""
    behind = replace(HOME, default_route="nat-1")
    for rule in (Rule("tcp", 443, 443, cidr="10.0.9.0/24"), Rule("tcp", 80, 80, group_id="sg-function")):
        assert "does not let it in" in leads("secretsmanager", home=behind, ground=with_ingress(rule)).stopped


def test_without_private_dns_the_name_leads_to_the_internet() -> None:
    behind = replace(HOME, default_route="nat-1")
    unnamed = replace(GROUND, endpoints=(replace(SECRETS, private_dns=False),))
    assert leads("secretsmanager", ground=unnamed).stopped
    assert leads("secretsmanager", home=behind, ground=unnamed).by == "nat-1"
    assert leads("secretsmanager", ground=replace(GROUND, named=frozenset())).stopped


def test_egress_to_the_group_of_an_interface_endpoint_is_enough() -> None:
    assert leads("secretsmanager", ground=with_egress(Rule("tcp", 443, 443, group_id="sg-endpoint"))).by == "vpce-secrets"
    assert leads("secretsmanager", ground=with_egress(Rule("tcp", 443, 443, cidr="10.0.1.0/24"))).by == "vpce-secrets"
    assert "does not let it out" in leads("secretsmanager", ground=with_egress(Rule("tcp", 443, 443, cidr="10.9.0.0/16"))).stopped


def test_an_environment_stays_in_one_of_the_subnets() -> None:
    place = Place(("subnet-a", "subnet-b"), ())
    assert {place.subnet_of(f"ASIA{number}") for number in range(9)} == {"subnet-a", "subnet-b"}
    assert place.subnet_of("ASIA1") == place.subnet_of("ASIA1")
