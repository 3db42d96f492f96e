"""What can be worked out before an invocation comes: one plan per way a version is called. Made once, used until it changes."""

from __future__ import annotations

from sandbox.functions.function import FunctionVersion, Target
from sandbox.invocation.concurrency import Flight
from sandbox.invocation.platform_event import JsonLog
from sandbox.invocation.report_line import SystemLog, TextLog
from sandbox.telemetry.lambda_metrics import FunctionMeter, RegionMeter


class Plan:
    """``meter_epoch`` tells a plan whose meters were forgotten with the metrics."""

    __slots__ = (
        "account_id",
        "flight",
        "log",
        "log_group",
        "meter",
        "meter_epoch",
        "region",
        "region_flight",
        "region_meter",
        "role",
        "timeout_s",
        "title",
        "version",
    )

    def __init__(
        self,
        target: Target,
        flight: Flight,
        region_flight: Flight,
        meter: FunctionMeter,
        region_meter: RegionMeter,
        meter_epoch: int,
    ) -> None:
        version = target.version
        self.version: FunctionVersion = version
        self.account_id = version.account_id
        self.region = version.region
        self.role = version.role
        self.log_group = version.log_group
        self.timeout_s = float(version.timeout_s)
        self.title = f"{version.name}:{target.qualifier}" if target.qualifier else version.name
        self.log: SystemLog = system_log(version)
        self.flight = flight
        self.region_flight = region_flight
        self.meter = meter
        self.region_meter = region_meter
        self.meter_epoch = meter_epoch


def system_log(version: FunctionVersion) -> SystemLog:
    return JsonLog(version) if version.logging.log_format == "JSON" else TextLog(version)
