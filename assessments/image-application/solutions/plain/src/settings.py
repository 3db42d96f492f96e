"""What the environment says, read once at init: what is missing or malformed ends the init and is named."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    incoming_prefix: str
    thumbnail_prefix: str
    preview_prefix: str
    thumbnail_side: int
    preview_side: int
    bytes_max: int
    pixels_max: int
    metric_namespace: str
    result_bucket: str
    topic_arn: str
    failure_queue_url: str
    claims_table: str

    @classmethod
    def from_environment(cls):
        return cls(**{name: _read(name.upper(), kind) for name, kind in cls.__annotations__.items()})


def _read(name, kind):
    value = os.environ.get(name, "")
    if not value:
        raise RuntimeError(f"the environment variable {name} is missing")
    if kind is int:
        if not value.isdecimal() or int(value) == 0:
            raise RuntimeError(f"the environment variable {name} must be a whole number above zero, not {value!r}")
        return int(value)
    if name == "TOPIC_ARN" and not value.startswith("arn:"):
        raise RuntimeError(f"the environment variable {name} must be an ARN, not {value!r}")
    if name == "FAILURE_QUEUE_URL" and not value.startswith("http"):
        raise RuntimeError(f"the environment variable {name} must be a URL, not {value!r}")
    return value
