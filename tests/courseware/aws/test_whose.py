"""Which addresses are AWS, and how far the setting for tests goes."""

from __future__ import annotations

import pytest

from courseware.aws.whose import TEST_ENDPOINT, refuse_strange_endpoint
from courseware.errors import LearnerError

LOCAL = "http://127.0.0.1:4566"


@pytest.mark.parametrize(
    "url",
    [
        "https://lambda.us-east-1.amazonaws.com",
        "https://iam.amazonaws.com",
        "https://sqs.cn-north-1.amazonaws.com.cn/",
        "https://lambda.us-east-1.api.aws",
    ],
)
def test_aws_is_aws(url: str) -> None:
    refuse_strange_endpoint(url)


@pytest.mark.parametrize(
    "url",
    [LOCAL, "http://lambda.us-east-1.amazonaws.com", "https://amazonaws.com.example.org", "https://evil-amazonaws.com", ""],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(LearnerError, match="is not AWS; unset AWS_ENDPOINT_URL"):
        refuse_strange_endpoint(url)


def test_the_setting_for_tests_takes_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TEST_ENDPOINT, "https://example.org")
    with pytest.raises(LearnerError, match="addresses on this machine only"):
        refuse_strange_endpoint("https://example.org")


def test_with_it_every_client_has_to_go_there_even_those_that_would_go_to_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TEST_ENDPOINT, LOCAL)
    refuse_strange_endpoint(LOCAL + "/")
    with pytest.raises(LearnerError, match="would talk to https://lambda"):
        refuse_strange_endpoint("https://lambda.us-east-1.amazonaws.com")
