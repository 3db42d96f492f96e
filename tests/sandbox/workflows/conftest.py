"""The account of the tests of state machines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.delivery.stage import Stage
from tests.sandbox.workflows.machines import workflow_stage


@pytest.fixture
def at() -> Iterator[Stage]:
    with workflow_stage() as made:
        yield made
