"""``docs/attacks.md`` and the tests are one list: no claim without a test, no attack that is not told."""

from __future__ import annotations

import re
from pathlib import Path

from autograder.isolate import BACKENDS

HERE = Path(__file__)
TESTS = HERE.parents[1]
MATRIX = TESTS.parent / "docs" / "attacks.md"
_DEFINED = re.compile(r"^def (test_\w+)\(", re.MULTILINE)


def rows():
    """The cells of every row of the page's tables that tells an attack."""
    lines = [line for line in MATRIX.read_text("utf-8").splitlines() if line.startswith("| ") and "`test_" in line]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


def named():
    return [name for row in rows() for name in re.findall(r"`(test_\w+)`", row[-1])]


def test_every_attack_of_the_suite_is_told():
    defined = {
        name for path in HERE.parent.glob("test_*.py") if path != HERE for name in _DEFINED.findall(path.read_text("utf-8"))
    }
    assert len(defined) > 60
    assert defined - set(named()) == set()


def test_every_claim_has_a_test():
    defined = {name for path in TESTS.rglob("test_*.py") for name in _DEFINED.findall(path.read_text("utf-8"))}
    assert set(named()) - defined == set()
    assert len(named()) == len(set(named()))


def test_every_row_says_what_stock_nbgrader_does_and_where_each_backend_is_weaker():
    text = MATRIX.read_text("utf-8")
    assert all(len(row) == 4 and all(row) for row in rows())
    for backend in BACKENDS:
        assert f"**{backend}**" in text
