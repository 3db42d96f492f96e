"""AWS managed policies: the course's own table at once, the rest from moto's data when somebody asks for one.

The table (``managed_policies.json``, taken from moto's copy of AWS's data) is what a page may carry; the full data may be
absent from a browser bundle, and then a policy outside the table does not exist.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import import_module, resources
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

PREFIX = "arn:aws:iam::aws:policy"


@cache
def documents() -> dict[str, dict[str, Any]]:
    """Name to ``Path``, ``Document``, ``DefaultVersionId`` and dates: the policies that are always there."""
    text = resources.files("sandbox.control_plane").joinpath("managed_policies.json").read_text("utf-8")
    rows: dict[str, dict[str, Any]] = json.loads(text)
    return rows


def remaining() -> dict[str, dict[str, Any]]:
    """Every other policy of moto's data; 4.7 MB of JSON, so it is parsed on demand and not kept."""
    path = Path(import_module("moto.iam").__path__[0]) / "aws_managed_policies.py"
    if not path.exists():
        return {}
    spec = spec_from_file_location("moto_iam_all_managed_policies", path)
    if spec is None or spec.loader is None:
        return {}
    module = module_from_spec(spec)  # not the one in sys.modules, which a seam keeps empty
    spec.loader.exec_module(module)
    rows: dict[str, dict[str, Any]] = json.loads(module.aws_managed_policies_data)
    return {name: row for name, row in rows.items() if name not in documents()}


def complete(iam_backend: Any, policy_arn: str = "") -> None:
    """Make one policy by ARN (or, without one, all of them) known to moto's IAM backend if AWS has it."""
    if policy_arn and (policy_arn in iam_backend.managed_policies or not policy_arn.startswith(PREFIX)):
        return
    make = import_module("moto.iam.models").AWSManagedPolicy.from_data
    for name, row in remaining().items():
        arn = f"{PREFIX}{row['Path']}{name}"
        if arn not in iam_backend.managed_policies and policy_arn in ("", arn):
            policy = make(name, iam_backend.account_id, iam_backend.region_name, row)
            iam_backend.managed_policies[arn] = policy
            iam_backend.aws_managed_policies.append(policy)
