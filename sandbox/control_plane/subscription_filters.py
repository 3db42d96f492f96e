"""PutSubscriptionFilter and what makes subscriptions go: the log events as they are stored, by Lambda and by PutLogEvents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.control_plane.log_store import LogStore
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.delivery.errand import Errand
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest, HttpResponse
from sandbox.iam.principal import Principal
from sandbox.telemetry.filter_pattern import PatternRefused, compiled
from sandbox.triggers.logs_subscription import LogSubscriptions, Place, SubscriptionFilter, check_destination

FILTERS_MAX = 2  # of one log group
_NOT_LAMBDA = (
    "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function."
)
_NOT_STREAM = "Could not deliver test message to specified Kinesis stream. Check if the given kinesis stream is in ACTIVE state."

Unfit = Callable[[Errand], bool]
"""Whether an errand would be refused or its target is not there."""


class SubscriptionApi:
    """moto keeps the filters for Describe; its own sending is off."""

    def __init__(self, services: Services, logs: LogStore, subscriptions: LogSubscriptions, unfit: Unfit) -> None:
        self._world = services.world
        self._subscriptions = subscriptions
        self._unfit = unfit
        services.override("logs", "PutSubscriptionFilter", self._put)
        services.after.setdefault("logs", []).append(self._after)
        logs.forwards.append(subscriptions.arrived)

    def _put(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> dict[str, Any]:
        params = call.params
        place: Place = (account_id, region, str(params["logGroupName"]))
        group = self._world.backend("logs", account_id, region).groups.get(place[2])
        if group is None:
            raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
        name, pattern = str(params["filterName"]), str(params.get("filterPattern") or "")
        destination, role = str(params["destinationArn"]), str(params.get("roleArn") or "")
        try:
            compiled(pattern)
        except PatternRefused:
            raise AwsError("InvalidParameterException", "Invalid filter pattern") from None
        check_destination(destination, region)
        wanted = SubscriptionFilter(name, pattern, destination, role)
        if ":kinesis:" in destination and not role:
            raise AwsError("InvalidParameterException", "destinationArn for vendor kinesis requires a roleArn")
        if self._unfit(self._subscriptions.test_errand(place, wanted)):
            raise AwsError("InvalidParameterException", _NOT_STREAM if ":kinesis:" in destination else _NOT_LAMBDA)
        if name not in group.subscription_filters and len(group.subscription_filters) >= FILTERS_MAX:
            raise AwsError("LimitExceededException", "Resource limit exceeded.")
        if name in group.subscription_filters:
            group.subscription_filters[name].update(pattern, destination, role)
        else:
            group.put_subscription_filter(name, pattern, destination, role)
        self._subscriptions.put(place, wanted)
        return {}

    def _after(self, call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        if response.status >= 300:
            return
        place = (account_id, region, str(call.params.get("logGroupName") or ""))
        if call.operation == "DeleteSubscriptionFilter":
            self._subscriptions.remove(place, str(call.params["filterName"]))
        elif call.operation == "DeleteLogGroup":
            self._subscriptions.remove(place)
        elif call.operation == "PutLogEvents":
            rows = call.params.get("logEvents") or ()
            records = [(int(row["timestamp"]), str(row["message"])) for row in rows]
            self._subscriptions.arrived(*place, str(call.params["logStreamName"]), records)
