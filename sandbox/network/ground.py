"""What of a VPC decides where a connection gets to, as data: subnets with their routes, gateways, endpoints, security groups.

The control plane fills it in from the state of EC2 (``control_plane.network_state``); nothing here asks anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HTTPS = 443
ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a function's connections start: its ``VpcConfig``. Which of the subnets, its environment decides."""

    subnet_ids: tuple[str, ...]
    group_ids: tuple[str, ...]

    def subnet_of(self, key: str) -> str:
        """The subnet of the environment with this access key: any of them, and always the same one."""
        return self.subnet_ids[sum(key.encode()) % len(self.subnet_ids)]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a security group: TCP ports and one peer, which is addresses, a group, or a service's prefix list."""

    protocol: str  # as EC2 says it: tcp, 6, -1 …
    from_port: int
    to_port: int
    cidr: str = ""
    group_id: str = ""
    prefix_list: str = ""

    @property
    def takes_https(self) -> bool:
        if self.protocol == "-1":
            return True
        return self.protocol in ("tcp", "6") and self.from_port <= HTTPS <= self.to_port


@dataclass(frozen=True, slots=True)
class Group:
    egress: tuple[Rule, ...] = ()
    ingress: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Subnet:
    """``default_route`` is the id of what ``0.0.0.0/0`` leads to (``igw-…``, ``nat-…``), empty where there is no such route.

    ``endpoint_routes``: the gateway endpoints that the subnet's route table leads to.
    """

    subnet_id: str
    vpc_id: str
    cidr: str
    table_id: str
    default_route: str = ""
    endpoint_routes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``service`` is ``com.amazonaws.us-east-1.secretsmanager``; ``policy`` the JSON text of its endpoint policy."""

    endpoint_id: str
    vpc_id: str
    service: str
    kind: str  # Gateway or Interface
    subnet_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    private_dns: bool = False
    prefix_list: str = ""
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """One Region's networks. ``nat_gateways``: those that are available and public, each with its subnet.

    ``internet_gateways``: each attached one with its VPC. ``named``: the VPCs in which private DNS names work
    (``enableDnsSupport`` and ``enableDnsHostnames``).
    """

    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    endpoints: tuple[Endpoint, ...] = ()
    nat_gateways: Mapping[str, str] = field(default_factory=dict)
    internet_gateways: Mapping[str, str] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
