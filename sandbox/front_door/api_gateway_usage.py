"""API keys and usage plans: who sends which key, how fast and how often (guide, "Usage plans and API keys for REST APIs")."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox import facts
from sandbox.clock import Clock
from sandbox.control_plane.rest_apis import PlanKey, RestApis, RestDefinition, RestStage
from sandbox.front_door.api_gateway_gateway_response import Refused
from sandbox.front_door.api_gateway_visit import Visit
from sandbox.front_door.token_bucket import TokenBuckets

_KEPT_MAX = 10_000


class Usage:
    """Raises ``Refused`` for a request over a limit; quotas are counted per key and period."""

    def __init__(self, apis: RestApis, buckets: TokenBuckets, clock: Clock) -> None:
        self._apis = apis
        self._buckets = buckets
        self._clock = clock
        self._counts: dict[tuple[str, str, str], int] = {}

    def clear(self) -> None:
        self._counts.clear()

    def key(self, visit: Visit, definition: RestDefinition, from_authorizer: str) -> None:
        """A method that needs a key: it must be known, enabled and in a plan for this stage."""
        value = from_authorizer if definition.key_source == "AUTHORIZER" else visit.request.header("x-api-key")
        found = self._apis.plan_key(visit.account_id, visit.region, visit.api_id, visit.stage, value) if value else None
        if found is None:
            raise Refused("INVALID_API_KEY")
        place = f"{visit.resource}/{visit.request.method}"
        self._limit(
            ("plan-method", found.plan_id, found.key_id, visit.api_id, visit.stage, place), found.method_throttle.get(place)
        )
        self._limit(("plan", found.plan_id, found.key_id, visit.api_id, visit.stage), found.throttle)
        self._count(found)

    def stage(self, visit: Visit, stage: RestStage) -> None:
        """The method's own limit, else the stage's; and the account's, which all APIs of a Region share."""
        account = {"rateLimit": facts.limit("api_requests_per_s"), "burstLimit": facts.limit("api_burst")}
        self._limit((visit.account_id, visit.region), account)
        key = f"{visit.resource.lstrip('/')}/{visit.request.method}"
        settings = (
            stage.method_settings.get("/" + key) or stage.method_settings.get(key) or stage.method_settings.get("*/*") or {}
        )
        if "throttlingRateLimit" in settings:
            limits = {"rateLimit": settings["throttlingRateLimit"], "burstLimit": settings.get("throttlingBurstLimit", 0)}
            self._limit((visit.api_id, stage.name, key), limits)

    def _limit(self, place: tuple[object, ...], limits: Mapping[str, Any] | None) -> None:
        if limits and not self._buckets.take(place, float(limits.get("rateLimit") or 0), float(limits.get("burstLimit") or 0)):
            raise Refused("THROTTLED")

    def _count(self, found: PlanKey) -> None:
        limit = int(found.quota.get("limit") or 0)
        if not limit:
            return
        period = _period(self._clock.now(), str(found.quota.get("period") or "DAY"))
        place = (found.plan_id, found.key_id, period)
        used = self._counts.get(place, int(found.quota.get("offset") or 0) if not self._known(found) else 0)
        if used >= limit:
            raise Refused("QUOTA_EXCEEDED")
        if len(self._counts) >= _KEPT_MAX and place not in self._counts:
            del self._counts[next(iter(self._counts))]
        self._counts[place] = used + 1

    def _known(self, found: PlanKey) -> bool:
        """The offset is taken off the first period only."""
        return any(plan == found.plan_id and key == found.key_id for plan, key, _ in self._counts)


def _period(now: float, period: str) -> str:
    day = datetime.fromtimestamp(now, UTC).date()
    if period == "WEEK":
        return (day - timedelta(days=day.weekday())).isoformat()
    return day.strftime("%Y-%m") if period == "MONTH" else day.isoformat()
