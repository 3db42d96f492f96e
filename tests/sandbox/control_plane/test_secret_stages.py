"""GetSecretValue alone returns what AWSCURRENT is on, wherever the label was moved (Secrets Manager API reference)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from sandbox.account import inprocess_account

VERSIONS = tuple(f"{number}" * 8 + "-0000-4000-8000-000000000000" for number in (1, 2, 3))


@pytest.fixture(name="secrets", scope="module")
def client_of_this_file() -> Iterator[Any]:
    with inprocess_account(seed=1) as account:
        yield account.client("secretsmanager")


def rotate(secrets: Any, secret: str, old: str, new: str) -> None:
    """The two calls of a rotation function that touch the stages."""
    secrets.put_secret_value(SecretId=secret, ClientRequestToken=new, SecretString=new, VersionStages=["AWSPENDING"])
    secrets.update_secret_version_stage(SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=new, RemoveFromVersionId=old)


@pytest.mark.parametrize("by", ["name", "ARN"])
def test_a_rotated_secret_reads_as_its_new_value_each_time(secrets: Any, by: str) -> None:
    made = secrets.create_secret(Name=f"by-{by}", SecretString=VERSIONS[0], ClientRequestToken=VERSIONS[0])
    secret = made["Name"] if by == "name" else made["ARN"]
    for old, new in pairwise(VERSIONS):
        rotate(secrets, secret, old, new)
        assert secrets.get_secret_value(SecretId=secret)["SecretString"] == new
        assert secrets.get_secret_value(SecretId=secret, VersionStage="AWSPREVIOUS")["SecretString"] == old


def test_a_pending_version_is_read_by_its_stage_only_and_a_later_put_makes_the_moved_version_previous(secrets: Any) -> None:
    secrets.create_secret(Name="key", SecretString=VERSIONS[0], ClientRequestToken=VERSIONS[0])
    secrets.put_secret_value(SecretId="key", ClientRequestToken=VERSIONS[1], SecretString="next", VersionStages=["AWSPENDING"])
    assert secrets.get_secret_value(SecretId="key")["SecretString"] == VERSIONS[0]
    assert secrets.get_secret_value(SecretId="key", VersionStage="AWSPENDING")["SecretString"] == "next"
    secrets.update_secret_version_stage(
        SecretId="key", VersionStage="AWSCURRENT", MoveToVersionId=VERSIONS[1], RemoveFromVersionId=VERSIONS[0]
    )
    secrets.put_secret_value(SecretId="key", SecretString="by hand")
    assert secrets.get_secret_value(SecretId="key")["SecretString"] == "by hand"
    assert secrets.get_secret_value(SecretId="key", VersionStage="AWSPREVIOUS")["SecretString"] == "next"
