"""A lab's code types some figures that AWS sets, where no role can stand: they are those of the facts file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.facts import limits

LABS = Path(__file__).parents[2] / "labs"
AS_THE_ACCOUNT = ("api_requests_per_s.value", "api_burst.value")
PRICES = {
    "request": "price_request_usd",
    "gb_s": "price_x86_gb_s_usd",
    "ready_gb_s": "price_provisioned_x86_gb_s_usd",
    "vcpu_h": "price_fargate_vcpu_h_usd",
    "gb_h": "price_fargate_gb_h_usd",
}


@pytest.mark.parametrize(
    ("file", "code", "figures"),
    [
        *(("cold-starts/lab.md", f'    "{key}": {{}},\n', (f"{name}.value",)) for key, name in PRICES.items()),
        ("cold-starts/solution/decide.py", 'load["longest_s"] <= {}\n', ("timeout_s.max",)),
        ("cold-starts/lab.toml", 'load[\\"longest_s\\"] <= {};', ("timeout_s.max",)),
        ("api-gateway-crud/solution/throttle.py", '"ThrottlingRateLimit": {}, "ThrottlingBurstLimit": {}}}', AS_THE_ACCOUNT),
        ("api-gateway-crud/lab.toml", '\\"ThrottlingRateLimit\\": {}, \\"ThrottlingBurstLimit\\": {}}}.', AS_THE_ACCOUNT),
        ("sqs-partial-batch/lab.md", 'MessageRetentionPeriod="{}"', ("queue_retention_s.max",)),
        ("sqs-partial-batch/solution/dead_letters.py", 'MessageRetentionPeriod="{}"', ("queue_retention_s.max",)),
        ("sam-deploy/lab.toml", "MessageRetentionPeriod: {},", ("queue_retention_s.max",)),
        ("sam-deploy/solution/failure.py", '"{}")', ("queue_retention_s.max",)),
    ],
)
def test_a_figure_of_aws_in_code_is_that_of_the_facts(file, code, figures):
    assert code.format(*map(_as_code, figures)) in (LABS / file).read_text("utf-8")


def _as_code(name_and_part):
    name, part = name_and_part.split(".")
    number = getattr(limits()[name], part)
    return f"{number:.10f}".rstrip("0") if isinstance(number, float) else str(number)
