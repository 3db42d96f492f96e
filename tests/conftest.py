"""Tests use a learner's folder and an AWS environment of their own, never those of the person who runs them.

With several processes a file stays in one, for the sake of its fixtures, and slow places come first, so that the end is made of
small pieces. In the files named here the tests share little and take long: each goes to whichever process is free.
"""

from __future__ import annotations

import os
import tempfile

import pytest

_FOLDER = tempfile.TemporaryDirectory(prefix="course-tests-")
os.environ["COURSE_STATE"] = _FOLDER.name
for _name in [name for name in os.environ if name.startswith(("AWS_", "COURSE_CONTROL_"))]:
    del os.environ[_name]

SPREAD = (
    "tests/browser/test_labs_in_page.py",
    "tests/content/test_assessments.py",
    "tests/content/test_labs.py",
    "tests/content/test_labs_on_aws.py",
)
SLOW_FIRST = (
    "tests/content/test_labs_on_ministack.py",
    "tests/content/",
    "tests/browser/",
    "tests/attacks/",
    "tests/simulation/",
)


def unit_of(nodeid: str) -> str:
    """What is handed to one process as a whole."""
    file = nodeid.partition("::")[0]
    return nodeid if file in SPREAD else file


def turn_of(nodeid: str) -> int:
    return next((turn for turn, place in enumerate(SLOW_FIRST) if nodeid.startswith(place)), len(SLOW_FIRST))


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadScopeScheduling  # only where tests run in several processes

    class ByPlace(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

    config.option.loadscopereorder = False  # by the number of tests, the longest would come last
    return ByPlace(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: turn_of(item.nodeid))
