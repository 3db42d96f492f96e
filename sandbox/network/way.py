"""Does a connection from here get to there? A pure function of the networks' state; what is in the way is said in words.

Sources: Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC" and "Enable internet access for
VPC-connected Lambda functions" (an interface has no public address, so a public subnet gives no internet); VPC guide, "Route
tables" (the most specific route wins, so a gateway endpoint's prefix list goes before ``0.0.0.0/0``); PrivateLink guide, "Gateway
endpoints" (same Region; the security group must let out to the prefix list) and "Interface endpoints" (private DNS; HTTPS from
the client must be let in). What is not looked at, such as network ACLs, stands in ``docs/fidelity.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_network

from sandbox.network.ground import ANYWHERE, Endpoint, Ground, Place, Rule, Subnet

# General reference, "Service endpoints", and PrivateLink guide, "AWS services that integrate with AWS PrivateLink": where a name
# differs from botocore's.
_ENDPOINTS = {"kinesis": "kinesis-streams", "dynamodbstreams": "dynamodb-streams"}
_NAMES = {
    "cloudwatch": "monitoring",
    "dynamodbstreams": "streams.dynamodb",
    "stepfunctions": "states",
}


@dataclass(frozen=True, slots=True)
class Way:
    """``by`` is what the connection goes through: an endpoint's or a NAT gateway's id; empty when ``stopped`` says why not."""

    vpc_id: str = ""
    by: str = ""
    stopped: str = ""
    endpoint: Endpoint | None = None


def way(ground: Ground, place: Place, subnet_id: str, region: str, service: str = "", service_region: str = "") -> Way:
    """From a function's subnet in ``region`` to an AWS service, or with no ``service`` to the internet."""
    subnet = ground.subnets.get(subnet_id)
    if subnet is None:
        return Way(stopped=f"there is no subnet {subnet_id}")
    name = f"com.amazonaws.{service_region}.{_ENDPOINTS.get(service) or _NAMES.get(service, service)}"
    own = [each for each in ground.endpoints if service and each.service == name and service_region == region]
    here = [each for each in own if each.vpc_id == subnet.vpc_id]
    for endpoint in here:
        if endpoint.kind == "Interface" and endpoint.private_dns and subnet.vpc_id in ground.named:
            return _through_interface(ground, place, subnet, endpoint)  # the name says so: there is no way around it
    rules = _egress(ground, place)
    for endpoint in here:
        if endpoint.kind == "Gateway" and endpoint.endpoint_id in subnet.endpoint_routes:
            if not any(rule.cidr == ANYWHERE or rule.prefix_list == endpoint.prefix_list != "" for rule in rules):
                return Way(subnet.vpc_id, stopped=f"the security group lets nothing out to {name}")
            return Way(subnet.vpc_id, endpoint.endpoint_id, endpoint=endpoint)
    return _to_internet(ground, subnet, rules)


def host(service: str, region: str) -> str:
    """AWS's public name of a service in a Region."""
    return f"{_NAMES.get(service, service)}.{region}.amazonaws.com"


def _to_internet(ground: Ground, subnet: Subnet, rules: Iterable[Rule]) -> Way:
    vpc, target = subnet.vpc_id, subnet.default_route
    if not target:
        return Way(vpc, stopped=f"{subnet.table_id} of {subnet.subnet_id} has no route to it")
    if not any(rule.cidr == ANYWHERE for rule in rules):
        return Way(vpc, stopped="the security group does not let it out")
    if target.startswith("igw-"):
        return Way(vpc, stopped=f"{target} drops what comes from an address that is not public")
    nat = ground.subnets.get(ground.nat_gateways.get(target, ""))
    if nat is None:
        return Way(vpc, stopped=f"the route leads to {target}, which is no NAT gateway that works")
    if ground.internet_gateways.get(nat.default_route) != nat.vpc_id:
        return Way(vpc, stopped=f"{target} stands in {nat.subnet_id}, which has no route to an internet gateway")
    return Way(vpc, target)


def _through_interface(ground: Ground, place: Place, subnet: Subnet, endpoint: Endpoint) -> Way:
    addresses = [ground.subnets[each].cidr for each in endpoint.subnet_ids if each in ground.subnets]
    if not any(_lets(rule, endpoint.group_ids, addresses) for rule in _egress(ground, place)):
        return Way(subnet.vpc_id, stopped=f"the function's security group does not let it out to {endpoint.endpoint_id}")
    ingress = [rule for each in endpoint.group_ids for rule in _ingress(ground, each)]
    if not any(rule.takes_https and _lets(rule, place.group_ids, [subnet.cidr]) for rule in ingress):
        return Way(subnet.vpc_id, stopped=f"the security group of {endpoint.endpoint_id} does not let it in")
    return Way(subnet.vpc_id, endpoint.endpoint_id, endpoint=endpoint)


def _egress(ground: Ground, place: Place) -> list[Rule]:
    """Several groups add up."""
    found = (rule for each in place.group_ids if each in ground.groups for rule in ground.groups[each].egress)
    return [rule for rule in found if rule.takes_https]


def _lets(rule: Rule, group_ids: Iterable[str], addresses: Iterable[str]) -> bool:
    if rule.group_id:
        return rule.group_id in group_ids
    return bool(rule.cidr) and any(_contains(rule.cidr, address) for address in addresses)


def _contains(outer: str, inner: str) -> bool:
    a, b = ip_network(outer, strict=False), ip_network(inner, strict=False)
    return a.version == b.version and a.supernet_of(b)  # type: ignore[arg-type]  # the versions agree


def _ingress(ground: Ground, group_id: str) -> tuple[Rule, ...]:
    return ground.groups[group_id].ingress if group_id in ground.groups else ()
