from __future__ import annotations

from autograder.marking.item_statistics import Item, Phase, items, phases
from autograder.report import CheckResult, CriterionResult, Report


def report(name: str, seconds: float = 1.0, **points: float) -> Report:
    checks = tuple(CheckResult(identity.replace("_", "-"), value, 4, "said") for identity, value in points.items())
    return Report("lab", name, "graded", (CriterionResult("function", checks),), seconds={"read": 0.5, "total": seconds})


def test_the_check_most_learners_lost_points_on_comes_first() -> None:
    found = items([report("a", easy=4, hard=0), report("b", easy=4, hard=2), report("c", easy=3, hard=4)])
    assert found == [Item("function", "hard", 3, 2, 1, 0.5), Item("function", "easy", 3, 1, 0, 0.9167)]


def test_a_failed_report_is_in_no_statistics() -> None:
    assert items([Report("lab", "a", "failed", reason="ours")]) == []


def test_phases_keep_their_order_and_tell_median_longest_and_sum() -> None:
    assert phases([report("a", 1), report("b", 5), report("c", 2)]) == [Phase("read", 0.5, 0.5, 1.5), Phase("total", 2, 5, 8)]
