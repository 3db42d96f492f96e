"""Entry of a child: ``python -I -S sandbox/worker <configuration as JSON>``.

The folder is loaded as the package ``lambda_worker`` so that its module names never meet a learner's.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path


def _load() -> None:
    here = Path(__file__).resolve().parent
    spec = importlib.util.spec_from_file_location("lambda_worker", here / "__init__.py", submodule_search_locations=[str(here)])
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules["lambda_worker"] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    if sys.path and Path(sys.path[0]).resolve() == Path(__file__).resolve().parent:
        del sys.path[0]
    _load()
    importlib.import_module("lambda_worker.entry").main(sys.argv[1])
