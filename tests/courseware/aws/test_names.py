"""Names stand alone or are left alone, both ways."""

from __future__ import annotations

import pytest

from courseware.aws.names import Names

PREFIX = "course-ada-tea-shop--"


@pytest.fixture
def names() -> Names:
    return Names(PREFIX, ["teapot", "teapot-role", "leaves-111122223333", "/shop/table"])


@pytest.mark.parametrize(
    ("text", "outward"),
    [
        ("teapot", f"{PREFIX}teapot"),
        ("/aws/lambda/teapot", f"/aws/lambda/{PREFIX}teapot"),
        (
            "arn:aws:lambda:us-east-1:111122223333:function:teapot:live",
            f"arn:aws:lambda:us-east-1:111122223333:function:{PREFIX}teapot:live",
        ),
        ('{"Resource": "arn:aws:s3:::leaves-111122223333/*"}', f'{{"Resource": "arn:aws:s3:::{PREFIX}leaves-111122223333/*"}}'),
        (
            "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/teapot*",
            f"arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/{PREFIX}teapot*",
        ),
        ("teapot-role", f"{PREFIX}teapot-role"),
        ("teapot.fifo", f"{PREFIX}teapot.fifo"),
        ("/shop/table", f"/{PREFIX}shop/table"),
        # A secret's ARN has six more characters, and a policy may stand for them with as many question marks.
        ("arn:aws:secretsmanager:r:1:secret:teapot-Ab12Cd", f"arn:aws:secretsmanager:r:1:secret:{PREFIX}teapot-Ab12Cd"),
        ("arn:aws:secretsmanager:r:1:secret:teapot-??????", f"arn:aws:secretsmanager:r:1:secret:{PREFIX}teapot-??????"),
        ("arn:aws:secretsmanager:r:1:secret:teapot-Ab12CdE", "arn:aws:secretsmanager:r:1:secret:teapot-Ab12CdE"),
        ("arn:aws:sqs:us-east-1:1:teapot-Ab12Cd", "arn:aws:sqs:us-east-1:1:teapot-Ab12Cd"),
        ("teapots", "teapots"),
        ("my-teapot", "my-teapot"),
        ("teapot-2", "teapot-2"),
    ],
)
def test_a_name_that_stands_alone_gets_the_prefix_once(names: Names, text: str, outward: str) -> None:
    assert names.outward(text) == outward
    assert names.outward(outward) == outward
    assert names.inward(outward) == text


def test_what_is_created_gets_the_prefix_though_no_lab_names_it(names: Names) -> None:
    assert names.real("kettle") == f"{PREFIX}kettle"
    assert names.real("/shop/price") == f"/{PREFIX}shop/price"
    assert names.real("/aws/lambda/teapot") == f"/aws/lambda/{PREFIX}teapot"
    assert names.real(f"{PREFIX}kettle") == f"{PREFIX}kettle"
    assert names.outward("kettle") == "kettle"
    names.learn(["kettle"])
    assert names.outward("arn:aws:sqs:us-east-1:111122223333:kettle") == f"arn:aws:sqs:us-east-1:111122223333:{PREFIX}kettle"


def test_names_that_would_be_too_long_are_known_before_anything_is_made(names: Names) -> None:
    assert names.long(len(PREFIX) + 11) == [f"{PREFIX}leaves-111122223333"]


def test_an_empty_list_of_names_changes_nothing() -> None:
    assert Names(PREFIX).outward("anything at all") == "anything at all"


def test_a_longer_name_that_aws_made_of_a_given_one_finds_its_way_back(names: Names) -> None:
    """A secret's ARN ends in six characters of AWS's own (Secrets Manager user guide, "Secret ARN")."""
    arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:{}teapot-key-AbC123"
    assert names.outward(arn.format("")) == arn.format("")
    assert names.inward(arn.format(PREFIX)) == arn.format("")
    assert names.outward(arn.format("")) == arn.format(PREFIX)
