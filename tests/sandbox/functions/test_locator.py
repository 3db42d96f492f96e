from __future__ import annotations

import pytest

from sandbox.errors import AwsError
from sandbox.functions.locator import is_alias, is_version, locate

ACCOUNT, REGION = "111122223333", "us-east-1"
ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:hello"


@pytest.mark.parametrize(
    ("text", "qualifier", "expected"),
    [
        ("hello", None, ""),
        ("hello:prod", None, "prod"),
        ("hello", "7", "7"),
        ("hello:prod", "prod", "prod"),
        (f"{ACCOUNT}:function:hello", None, ""),
        (f"{ACCOUNT}:hello:$LATEST", None, "$LATEST"),
        (ARN, None, ""),
        (f"{ARN}:12", None, "12"),
    ],
)
def test_every_spelling_names_the_same_function(text, qualifier, expected):
    where = locate(text, qualifier, ACCOUNT, REGION)
    assert (where.arn, where.qualifier) == (ARN, expected)


def test_an_arn_of_another_account_is_looked_for_there():
    assert locate("444455556666:function:hello", None, ACCOUNT, REGION).account_id == "444455556666"


def test_an_arn_of_another_region_is_out_of_reach():
    with pytest.raises(AwsError, match=r"Functions from 'eu-west-1' are not reachable in this region \('us-east-1'\)"):
        locate(ARN.replace(REGION, "eu-west-1"), None, ACCOUNT, REGION)


def test_a_qualifier_must_not_contradict_the_name():
    with pytest.raises(AwsError, match="derived qualifier from the function name does not match"):
        locate("hello:1", "2", ACCOUNT, REGION)


@pytest.mark.parametrize("text", ["he llo", "", "a:b:c:d", "arn:aws:s3:::bucket", "hello:"])
def test_what_names_no_function_is_a_validation_error(text):
    with pytest.raises(AwsError) as caught:
        locate(text, None, ACCOUNT, REGION)
    assert caught.value.code == "ValidationException"


def test_numbers_are_versions_and_everything_else_with_a_letter_is_an_alias():
    assert is_version("12")
    assert is_alias("v12")
    assert not is_alias("12")
    assert not is_version("$LATEST")
    assert not is_alias("$LATEST")


def test_the_unqualified_arn_reads_latest_only_where_aws_says_so():
    where = locate("hello", None, ACCOUNT, REGION)
    assert where.arn_as_asked == ARN
    assert where.qualified_arn == f"{ARN}:$LATEST"
