"""The resource types, one file per service; importing this room declares them all."""

from sandbox.deployment.kinds import (  # noqa: F401  # importing declares the resource types
    api_gateway,
    api_gateway_v2,
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
    signing,
    state_machines,
    streams,
    tables,
    topics,
)
