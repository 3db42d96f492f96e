"""Tests use a learner's folder and an AWS environment of their own, never those of the person who runs them.

With several processes they are handed out as ``places.py`` says.
"""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Generator

import pytest

from tests.places import turn_of, unit_of
from tests.read_once import share_what_is_known
from tests.skips import count_skip_as_failure

_YOUNG_OBJECTS = 100_000
_FOLDER = tempfile.TemporaryDirectory(prefix="course-tests-")
os.environ["COURSE_STATE"] = _FOLDER.name
for _name in [name for name in os.environ if name.startswith(("AWS_", "COURSE_CONTROL_"))]:
    del os.environ[_name]
share_what_is_known()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--where-time-goes", action="store_true", help="the processor time of the dearest files, at the end")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("where_time_goes", default=False):
        from tests.expense import Expense  # not in the page's interpreter, which has no ctypes

        config.pluginmanager.register(Expense(config))


@pytest.hookimpl(optionalhook=True)  # the page's interpreter has no xdist
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


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Modules and collected tests stay until the end, and looking at them took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 50)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return count_skip_as_failure((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return count_skip_as_failure((yield))
