"""Dynamic references: ``{{resolve:ssm:name}}`` and ``{{resolve:secretsmanager:id:SecretString:key}}``."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.deployment.kind import Api, ResourceError, Steps

_REFERENCE = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}")


def resolve_dynamic(value: Any) -> Steps:
    """A copy with every reference looked up, as whoever deploys."""
    if isinstance(value, dict):
        found = {}
        for key, one in value.items():
            found[key] = yield from resolve_dynamic(one)
        return found
    if isinstance(value, list):
        rows = []
        for one in value:
            rows += [(yield from resolve_dynamic(one))]
        return rows
    if not isinstance(value, str) or "{{resolve:" not in value:
        return value
    text = value
    for match in _REFERENCE.finditer(value):
        text = text.replace(match[0], (yield from _look_up(match[1], match[2])))
    return text


def _look_up(service: str, rest: str) -> Steps:
    if service != "secretsmanager":
        name = rest if not re.search(r":\d+$", rest) else rest.rsplit(":", 1)[0]
        answer = yield Api(
            "ssm", "GetParameter", {"Name": rest if rest != name else name, "WithDecryption": service == "ssm-secure"}
        )
        return str(answer["Parameter"]["Value"])
    pieces = rest.split(":SecretString:", 1)
    secret = pieces[0].removesuffix(":SecretString")
    answer = yield Api("secretsmanager", "GetSecretValue", {"SecretId": secret})
    text = str(answer["SecretString"])
    key = pieces[1].split(":")[0] if len(pieces) > 1 else ""
    if not key:
        return text
    try:
        return str(json.loads(text)[key])
    except (ValueError, KeyError, TypeError) as error:
        raise ResourceError(f"Could not find a value associated with JSONKey in SecretString: {key}") from error
