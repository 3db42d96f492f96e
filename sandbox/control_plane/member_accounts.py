"""A new member account of an organization: the role that comes with it lets the management account do everything there.

Organizations API, ``CreateAccount``: the role "grants users in the management account administrator permissions in the new member
account". moto makes the role without a policy.
"""

from __future__ import annotations

import json

from sandbox.control_plane import managed_policies
from sandbox.control_plane.identities import ADMINISTRATOR
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.control_plane.world import World
from sandbox.http_message import HttpResponse

_ROLE = "OrganizationAccountAccessRole"


def install(services: Services, world: World) -> None:
    def empower(call: ParsedCall, _account_id: str, _region: str, response: HttpResponse) -> None:
        if call.operation != "CreateAccount" or response.status >= 400:
            return
        member = json.loads(response.body)["CreateAccountStatus"]["AccountId"]
        backend = world.backend("iam", member)
        managed_policies.complete(backend, ADMINISTRATOR)
        backend.attach_role_policy(ADMINISTRATOR, call.params.get("RoleName") or _ROLE)

    services.after.setdefault("organizations", []).insert(0, empower)
