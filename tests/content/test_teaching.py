"""The plans for teaching add up, and give each lab the time it takes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+):(\d\d) \| (\d+) \| (.*) \|$", re.MULTILINE)
TEXT = (ROOT / "book/practice/teaching.md").read_text()


def blocks(heading: str) -> list[tuple[int, int, str]]:
    """(minute at which it begins, minutes, the rest of the row) of each block of a plan."""
    plan = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [(int(h) * 60 + int(m), int(minutes), rest) for h, m, minutes, rest in ROW.findall(plan)]


@pytest.mark.parametrize(("heading", "minutes"), [("Two hours", 120), ("A day", 480)])
def test_each_block_begins_when_the_one_before_ends(heading: str, minutes: int) -> None:
    plan = blocks(heading)
    assert [begin + length for begin, length, _ in plan[:-1]] == [begin for begin, _, _ in plan[1:]]
    assert sum(length for _, length, _ in plan) == minutes


def test_a_lab_in_the_plan_of_a_day_gets_the_minutes_it_takes() -> None:
    labs = {slug: length for _, length, row in blocks("A day") for slug in re.findall(r"\.\./labs/([\w-]+)\.md", row)}
    assert len(labs) == 3
    takes = {slug: tomllib.loads((ROOT / "labs" / slug / "lab.toml").read_text())["minutes"] for slug in labs}
    assert labs == takes


def test_the_sections_that_a_plan_names_are_on_their_pages() -> None:
    named = {words for _, _, row in blocks("Two hours") for words in re.findall(r'"([^"]+)"', row)}
    heads = {
        line.lstrip("# ")
        for page in (ROOT / "book").glob("*/*.md")
        for line in page.read_text().splitlines()
        if line.startswith("#")
    }
    assert named
    assert named <= heads
