"""Whose account is this, and is it AWS at all? Asked of AWS once for every key that makes clients."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit

from courseware.errors import LearnerError

TEST_ENDPOINT = "COURSE_AWS_TEST_ENDPOINT"
_AWS = re.compile(r"https://([a-z0-9-]+\.)*(amazonaws\.com|amazonaws\.com\.cn|api\.aws)(:443)?/?")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def test_endpoint() -> str:
    """An account on this machine that stands in for AWS in tests; it has to be on the allow-list like any other."""
    url = os.environ.get(TEST_ENDPOINT, "")
    if url and urlsplit(url).hostname not in _LOOPBACK:
        raise LearnerError(f"{TEST_ENDPOINT} is {url}; it is for tests and takes addresses on this machine only")
    return url


def refuse_strange_endpoint(url: str) -> None:
    """Every client goes to AWS, or every client to the test endpoint: an answer about whose account it is must not come from
    another place than the calls go to."""
    wanted = test_endpoint()
    if wanted and url.rstrip("/") != wanted.rstrip("/"):
        raise LearnerError(f"a client would talk to {url}, not to {wanted}, which {TEST_ENDPOINT} names; unset one of them")
    if not wanted and not _AWS.fullmatch(url):
        raise LearnerError(
            f"a client would talk to {url}, which is not AWS; unset AWS_ENDPOINT_URL (and AWS_ENDPOINT_URL_…), or leave out "
            "--on aws to work on a local account"
        )
