"""Only an API of the account is called, whatever a submission says its id is."""

from __future__ import annotations

from typing import Any, cast

import pytest

from autograder.probes.http_api import Answer, call_api

NO_ACCOUNT = cast(Any, None)  # asking it would be an AttributeError


@pytest.mark.parametrize("api", ["", "../control", "x@198.51.100.7", "a/b", "A" * 10, "a" * 33])
def test_an_id_that_is_none_is_not_called(api: str) -> None:
    assert call_api(NO_ACCOUNT, api, "GET", "/") == Answer(0, "")
