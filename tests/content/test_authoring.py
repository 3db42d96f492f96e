"""The course's own content keeps the editorial rules. What is not written yet is no mistake of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.author.check_content import RULES, check_content

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("rule", RULES)
def test_the_content_keeps_the_rule(rule):
    assert [str(finding) for finding in check_content(ROOT, [rule]) if not finding.gap] == []
