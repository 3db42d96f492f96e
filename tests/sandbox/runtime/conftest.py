from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest


def _laboratory_module():
    """Tests are no packages (``--import-mode=importlib``), so the module beside them is loaded by its path, once."""
    name = "runtime_laboratory"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("laboratory.py"))
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


Laboratory = _laboratory_module().Laboratory


KINDS = ["inline"] if sys.platform == "emscripten" else ["process", "paths", "inline"]


@pytest.fixture(scope="session", params=KINDS)
def any_lab(request, tmp_path_factory):
    """Every kind of runtime: what is tested with it must be the same on all."""
    laboratory = Laboratory(request.param, tmp_path_factory.mktemp(request.param))
    yield laboratory
    laboratory.close()


@pytest.fixture(scope="session", params=["process", "paths"])
def process_lab(request, tmp_path_factory):
    laboratory = Laboratory(request.param, tmp_path_factory.mktemp(request.param))
    yield laboratory
    laboratory.close()


@pytest.fixture
def inline_lab(tmp_path):
    """With virtual time."""
    laboratory = Laboratory("inline", tmp_path, virtual=True)
    yield laboratory
    laboratory.close()


@pytest.fixture(scope="session")
def runtime_laboratory():
    """The class, for a test that makes its own."""
    return Laboratory
