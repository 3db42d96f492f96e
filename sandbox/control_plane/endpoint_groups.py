"""An interface endpoint without security groups of its own has the VPC's default one; moto leaves it with none."""

from __future__ import annotations

from urllib.parse import urlencode

from sandbox.control_plane.services import Before
from sandbox.control_plane.wire import ParsedCall, with_body
from sandbox.control_plane.world import World


def given(world: World) -> Before:
    """A hook before EC2's calls (EC2 API reference, CreateVpcEndpoint, SecurityGroupIds: "If this parameter is not specified,
    we use the default security group for the VPC")."""

    def give(call: ParsedCall, account_id: str, region: str) -> None:
        params = call.params
        if call.operation != "CreateVpcEndpoint" or params.get("VpcEndpointType") != "Interface":
            return
        if params.get("SecurityGroupIds"):
            return
        with world.entered():
            groups = world.backend("ec2", account_id, region).groups.get(params.get("VpcId"), {}).values()
            default = next((group.id for group in groups if group.is_default), None)
        if default is not None:
            form = [*call.native.form.items(multi=True), ("SecurityGroupId.1", default)]
            call.native = with_body(call, urlencode(form).encode())

    return give
