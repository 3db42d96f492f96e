"""The networks of one account and Region, read out of EC2's state for ``sandbox.network``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.control_plane.world import World
from sandbox.network.ground import ANYWHERE, Endpoint, Ground, Group, Rule, Subnet


def ground(world: World, account_id: str, region: str) -> Ground:
    """Empty where nobody has asked EC2 for anything yet."""
    if not world.known("ec2"):
        return Ground()
    with world.entered():
        ec2 = world.backend("ec2", account_id, region)
        subnets = [subnet for zone in ec2.subnets.values() for subnet in zone.values()]
        return Ground(
            subnets={subnet.id: _subnet(ec2, subnet) for subnet in subnets},
            groups={key: _group(group) for groups in ec2.groups.values() for key, group in groups.items()},
            endpoints=tuple(_endpoint(ec2, each) for each in ec2.vpc_end_points.values() if each.state == "available"),
            nat_gateways={
                each.id: each.subnet_id
                for each in ec2.nat_gateways.values()
                if each.state == "available" and each.connectivity_type != "private"  # moto keeps nothing for the default
            },
            internet_gateways={each.id: each.vpc.id for each in ec2.internet_gateways.values() if each.vpc},
            named=frozenset(vpc.id for vpc in ec2.vpcs.values() if _on(vpc.enable_dns_support) and _on(vpc.enable_dns_hostnames)),
        )


def _on(value: Any) -> bool:
    """moto keeps a Boolean at first and the text of a request afterwards."""
    return str(value).lower() == "true"


def _subnet(ec2: Any, subnet: Any) -> Subnet:
    tables = [table for table in ec2.route_tables.values() if table.vpc_id == subnet.vpc_id]
    own = [table for table in tables if subnet.id in table._associations.values()]
    table = next(iter(own or [table for table in tables if table.main_association_id is not None]), None)
    routes = list(table.routes) if table is not None else []
    return Subnet(
        subnet.id,
        subnet.vpc_id,
        subnet.cidr_block,
        table.id if table is not None else "",
        next((_target(route) for route in routes if route.destination_cidr_block == ANYWHERE), ""),
        frozenset(each.id for each in ec2.vpc_end_points.values() if table and table.id in (each.route_table_ids or ())),
    )


def _target(route: Any) -> str:
    """What a default route leads to; of the many kinds of target, those of which ``network.way`` knows what they do."""
    target = route.nat_gateway or route.gateway or route.interface or route.instance or route.transit_gateway or route.vpc_pcx
    return str(getattr(target, "id", target) or "")


def _group(group: Any) -> Group:
    return Group(_rules(group.egress_rules), _rules(group.ingress_rules))


def _rules(rules: Iterable[Any]) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            rule.ip_protocol or "-1",
            int(rule.from_port or 0),
            int(rule.to_port or 0),
            str((rule.ip_range or {}).get("CidrIp") or ""),
            str((rule.source_group or {}).get("GroupId") or ""),
            str(rule.prefix_list_id or ""),
        )
        for rule in rules
    )


def _endpoint(ec2: Any, endpoint: Any) -> Endpoint:
    return Endpoint(
        endpoint.id,
        endpoint.vpc_id,
        endpoint.service_name,
        endpoint.vpc_endpoint_type,
        tuple(endpoint.subnet_ids or ()),
        tuple(endpoint.security_group_ids or ()),
        _on(endpoint.private_dns_enabled),
        _prefix_list(ec2, endpoint.service_name),
        endpoint.policy_document or "",
    )


def _prefix_list(ec2: Any, service: str) -> str:
    lists = ec2.managed_prefix_lists.values()
    return next((str(each.id) for each in lists if each.prefix_list_name == service), "")
