# Runs pytest inside Pyodide over the account's own tests (see test_pyodide_suite.py); arguments are pytest's own.
# ruff: noqa: E402
import importlib.abc
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from unittest.mock import MagicMock

sys.dont_write_bytecode = True
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

from sandbox.control_plane import browser_stubs

browser_stubs.install()  # before the environment's compiled packages can be seen
sys.path.append("/packages")

import pytest


class PropertyTests(ModuleType):
    """Hypothesis has a compiled core; here its tests are counted and passed over, the others of their files run."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock()

    @staticmethod
    def given(*_args, **_kwargs):
        def replace(test):
            def property_test():
                pytest.skip("hypothesis is compiled")

            property_test.__name__ = test.__name__
            return property_test

        return replace

    @staticmethod
    def settings(*_args, **_kwargs):
        return lambda test: test

    example = settings


hypothesis = PropertyTests("hypothesis")
hypothesis.__path__ = []
sys.modules.update({"hypothesis": hypothesis, "hypothesis.strategies": MagicMock(), "hypothesis.stateful": MagicMock()})


class Sockets(importlib.abc.MetaPathFinder):
    """A test that imports the socket edge, however indirectly, is one that a page cannot run: counted, with the reason."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "httptools":
            pytest.skip("sockets and child processes", allow_module_level=True)


sys.meta_path.insert(0, Sockets())


class Count:
    def __init__(self):
        self.outcomes = {}
        self.failed = []

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.outcome] = self.outcomes.get(report.outcome, 0) + 1
            if report.outcome == "failed":
                self.failed.append(report.nodeid)

    def pytest_collectreport(self, report):
        if report.outcome == "failed":
            self.failed.append(report.nodeid)


Path("/home/learner/pytest.ini").write_text(
    "[pytest]\naddopts = --import-mode=importlib -ra\nfilterwarnings = error\nxfail_strict = true\n", encoding="utf-8"
)
os.chdir("/repo")
count = Count()
options = [
    "-c",
    "/home/learner/pytest.ini",
    "--rootdir=/repo",
    "-q",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:faulthandler",
    "--no-header",
    "--tb=short",
]
code = pytest.main([*options, *sys.argv[1:]], plugins=[count])
print("OUTCOME " + json.dumps({"code": int(code), **count.outcomes, "failed_tests": count.failed}))
