"""What the code of a submission wrote into its logs, as people and programs would read it: lines, JSON objects, levels, types."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from autograder.evidence import Evidence
from autograder.scene import Scene

_PLATFORM = re.compile(r"^(START|END|REPORT|INIT_START|INIT_REPORT|XRAY|EXTENSION|TELEMETRY)\b")
_LEVELS = ("level", "severity", "levelname", "log_level", "loglevel")

Line = tuple[str, dict[str, Any] | None]
"""The text of a line, and the JSON object it is; None when it is none."""


def log_group(scene: Scene, function: str) -> str:
    """Where this function logs."""
    configuration = scene.clients("lambda").get_function_configuration(FunctionName=function)
    return str(configuration.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{function}")


def retention_days(scene: Scene, function: str) -> int | None:
    """How long the function's log group keeps its lines: None for ever, 0 when there is no log group."""
    group = log_group(scene, function)
    found = scene.clients("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    exact = [row for row in found if row["logGroupName"] == group]
    return exact[0].get("retentionInDays") if exact else 0


def own_lines(evidence: Evidence, *windows: str) -> list[Line]:
    """Each line the code wrote in these windows; what Lambda writes by itself is left out."""
    found: list[Line] = []
    for window in windows:
        for line in evidence.during(window, evidence.lines):
            text = line.text.strip()
            parsed = document(text)
            platform = parsed is not None and str(parsed.get("type", "")).startswith("platform.")
            if text and not platform and not _PLATFORM.match(text):
                found.append((text, parsed))
    return found


def errors(lines: list[Line]) -> list[dict[str, Any]]:
    """Those of the lines that are JSON objects of level ERROR or above."""
    return [found for _, found in lines if found is not None and _level(found) in ("ERROR", "CRITICAL", "FATAL")]


def document(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def texts_in(found: Mapping[str, Any]) -> list[str]:
    """Every text in a JSON object, however deep."""
    waiting: list[Any] = [found]
    texts: list[str] = []
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            texts.append(one)
        elif isinstance(one, dict | list):
            waiting += one.values() if isinstance(one, dict) else one
    return texts


def mentions(found: Mapping[str, Any], text: str) -> bool:
    return any(text in one for one in texts_in(found))


def names_exception(found: Mapping[str, Any]) -> bool:
    """A member whose name speaks of an error or a type holds a class's name, or a traceback ends in one."""
    for name, value in found.items():
        if not isinstance(value, str):
            continue
        speaks = any(word in name.lower() for word in ("exception", "error", "type", "exc"))
        if speaks and re.fullmatch(r"([\w]+\.)*[A-Z]\w+", value):
            return True
        if "Traceback (most recent call last)" in value and re.search(r"\n([\w]+\.)*[A-Z]\w+(:|$)", value):
            return True
    return False


def _level(found: Mapping[str, Any]) -> str:
    return next((str(found[name]).upper() for name in _LEVELS if name in found), "")
