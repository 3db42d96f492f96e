"""Whom of other accounts a resource's own policy lets in: everybody it names is asked, and strangers."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.probes.invocation import Guarded
from autograder.probes.outsiders import outsiders
from sandbox.iam.principal import NamedPolicy

ACCOUNT, PARTNER = "123456789012", "444455556666"
BUCKET, KEY = "arn:aws:s3:::receipts", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k"
ROOT = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}


def asked(kind: str, arn: str, *rows: dict[str, Any]) -> list[str]:
    policy = NamedPolicy("p", {"Version": "2012-10-17", "Statement": list(rows)})
    return outsiders(Guarded(kind, arn, policy), ACCOUNT, ("slips/a.json",))


@pytest.mark.parametrize(
    ("principal", "who"),
    [
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/worker"}, []),
        ({"Service": "delivery.logs.amazonaws.com"}, []),
        ({"AWS": f"arn:aws:iam::{PARTNER}:root"}, [f"the account {PARTNER} (s3:GetObject)"]),
        ({"AWS": PARTNER}, [f"the account {PARTNER} (s3:GetObject)"]),
        ({"AWS": f"arn:aws:iam::{PARTNER}:role/portal"}, [f"the account {PARTNER} (s3:GetObject)"]),
        ({"AWS": f"arn:aws:iam::{PARTNER}:user/eve"}, [f"the account {PARTNER} (s3:GetObject)"]),
        ("*", ["anybody without signing (s3:GetObject)", "any other account (s3:GetObject)"]),
    ],
    ids=str,
)
def test_everybody_a_bucket_names_outside_of_the_account_is_told(principal: Any, who: list[str]) -> None:
    row = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": f"{BUCKET}/slips/*"}
    assert asked("s3", BUCKET, row) == who


def test_a_deny_and_other_keys_let_nobody_in() -> None:
    refused = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"{BUCKET}/*"}
    elsewhere = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{BUCKET}/public/*"}
    assert asked("s3", BUCKET, refused, elsewhere | {"Resource": f"{BUCKET}/*"}) == []
    assert asked("s3", BUCKET, elsewhere) == []


def test_a_key_of_the_account_alone_serves_nobody_else_until_its_policy_says_so() -> None:
    provider = {"Effect": "Allow", "Principal": {"AWS": PARTNER}, "Action": "kms:Decrypt", "Resource": "*"}
    assert asked("kms", KEY, ROOT) == []
    assert asked("kms", KEY, ROOT, provider) == [f"the account {PARTNER} (kms:Decrypt)"]


def test_a_condition_that_everybody_fulfils_keeps_nobody_out() -> None:
    anywhere = {"Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}}
    row = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{BUCKET}/*", **anywhere}
    assert len(asked("s3", BUCKET, row)) == 2
