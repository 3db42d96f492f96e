"""On a developer's machine a test may be skipped for want of a tool; where the work is judged, that is a failure."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

Report = pytest.TestReport | pytest.CollectReport


def count_skip_as_failure(report: Report, environment: Mapping[str, str] = os.environ) -> Report:
    """``report`` itself, failed instead of skipped when the environment says ``CI=true``."""
    if report.skipped and environment.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, which proves nothing, and CI=true asks for proof: {report.longrepr}"
    return report
