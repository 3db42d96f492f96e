"""API Gateway executed: its APIs behind the front door, its permissions and time those of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.control_plane.http_apis import HttpApis
from sandbox.control_plane.rest_apis import RestApis
from sandbox.control_plane.rest_patches import RestPatches
from sandbox.front_door.api_gateway import ApiGatewayDoor
from sandbox.front_door.api_gateway_authorizer import LambdaAuthorizers
from sandbox.front_door.api_gateway_http import HttpApiDoor
from sandbox.front_door.api_gateway_http_access import HttpAccess
from sandbox.front_door.api_gateway_iam import Signed
from sandbox.front_door.api_gateway_integration import Integrations
from sandbox.front_door.api_gateway_jwt import JwtVerifier
from sandbox.front_door.api_gateway_lambda import LambdaCaller
from sandbox.front_door.api_gateway_log import AccessLog
from sandbox.front_door.api_gateway_rest import RestApiDoor
from sandbox.front_door.api_gateway_rest_access import RestAccess
from sandbox.front_door.api_gateway_test_invoke import TestInvoke
from sandbox.front_door.api_gateway_usage import Usage
from sandbox.front_door.token_bucket import TokenBuckets

if TYPE_CHECKING:
    from sandbox.account.wiring import Account
    from sandbox.front_door.gate import Rooms


def wire_api_gateway(account: Account, rooms: Rooms) -> HttpApis:
    clock = account.clock
    http_apis = HttpApis(account.plane.services)
    caller, buckets = LambdaCaller(account.errands, clock), TokenBuckets(clock)
    authorizers, tokens = LambdaAuthorizers(caller, clock), JwtVerifier(account.door.handle, clock)
    http = HttpApiDoor(HttpAccess(Signed(rooms), tokens, authorizers), caller, buckets)
    rest_apis = RestApis(account.plane.services)
    usage = Usage(rest_apis, buckets, clock)
    rest = RestApiDoor(RestAccess(rooms, Signed(rooms), authorizers), usage, Integrations(caller))
    RestPatches(account.plane.services)
    account.plane.services.deferred["apigateway", "TestInvokeMethod"] = TestInvoke(rooms, rest_apis, rest).handle
    log = AccessLog(account.plane.logs, account.metrics.put, clock)
    account.door.apis = ApiGatewayDoor(rooms, account.door.causes, http_apis, http, rest_apis, rest, log)
    forgotten = (http_apis, rest_apis, buckets, authorizers, tokens, usage)
    account.on_reset += [room.clear for room in forgotten]
    return http_apis
