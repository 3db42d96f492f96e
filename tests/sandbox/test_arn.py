"""ARNs take apart and come together again."""

from __future__ import annotations

import pytest

from sandbox.arn import Arn, function_arn, role_arn


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:s3:::bucket/key:with:colons",
        "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST",
        "arn:aws-cn:iam::1:role/a/b",
    ],
)
def test_an_arn_survives_the_round_trip(text: str) -> None:
    assert str(Arn.parse(text)) == text


@pytest.mark.parametrize("text", ["", "arn:aws:s3", "function:f", "urn:aws:s3:::b"])
def test_what_is_no_arn_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an ARN"):
        Arn.parse(text)


def test_functions_and_roles_are_spelled_as_aws_does() -> None:
    assert function_arn("eu-west-1", "1", "f", "live") == "arn:aws:lambda:eu-west-1:1:function:f:live"
    assert role_arn("1", "r", "/team/") == "arn:aws:iam::1:role/team/r"
