"""Evidence taken once the scenarios are over: objects, messages, logs, recorded calls. It looks and changes nothing.

A stack may forbid the grader to look, by a policy of a bucket or queue; that is written down, and what else there is is seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from autograder.evidence import LogLine
from autograder.probes.log_records import log_group
from autograder.scene import Scene

OBJECTS_MAX = 200
OBJECT_BYTES_MAX = 8_000_000
OBJECTS_BYTES_MAX = 64_000_000
LINES_MAX = 10_000
CALLS_MAX = 10_000


def observe(scene: Scene) -> None:
    """Fills ``scene.evidence``."""
    evidence = scene.evidence
    looks: tuple[Callable[[], object], ...] = (
        lambda: evidence.notifications.extend(scene.ears.heard("notifications")),
        lambda: evidence.alerts.extend(scene.ears.heard("alerts")),
        lambda: evidence.objects.update(_objects(scene)),
        lambda: evidence.lines.extend(_lines(scene)),
    )
    for look in looks:
        try:
            look()
        except (ClientError, ParamValidationError) as error:  # the second: an output that is no name of what it should be
            evidence.refused.append(f"evidence: {error}")
    evidence.calls += scene.account.control.calls(limit=CALLS_MAX)


def _objects(scene: Scene) -> dict[str, bytes]:
    s3, bucket = scene.clients("s3"), scene.stack.outputs.get("ResultBucketName", "")
    if not bucket or bucket == scene.traffic.bucket:
        prefixes = [f"{scene.variant[name]}/" for name in ("thumbnails", "previews") if name in scene.variant]
    else:
        prefixes = [""]
    found: dict[str, bytes] = {}
    for prefix in prefixes:
        for row in s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=OBJECTS_MAX).get("Contents", ()):
            most = min(OBJECT_BYTES_MAX, OBJECTS_BYTES_MAX - sum(map(len, found.values())))
            if row["Size"] and most > 0:
                answer = s3.get_object(Bucket=bucket, Key=row["Key"], Range=f"bytes=0-{most - 1}")
                found[row["Key"]] = answer["Body"].read()
            else:
                found[row["Key"]] = b""
    return found


def _lines(scene: Scene) -> list[LogLine]:
    lines: list[LogLine] = []
    groups = [log_group(scene, function) for function in scene.stack.physical("AWS::Lambda::Function")]
    for group in dict.fromkeys(groups):  # functions may share one
        lines += [LogLine(row["timestamp"] / 1000, group, row["message"].rstrip("\n")) for row in _events(scene, group)]
    return lines


def _events(scene: Scene, group: str) -> list[dict[str, Any]]:
    logs, asked = scene.clients("logs"), {"logGroupName": group}
    events: list[dict[str, Any]] = []
    try:
        while len(events) < LINES_MAX:
            answer = logs.filter_log_events(**asked)
            events += answer["events"]
            if "nextToken" not in answer:
                break
            asked["nextToken"] = answer["nextToken"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
    return events
