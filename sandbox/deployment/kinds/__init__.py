"""The resource types, one file per service; importing this room declares them all."""

from sandbox.deployment.kinds import (
    custom,
    events,
    iam,
    lambda_,
    logs,
    metrics,
    queues,
    rollout,
    s3,
    secrets,
    state_machines,
    streams,
    tables,
    topics,
)

__all__ = [
    "custom",
    "events",
    "iam",
    "lambda_",
    "logs",
    "metrics",
    "queues",
    "rollout",
    "s3",
    "secrets",
    "state_machines",
    "streams",
    "tables",
    "topics",
]
