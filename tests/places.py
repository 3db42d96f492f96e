"""How tests are handed to several processes: a file stays in one, for the sake of its fixtures, but for the files named here."""

from __future__ import annotations

SPREAD = (  # their tests share little and take long: each goes to whichever process is free
    "tests/browser/test_labs_in_page.py",
    "tests/content/test_assessments.py",
    "tests/content/test_labs.py",
    "tests/content/test_labs_on_aws.py",
)
SLOW_FIRST = (  # so that the end is made of small pieces; first the files that take minutes and stay in one piece
    "tests/content/test_labs_in_notebooks.py",
    "tests/content/test_labs_on_ministack.py",
    "tests/browser/test_pyodide_suite.py",
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
